// Shards from the command line: four processes make a part each, and the merged reports say what one
// exploration of everything says.

import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { ReportError } from '../../src/errors.ts';
import { UsageError } from '../../src/cli/exit-code.ts';
import { mergeCommand } from '../../src/cli/merge-command.ts';
import { packBlob } from '../../src/report/blob.ts';
import type { ReportDocument, ScenarioReport } from '../../src/report/document.ts';
import { readDocument } from '../../src/report/read-document.ts';
import { folderWith, run, wavetank, type Finished } from './command.ts';

/** One scenario that passes, and one whose runs fail in two ways. */
const SCENARIOS = `
import { defineScenario, handler, swarm } from ${JSON.stringify(wavetank)};
const scenario = (name, always) => defineScenario({
  name,
  hosts: { server: handler(() => () => new Response('hello')) },
  faults: swarm({ drop: true, crash: ['server'] }),
  async drive(world) {
    await world.client('guest', async (client) => {
      const ask = () => fetch('http://server/', { signal: AbortSignal.timeout(500) });
      for (let i = 0; i < 4; i++) await client.operation('ask', i, ask).catch(() => {});
    });
  },
  always,
});
const lostAt = (world) => world.history.findIndex(({ type }) => type === 'fail' || type === 'info');
export const calm = scenario('calm', {});
export const wild = scenario('wild', {
  'the first is answered': (world) => lostAt(world) !== 1,
  'the second is answered': (world) => lostAt(world) !== 3,
});`;

const EXPLORE = ['explore', '--runs', '210', '--seed', '7', '--workers', '0'];
/** What a part tells of its own failures is not what is looked at. */
const PART = [...EXPLORE, '--shrink', 'off'];
const MERGE = ['merge-reports', '.wavetank', '--reporter', 'json:merged.json,default'];
const partNames = [1, 2, 3, 4].map((index) => `report-${index}-of-4.blob`);

const folder = folderWith({ 'a.sim.ts': SCENARIOS });
const finished: Finished[] = [];

const documentIn = (file: string): ReportDocument => readDocument(readFileSync(join(folder, file)), file);

/** What is told of a scenario, but for how long it took and what making it took besides. */
function told(report: ScenarioReport | undefined): unknown {
  assert(report !== undefined);
  const { elapsedMs: _, part: __, statistics, ...rest } = report;
  // The history of earlier explorations is that of a machine.
  const { past: ___, ...figures } = (statistics ?? {}) as unknown as Record<string, unknown>;
  return { ...rest, statistics: figures };
}

/** Merges in this process. */
async function merging(...files: readonly string[]): Promise<number> {
  const output = { print() {}, isTerminal: false } as never;
  const { wavetank: version } = documentIn(`.wavetank/${partNames[0]}`);
  return mergeCommand(files, {}, { env: {}, versions: { wavetank: version }, output });
}

const part = (index: number): string => join(folder, '.wavetank', partNames[index - 1] as string);

describe('shards from the command line', () => {
  before(async () => {
    // One says so itself, for others the service does that runs the job.
    finished.push(
      await run(folder, [...EXPLORE, '--reporter', 'json:whole.json'], { env: { CI_NODE_TOTAL: '' } }),
      await run(folder, [...PART, '--shard', '1/4']),
      await run(folder, PART, { env: { CI_NODE_INDEX: '2', CI_NODE_TOTAL: '4' } }),
      await run(folder, PART, { env: { JOB_COMPLETION_INDEX: '2', JOB_COMPLETIONS: '4' } }),
      await run(folder, [...PART, '--shard', '4/4']),
      await run(folder, MERGE),
    );
  });

  test('write a blob each, and are merged to what one exploration says, exit code included', () => {
    for (const { stderr } of finished) assert.equal(stderr, '');
    const blobs = readdirSync(join(folder, '.wavetank')).filter((name) => name.endsWith('.blob'));
    assert.deepEqual(blobs.toSorted(), partNames);
    const [whole, , , , , merged] = finished;
    assert.deepEqual([whole?.code, merged?.code], [1, 1]);
    const [calm, wild] = documentIn('whole.json').scenarios;
    const [mergedCalm, mergedWild, ...more] = documentIn('merged.json').scenarios;
    assert.deepEqual(more, []);
    assert.deepEqual([calm?.outcome, wild?.outcome], ['passed', 'failed']);
    assert.equal(wild?.otherFailures?.length, 1);
    assert.equal(calm?.runs, 210);
    assert.deepEqual(told(mergedCalm), told(calm));
    assert.deepEqual(told(mergedWild), told(wild));
    assert.match(merged?.stdout ?? '', /^calm passed: 210 runs, seed 7, /m);
    assert.match(merged?.stdout ?? '', /npx wavetank replay a\.sim\.ts wt1:/);
  });

  test('have each block in one part', () => {
    const numbers = partNames.map((name) => {
      const { part: made } = documentIn(`.wavetank/${name}`).scenarios[0] as ScenarioReport;
      return made?.blocks.map((block) => (block as { number: number }).number);
    });
    assert.deepEqual(numbers, [[0, 4], [1], [2], [3]]);
  });

  test('are refused where a part is missing, or there twice', async () => {
    await assert.rejects(merging(part(1), part(4)), (error: Error) => {
      const expected =
        /scenario `calm`: of the parts 1\/4 to 4\/4 there are missing: 2, 3\. Give the reports/;
      return error instanceof ReportError && expected.test(error.message);
    });
    const all = [1, 2, 3, 4].map(part);
    await assert.rejects(merging(...all, part(3)), {
      code: 'WT_REPORT',
      message: 'scenario `calm`: there are two reports of part 3/4.',
    });
  });

  test('are refused where they are parts of different explorations', async () => {
    const other = altered(2, (made) => ({ ...made, seed: 8 }));
    await assert.rejects(merging(part(1), other, part(3), part(4)), {
      code: 'WT_REPORT',
      message: /different explorations: 1\/4 with seed 7, 210 runs, .*; 2\/4 with seed 8, 210 runs/,
    });
    const bailing = altered(2, (made) => ({ ...made, bail: true }));
    await assert.rejects(merging(part(1), bailing, part(3), part(4)), {
      message: /different explorations: 1\/4 .*; 2\/4 with seed 7, 210 runs, .*, --bail\.$/,
    });
    const whole = join(folder, 'whole.json');
    await assert.rejects(merging(part(1), whole), { message: /some reports are parts .*, some are none/ });
  });

  test('are refused where one was interrupted', async () => {
    const cut = altered(2, (made) => made, 'interrupted');
    await assert.rejects(merging(part(1), cut, part(3), part(4)), {
      code: 'WT_REPORT',
      message:
        /scenario `calm`: part 2\/4 was interrupted .*make it again with `wavetank explore --shard 2\/4`/,
    });
  });

  test('are refused where one is damaged, empty, of another version, or not there', async () => {
    const damaged = join(folder, 'damaged.blob');
    const bytes = readFileSync(part(2));
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 0xff;
    writeFileSync(damaged, bytes);
    await assert.rejects(merging(part(1), damaged, part(3), part(4)), {
      code: 'WT_REPORT',
      message: /damaged\.blob: /,
    });
    writeFileSync(damaged, '');
    await assert.rejects(merging(part(1), damaged), { code: 'WT_REPORT', message: /the file is empty/ });
    const document = documentIn(`.wavetank/${partNames[1]}`);
    writeFileSync(damaged, packBlob({ ...document, wavetank: '0.0.0' }));
    await assert.rejects(merging(part(1), damaged), {
      message: /expected parts made by wavetank \S+, got one made by 0\.0\.0: merge them with the version/,
    });
    await assert.rejects(merging(join(folder, 'nothing.blob')), UsageError);
    mkdirSync(join(folder, 'empty'));
    await assert.rejects(merging(join(folder, 'empty')), {
      name: 'UsageError',
      message: /^Found no report \(\*\.blob\) in /,
    });
    await assert.rejects(merging(), { message: 'Expected `wavetank merge-reports FILE|FOLDER ...`.' });
  });

  test('are found below a folder, as services unpack them', async () => {
    for (const index of [1, 2, 3]) {
      const place = join(folder, 'unpacked', `shard-${index}`);
      mkdirSync(place, { recursive: true });
      copyFileSync(part(index), join(place, 'report.blob'));
    }
    await assert.rejects(merging(join(folder, 'unpacked')), { message: /there are missing: 4\./ });
  });
});

type Part = NonNullable<ScenarioReport['part']>;

/** The report of a part, altered. */
function altered(index: number, alter: (made: Part) => Part, outcome?: ScenarioReport['outcome']): string {
  const document = documentIn(`.wavetank/${partNames[index - 1]}`);
  const scenarios = document.scenarios.map((report) => ({
    ...report,
    ...(outcome === undefined ? {} : { outcome }),
    ...(report.part === undefined ? {} : { part: alter(report.part) }),
  }));
  const file = join(folder, 'altered.blob');
  writeFileSync(file, packBlob({ ...document, scenarios }));
  return file;
}
