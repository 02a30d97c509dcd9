// The reports of all examples that fail: plain data of the documented shape, masked, and small enough.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { explore, type Scenario } from '../../src/index.ts';
import { reportDocument, scenarioReport } from '../../src/report/build-document.ts';
import type { FailureReport, ScenarioReport } from '../../src/report/document.ts';
import { thrownBy } from '../report/thrown-by.ts';
import { root } from '../runner.ts';

const files = [
  'checkout/checkout',
  'checkout/programs',
  'job-queue/job-queue',
  'lease-lock/clock-steps',
  'lease-lock/pauses',
  'outbox/outbox',
  'replicated-register/replicated-register',
  'rolling-upgrade/rolling-upgrade',
  'wallet/wallet',
];

async function reportOf(file: string): Promise<ScenarioReport> {
  const url = pathToFileURL(join(root, 'examples', `${file}.sim.ts`)).href;
  const { default: scenario } = (await import(url)) as { default: Scenario };
  const came = await thrownBy(() => explore(scenario, { runs: 2_000 }));
  return scenarioReport({ scenario, came });
}

function refersToItself({ run, slice, neighbour, faults }: FailureReport): void {
  assert.ok(slice.length > 0 && slice.every((place) => run.trace[place] !== undefined));
  assert.deepEqual(
    slice,
    [...new Set(slice)].toSorted((left, right) => left - right),
  );
  assert.ok(faults.every(({ text, kind }) => text !== '' && kind !== ''));
  if (neighbour === undefined) return;
  const { difference, without } = neighbour;
  assert.equal(neighbour.run.verdict, 'ok');
  assert.equal(faults[without]?.without, 'it passes');
  assert.ok(difference !== undefined && difference.text.endsWith('.'));
  if (difference.failed !== undefined) assert.ok(run.trace[difference.failed] !== undefined);
  if (difference.passed !== undefined) assert.ok(neighbour.run.trace[difference.passed] !== undefined);
}

describe('the document of an example', () => {
  for (const file of files) {
    test(`${file}: plain, small, and whole`, async () => {
      const report = await reportOf(file);
      const { failure } = report;
      assert.ok(failure !== undefined && report.outcome === 'failed');
      assert.equal(report.file, `examples/${file}.sim.ts`);
      assert.ok((report.line ?? 0) > 1);
      const document = reportDocument([report], { wavetank: '0.0.0' });
      const json = JSON.stringify(document);
      assert.deepEqual(JSON.parse(json), document);
      assert.ok(Buffer.byteLength(json) < 1_600_000);
      assert.ok(!json.includes('[unreadable'));
      refersToItself(failure);
      assert.ok(failure.faults.every(({ without }) => without !== undefined));
      assert.ok(failure.faults.length === 0 || failure.neighbour !== undefined);
    });
  }
});
