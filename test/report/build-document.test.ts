// The report document, from what explorations and replays give back or throw.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import {
  explore,
  handler,
  replay,
  defineScenario,
  swarm,
  CheckFailure,
  type Exploration,
} from '../../src/index.ts';
import { reportDocument, scenarioReport } from '../../src/report/build-document.ts';
import { thrownBy } from './thrown-by.ts';

const options = {
  name: 'a till',
  tags: ['money'],
  hosts: {
    till: handler((host) => {
      let charges = 0;
      host.expose({ count: () => charges });
      return () => Response.json({ charges: ++charges }, { status: 201 });
    }),
  },
  async drive(world: Parameters<Parameters<typeof defineScenario>[0]['drive']>[0]) {
    await world.client('shopper', async (client) => {
      const pay = () => fetch('http://till/pay', { method: 'POST', signal: AbortSignal.timeout(1_000) });
      const first = await client.operation('pay', { cents: 5 }, pay);
      if (first.type === 'info') await client.operation('pay', { cents: 5 }, pay);
    });
  },
};
const atMostOnce = {
  'charged at most once': (world: Parameters<typeof options.drive>[0]) => {
    const { count } = (world.host('till').exports ?? {}) as { count?: () => number };
    return (count?.() ?? 0) <= 1;
  },
};
const broken = defineScenario({ ...options, faults: swarm({ drop: true }), always: atMostOnce });

describe('the report document', () => {
  test('has of a failure what it was, what remains of it, and the run', async () => {
    const came = await thrownBy(() => explore(broken, { seed: 2 }));
    assert.ok(came instanceof CheckFailure);
    const report = scenarioReport({ scenario: broken, came, seed: 2, elapsedMs: 12 });
    assert.equal(report.outcome, 'failed');
    assert.equal(report.seed, 2);
    assert.equal(report.runs, came.runs.explored);
    assert.equal(report.shrinkRuns, came.runs.shrinking);
    assert.equal(report.repeated, came.exploration?.repeated);
    assert.ok(report.steps > came.result.steps && report.elapsedMs === 12);
    assert.equal(report.file, 'test/report/build-document.test.ts');
    const source = readFileSync(import.meta.filename, 'utf8').split('\n');
    assert.match(source[(report.line ?? 0) - 1] ?? '', /^const broken = defineScenario/);
    const { failure } = report;
    assert.equal(failure?.name, 'charged at most once');
    assert.equal(failure.token, came.token);
    assert.deepEqual(
      failure.faults.map(({ kind, text }) => [kind, text]),
      [['drop', 'dropped message (till → shopper, response to POST /pay #1)']],
    );
    assert.deepEqual(failure.run.hosts, ['till']);
    assert.deepEqual(failure.run.clients, ['shopper']);
    assert.equal(failure.run.trace.length, came.result.trace?.length);
    assert.ok(came.message.includes(failure.story.join('\n')));
    const document = reportDocument([report], { wavetank: '1.2.3', node: '20.0.0' });
    assert.deepEqual(JSON.parse(JSON.stringify(document)), document);
  });

  test('has of a replay the seed of its run, and no exploration', async () => {
    const failure = await thrownBy(() => explore(broken, { seed: 2 }));
    const came = await thrownBy(() => replay(broken, (failure as CheckFailure).token));
    const report = scenarioReport({ scenario: broken, came });
    assert.equal(report.outcome, 'failed');
    assert.equal(report.seed, (failure as CheckFailure).result.seed);
    assert.equal(report.runs, 0);
    assert.equal(report.failure?.found, undefined);
  });

  test('has what passed, in numbers', async () => {
    const scenario = defineScenario(options);
    const report = scenarioReport({ scenario, came: await explore(scenario, { runs: 3, seed: 7 }) });
    const { outcome, runs, repeated, seed, elapsedMs, failure } = report;
    assert.deepEqual([outcome, runs, repeated, seed, elapsedMs, failure], ['passed', 3, 1, 7, 0, undefined]);
  });

  test('has how far a walk through all runs came, whatever it came to', async () => {
    for (const sometimes of [[], ['a refund']]) {
      const scenario = defineScenario({ ...options, sometimes });
      const exploring = explore(scenario, { strategy: 'exhaustive', exhaustive: { faults: 0 } });
      const came = (await exploring.catch((error: unknown) => error)) as Exploration;
      const { outcome, runs, extent } = scenarioReport({ scenario, came });
      assert.equal(outcome, sometimes.length === 0 ? 'passed' : 'vacuous');
      assert.deepEqual([extent?.isComplete, extent?.runs], [true, runs]);
      assert.match(extent?.text ?? '', /^complete within this bound: /);
      assert.match(extent?.bound ?? '', /^every order of events; no faults/);
    }
    const scenario = defineScenario(options);
    const drawn = scenarioReport({ scenario, came: await explore(scenario, { runs: 3 }) });
    assert.ok(!('extent' in drawn));
  });

  test('has what was interrupted, and how far it came', async () => {
    const scenario = defineScenario(options);
    const abort = new AbortController();
    const came = await explore(scenario, {
      runs: 50,
      signal: abort.signal,
      onProgress: ({ runs }) => runs === 4 && abort.abort(),
    });
    const report = scenarioReport({ scenario, came });
    assert.deepEqual([report.outcome, report.runs], ['interrupted', 4]);
  });

  test('has what proved nothing, why, and how far it came', async () => {
    const scenario = defineScenario({ ...options, sometimes: ['a refund'] });
    const came = await thrownBy(() => explore(scenario, { runs: 3, seed: 9 }));
    const report = scenarioReport({ scenario, came });
    assert.deepEqual([report.outcome, report.runs, report.seed], ['vacuous', 3, 9]);
    assert.match(report.message ?? '', /without ever reaching `a refund`/);
  });

  test('has a replay that went stale', async () => {
    const failure = (await thrownBy(() => explore(broken, { seed: 2 }))) as CheckFailure;
    const repaired = defineScenario({ ...options, drive: () => {} });
    const report = scenarioReport({
      scenario: repaired,
      came: await thrownBy(() => replay(repaired, failure.token)),
    });
    assert.equal(report.outcome, 'stale');
    assert.match(report.message ?? '', /struck nothing/);
  });

  test('is not made of what is no finding', () => {
    const mistake = new TypeError('a fault of our own');
    assert.throws(() => scenarioReport({ scenario: broken, came: mistake }), mistake);
  });
});
