// Fleets on a real PostgreSQL: four workers, two of which are killed, and two who join. Every run of the
// exploration is made, no failure is lost, and shrinking is done once. `npm run test:fleet`; not part of
// `npm test`, since it may have to install PostgreSQL.

import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import pg from 'pg';
import seedrandom from 'seedrandom';
import { openDatabase } from '../../src/cli/fleet/database.ts';
import type { BlockResult } from '../../src/explore/block-result.ts';
import type { Entry } from '../../src/explore/corpus/entry.ts';
import type { ReportDocument, ScenarioReport } from '../../src/report/document.ts';
import { builtMain, builtWavetank, bringBuildUpToDate } from '../built.ts';
import { checkedOut, job, killJobs, recipeOf } from '../docs/recipes.ts';
import { leaseTests } from './leases.ts';
import { startPostgres, type Postgres } from './postgres.ts';

/** Fails in two ways, and writes down who made which run. */
const SCENARIOS = `
import { AsyncResource } from 'node:async_hooks';
import { appendFileSync } from 'node:fs';
import { defineScenario, handler, swarm } from ${JSON.stringify(builtWavetank)};
const log = process.env.SEEDS_LOG;
// Outside of the simulation, which has a file system of its own.
const note = AsyncResource.bind((seed) => appendFileSync(log, process.pid + ' ' + seed + '\\n'));
const lostAt = (world) => world.history.findIndex(({ type }) => type === 'fail' || type === 'info');
export default defineScenario({
  name: 'asking',
  hosts: { server: handler(() => () => new Response('hello')) },
  faults: swarm({ drop: true, crash: ['server'] }),
  async drive(world) {
    note(world.seed);
    await world.client('guest', async (client) => {
      const ask = () => fetch('http://server/', { signal: AbortSignal.timeout(500) });
      for (let i = 0; i < 4; i++) await client.operation('ask', i, ask).catch(() => {});
    });
  },
  always: {
    'the first is answered': (world) => lostAt(world) !== 1,
    'the second is answered': (world) => lostAt(world) !== 3,
  },
});`;

const RUNS = 1_000;
const BLOCKS = RUNS / 50;
const EXPLORE = ['--runs', String(RUNS), '--seed', '7'];
const folder = mkdtempSync(join(tmpdir(), 'wavetank-fleet-'));
const random = seedrandom(process.env.FLEET_SEED ?? 'fleet');
let postgres: Postgres;
let client: pg.Client;

interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  readonly said: () => string;
}

const living = new Set<ChildProcess>();

function start(words: readonly string[], log: string): Started {
  const {
    NODE_TEST_CONTEXT: _,
    CI: _____,
    GITHUB_ACTIONS: __,
    GITHUB_SHA: ___,
    CI_COMMIT_SHA: ____,
    ...rest
  } = process.env;
  const env = {
    ...rest,
    ...{ SEEDS_LOG: join(folder, log), WAVETANK_REGRESSIONS: 'off' },
    ...{ WAVETANK_DATABASE: postgres.url, WAVETANK_REVISION: 'abc' },
  };
  const parameters = [builtMain, ...words];
  const child = spawn(process.execPath, parameters, { cwd: folder, env });
  living.add(child);
  let text = '';
  child.stdout.on('data', (part: Buffer) => (text += part.toString()));
  child.stderr.on('data', (part: Buffer) => (text += part.toString()));
  const ended = new Promise<number | null>((resolve) =>
    child.on('close', (code) => {
      living.delete(child);
      resolve(code);
    }),
  );
  return { child, ended, said: () => text };
}

/** Which runs a file says were made, and by which processes. */
function runsIn(log: string): { readonly pid: number; readonly seed: number }[] {
  const lines = readFileSync(join(folder, log), 'utf8').trim().split('\n');
  return lines.map((line) => {
    const [pid, seed] = line.split(' ').map(Number);
    return { pid: pid as number, seed: seed as number };
  });
}

function reportIn(file: string): ScenarioReport {
  const { scenarios } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as ReportDocument;
  assert.equal(scenarios.length, 1);
  return scenarios[0] as ScenarioReport;
}

function told(report: ScenarioReport): unknown {
  const { elapsedMs: _, statistics, ...rest } = report;
  const { past: __, ...figures } = (statistics ?? {}) as unknown as Record<string, unknown>;
  return { ...rest, statistics: figures };
}

/** The numbers of runs that ended on a machine, again and again, until something is so. */
async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await isSo()); tries++) {
    if (tries > 6_000) throw new Error(`${what}: it did not come to that.`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function count(sql: string): Promise<number> {
  const { rows } = await client.query<{ count: string }>(sql);
  return Number(rows[0]?.count);
}

before(async () => {
  assert.equal(bringBuildUpToDate(), 0);
  postgres = await startPostgres();
  client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  writeFileSync(join(folder, 'asking.sim.ts'), SCENARIOS);
  // Makes the tables.
  await (await openDatabase(postgres.url)).close();
});

after(async () => {
  for (const child of living) child.kill('SIGKILL');
  killJobs();
  await client?.end();
  postgres?.stop();
  rmSync(folder, { recursive: true, force: true });
});

void test(
  'a fleet tells what one machine tells, though workers are killed, and shrinks once',
  { timeout: 400_000 },
  async () => {
    const alone = start(
      ['explore', ...EXPLORE, '--workers', '1', '--reporter', 'json:alone.json'],
      'alone.log',
    );
    assert.equal(await alone.ended, 1, alone.said());
    const expected = reportIn('alone.json');
    assert.equal(expected.outcome, 'failed');
    assert.equal(expected.otherFailures?.length, 1);

    const work = ['fleet', 'work', '--workers', '1', '--lease', '2s'];
    const workers = Array.from({ length: 4 }, () => start(work, 'fleet.log'));
    await until('all are at work', () => workers.every(({ said }) => said().includes('at work')));
    const joining = (name: string): Started =>
      start(['fleet', 'explore', ...EXPLORE, '--reporter', `json:${name}.json`], 'fleet.log');
    const [one, other] = [joining('one'), joining('other')];
    // Each of the two is killed when it has made a block or two, somewhere in the next.
    const killed = workers.slice(0, 2).map(async ({ child, said }) => {
      const blocks = 1 + Math.floor(random() * 2);
      const restMs = random() * 200;
      await until('a worker makes blocks', () => said().split(': block ').length > blocks);
      await new Promise((resolve) => setTimeout(resolve, restMs));
      child.kill('SIGKILL');
    });
    await Promise.all(killed);
    assert.ok(one.child.exitCode === null && other.child.exitCode === null, 'killed while they were needed');
    assert.deepEqual([await one.ended, await other.ended], [1, 1], one.said() + other.said());

    // Nothing is lost: the same verdict, the same failures with the same counts, the same statistics.
    assert.deepEqual(told(reportIn('one.json')), told(expected));
    assert.deepEqual(reportIn('other.json'), reportIn('one.json'));
    const tables = 'wavetank_fleet_1';
    assert.equal(await count(`select count(*) from ${tables}.block`), BLOCKS);
    const makers = await count(`select count(distinct worker) from ${tables}.block`);
    // The two who were killed, and who went on.
    assert.ok(makers >= 3, `${makers} workers made blocks`);
    const failedRuns = (expected.statistics?.failures ?? []).reduce((sum, { runs }) => sum + runs, 0);
    assert.ok(failedRuns > 0);
    assert.equal(await count(`select sum(runs) as count from ${tables}.failure`), failedRuns);

    // Shrinking is done by one of the two who join: the other makes no run at all.
    const made = runsIn('fleet.log');
    const byJoiner = [one, other].map(({ child }) => made.filter(({ pid }) => pid === child.pid).length);
    assert.equal(Math.min(...byJoiner), 0, String(byJoiner));
    assert.ok(Math.max(...byJoiner) > 0);

    // Every seed of the range, and little more than once.
    const joiners = new Set([one.child.pid, other.child.pid]);
    const byWorkers = made.filter(({ pid }) => !joiners.has(pid)).map(({ seed }) => seed);
    const wanted = runsIn('alone.log').filter(({ pid }) => pid !== alone.child.pid);
    const seedsOf = (runs: readonly number[]): number[] => [...new Set(runs)].toSorted((a, b) => a - b);
    assert.deepEqual(seedsOf(byWorkers), seedsOf(wanted.map(({ seed }) => seed)));
    // Each job that is taken makes its first run twice; two blocks at most are made again.
    const most = wanted.length + (BLOCKS + 2) + 2 * 53;
    assert.ok(byWorkers.length <= most, `${byWorkers.length} runs, expected at most ${most}`);

    const status = start(['fleet', 'status'], 'status.log');
    assert.equal(await status.ended, 0);
    assert.match(
      status.said(),
      new RegExp(`^asking: told, ${BLOCKS} of ${BLOCKS} blocks, ${RUNS} runs$`, 'm'),
    );
    for (const { child } of workers.slice(2)) child.kill('SIGTERM');
    for (const worker of workers.slice(2)) assert.equal(await worker.ended, 0, worker.said());
    assert.equal(await count(`select count(*) from ${tables}.lease where until > now()`), 0);
  },
);

void test(
  'workers share what is news: no block finds what was known when it began, and a kill loses nothing',
  { timeout: 400_000 },
  async () => {
    const tables = 'wavetank_fleet_1';
    const work = ['fleet', 'work', '--workers', '1', '--lease', '2s'];
    const exploring = ['fleet', 'explore', '--runs', '500', '--strategy', 'feedback', '--corpus'];
    /** What each block of an exploration found, from the first exploration on that used the corpus. */
    const found = async (nth: number): Promise<number[][]> => {
      const { rows } = await client.query<{ result: string }>(
        `select result from ${tables}.block where exploration = (select id from ${tables}.exploration
          where corpus is not null order by begun_at offset $1 limit 1) order by place`,
        [nth],
      );
      return rows.map(({ result }) =>
        (JSON.parse(result) as BlockResult).harvest.flatMap(({ shows }) => [...shows]),
      );
    };
    const one = start(work, 'corpus.log');
    const first = start(exploring, 'corpus.log');
    assert.equal(await first.ended, 1, first.said());
    assert.match(first.said(), /^asking: begins with 0 runs that were news before$/m);
    const blocks = await found(0);
    const known = new Set(blocks.flat());
    assert.ok(known.size > 0);
    // One worker makes one block after another: what a block finds, none after it finds.
    assert.equal(blocks.length, 10);
    assert.equal(blocks.flat().length, known.size);

    const two = start(work, 'corpus.log');
    await until('the second is at work', () => two.said().includes('at work'));
    const second = start(exploring, 'corpus.log');
    await until('it makes a block', () => two.said().includes(': block '));
    two.child.kill('SIGKILL');
    assert.equal(await second.ended, 1, second.said());
    const began = /^asking: begins with (\d+) runs? that (?:was|were) news before$/m.exec(second.said());
    assert.ok(Number(began?.[1]) > 0, second.said());
    const again = await found(1);
    assert.equal(again.length, 10);
    assert.deepEqual(
      again.flat().filter((feature) => known.has(feature)),
      [],
    );
    // Both are kept together.
    const entries = await client.query<{ entry: string }>(`select entry from ${tables}.corpus_entry`);
    const kept = new Set(entries.rows.flatMap(({ entry }) => (JSON.parse(entry) as Entry).shows));
    assert.deepEqual(
      [...known, ...again.flat()].filter((feature) => !kept.has(feature)),
      [],
    );
    assert.equal(await count(`select sum(explorations) as count from ${tables}.corpus`), 2);

    const seeded = start([...exploring, '--seed', '3'], 'corpus.log');
    assert.equal(await seeded.ended, 1);
    assert.match(seeded.said(), /^no corpus is used: with a seed the same runs are made each time$/m);
    one.child.kill('SIGTERM');
    assert.equal(await one.ended, 0, one.said());
  },
);

void test('the recipe for a fleet on Kubernetes is true', { timeout: 400_000 }, async () => {
  interface Pods {
    readonly spec: { template: { spec: { containers: readonly [Container] } } };
  }
  interface Container {
    readonly command: readonly string[];
    readonly args: readonly string[];
    readonly env: readonly { name: string; value?: string }[];
  }
  const recipe = recipeOf('## A fleet') as unknown as [Pods, Pods];
  const [worker, joiner] = recipe.map(({ spec }) => {
    const [container] = spec.template.spec.containers;
    assert.deepEqual(container.command, ['sh', '-c']);
    const given = container.env.map(({ name, value }) => [name, value ?? postgres.url]);
    const place = mkdtempSync(join(folder, 'pod-'));
    checkedOut(place);
    return job(place, container.args, Object.fromEntries(given) as Record<string, string>);
  });
  assert.ok(worker !== undefined && joiner !== undefined);
  const { code, output } = await joiner.ended;
  assert.equal(code, 0, output);
  assert.match(output, /CheckFailure \[WT_INVARIANT\]: `answers` is illegal/);
  worker.end();
  assert.equal((await worker.ended).code, 0);
});

void test(
  'who takes up an exploration goes on; what no worker can make is told',
  { timeout: 400_000 },
  async () => {
    const env = (WAVETANK_REVISION: string): Record<string, string> => ({
      ...{ WAVETANK_DATABASE: postgres.url, WAVETANK_REVISION },
    });
    const [here, elsewhere] = ['here-', 'elsewhere-'].map((name) => mkdtempSync(join(folder, name)));
    assert.ok(here !== undefined && elsewhere !== undefined);
    for (const place of [here, elsewhere]) checkedOut(place);
    rmSync(join(elsewhere, 'asking.sim.ts'));
    const explore = ['exec npx wavetank fleet explore --runs 120'];
    const work = ['exec npx wavetank fleet work --workers 1'];

    const tables = 'wavetank_fleet_1';
    const first = job(here, explore, env('taken up'));
    await until('it gives its blocks out', async () => {
      const found = `select count(*) from ${tables}.exploration where blocks = 3 and report is null`;
      return (await count(found)) === 1;
    });
    first.kill();
    await first.ended;
    const worker = job(here, work, env('taken up'));
    const second = await job(here, explore, env('taken up')).ended;
    assert.equal(second.code, 1, second.output);
    assert.match(second.output, /CheckFailure \[WT_INVARIANT\]: `answers` is illegal/);
    worker.end();
    assert.equal((await worker.ended).code, 0);

    // It has not the file that it is to load.
    const lost = job(elsewhere, work, env('not there'));
    const refused = await job(here, explore, env('not there')).ended;
    assert.equal(refused.code, 2, refused.output);
    assert.match(
      refused.output,
      /^EnvironmentError \[WT_ENVIRONMENT\]: A worker of the fleet: asking\.sim\.ts cannot be loaded: /m,
    );
    lost.end();
    const { code, output } = await lost.ended;
    assert.equal(code, 0, output);
    assert.match(output, /^asking: asking\.sim\.ts cannot be loaded/m);
  },
);

leaseTests(() => postgres.url);
