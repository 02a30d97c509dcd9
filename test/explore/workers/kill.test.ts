// kill -9 of workers and of the command line itself, at random moments: nothing that was found is lost, no
// file is damaged, and no worker stays behind. `WAVETANK_KILLS=50` makes as many of them; by default 8.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Crew } from '../../../src/cli/workers/crew.ts';
import { isEntry } from '../../../src/explore/corpus/entry.ts';
import { exploreWith } from '../../../src/explore/explore.ts';
import { readRegressions } from '../../../src/explore/memory/regressions.ts';
import { CheckFailure, type Scenario } from '../../../src/index.ts';
import { openStream } from '../../../src/random/stream.ts';
import { builtMain } from '../../built.ts';
import { folderWith, run, wavetank } from '../../cli/command.ts';
import * as many from './many.sim.ts';

const KILLS = Number(process.env.WAVETANK_KILLS ?? 8);
const PARENT_KILLS = Math.ceil(KILLS / 3);
/** Progress is told ten times a second: those after the last kill are to take longer. */
const RUNS = 600;
const draws = openStream(7, 'kills');
const draw = (bound: number): number => draws.uint32() % bound;

const file = fileURLToPath(new URL('many.sim.ts', import.meta.url));
const crew = new Crew(2, { growAfterMs: 0 });
after(() => crew.kill());

/** Explores, and kills workers when so many runs are made. */
async function explored(scenario: Scenario<number[]>, killAt: number[] | undefined): Promise<unknown> {
  const moments = killAt?.toSorted((left, right) => left - right) ?? [];
  const onProgress = ({ runs, phase }: { runs: number; phase: string }): void => {
    if (phase !== 'exploring' || runs < (moments[0] ?? Number.POSITIVE_INFINITY)) return;
    moments.shift();
    const { pids } = crew;
    const pid = pids[draw(pids.length)];
    if (pid !== undefined) process.kill(pid, 'SIGKILL');
  };
  const options = { runs: RUNS, seed: 4, bail: false, shrinkRunsMax: 0, statistics: true, onProgress };
  const nth = Object.values(many).indexOf(scenario);
  const making = killAt === undefined ? undefined : crew.makerOf({ file, nth }, scenario);
  const came: unknown = await exploreWith(scenario, options, making).catch((error: unknown) => error);
  assert.deepEqual(moments, [], 'every kill took place');
  if (!(came instanceof CheckFailure)) return came;
  const { message, token, others, exploration } = came;
  return { message, token, others, exploration };
}

test(`workers are killed at ${KILLS - PARENT_KILLS} random moments, and nothing is lost`, async () => {
  const scenarios = [many.failing, many.passing];
  const expected: unknown[] = [];
  for (const scenario of scenarios) expected.push(await explored(scenario, undefined));
  for (let left = KILLS - PARENT_KILLS, i = 0; left > 0; left -= 3, i++) {
    const killAt = Array.from({ length: Math.min(left, 3) }, () => 1 + draw(RUNS / 3));
    const scenario = scenarios[i % 2] as Scenario<number[]>;
    assert.deepEqual(await explored(scenario, killAt), expected[i % 2], `kills after ${killAt.join(', ')}`);
  }
});

/** What each file of the corpus shows. All of them are whole. */
function corpusIn(folder: string): Map<string, Set<number>> {
  const path = join(folder, '.wavetank', 'corpus');
  const names = readdirSync(path).filter((name) => name.endsWith('.json'));
  return new Map(
    names.map((name) => {
      const kept = JSON.parse(readFileSync(join(path, name), 'utf8')) as Record<string, unknown>;
      assert.equal(kept['format'], 'wavetank-corpus');
      const entries = kept['entries'] as unknown[];
      assert.ok(entries.length > 0 && entries.every(isEntry));
      return [name, new Set(entries.flatMap(({ shows }) => shows))];
    }),
  );
}

/** The processes that a process started. */
function childrenOf(parent: number): number[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=']).toString().trim().split('\n');
  const pairs = lines.map((line) => line.trim().split(/\s+/).map(Number));
  return pairs.filter(([, ppid]) => ppid === parent).map(([pid = 0]) => pid);
}

function isAlive(pid: number): boolean {
  try {
    // A process that nobody has waited for yet is over as well.
    return !/^\s*Z/.test(execFileSync('ps', ['-o', 'stat=', '-p', String(pid)]).toString());
  } catch {
    return false;
  }
}

test(
  `the command line is killed at ${PARENT_KILLS} random moments`,
  { skip: process.platform === 'win32' },
  async () => {
    const quick = `
    import { defineScenario, handler, swarm } from ${JSON.stringify(wavetank)};
    const name = import.meta.url.at(-8);
    export default defineScenario({
      name,
      hosts: { a: handler(() => () => new Response('')) },
      faults: swarm({ drop: true }),
      drive: (world) => world.client('guest', async () => {
        const ask = (i) => fetch('http://a/' + 'xyz'[i], { signal: AbortSignal.timeout(9) });
        for (let i = 0; i < 3; i++) await ask(i).catch(() => {});
      }),
    });`;
    const folder = folderWith({ '1.sim.ts': quick, '2.sim.ts': quick, '3.sim.ts': quick });
    const learning = ['--strategy', 'feedback', '--corpus'];
    const words = ['explore', '--runs', '60', '--workers', '2', '--reporter', 'default,blob', ...learning];
    const startMs = performance.now();
    const whole = await run(folder, words);
    assert.deepEqual([whole.code, whole.stderr], [0, '']);
    const wholeMs = performance.now() - startMs;
    const history = join(folder, '.wavetank', 'history.json');
    const blob = join(folder, '.wavetank', 'report.blob');
    const corpus = corpusIn(folder);
    assert.equal(corpus.size, 3);
    for (let kills = 0; kills < PARENT_KILLS; kills++) {
      const child = spawn(process.execPath, [builtMain, ...words], { cwd: folder, stdio: 'ignore' });
      // Most of the time it has workers.
      await sleep(wholeMs * (0.4 + draw(600) / 1000));
      const workers = childrenOf(child.pid ?? 0);
      child.kill('SIGKILL');
      while (workers.some(isAlive)) await sleep(50);
      const kept = JSON.parse(readFileSync(history, 'utf8')) as { scenarios: unknown[] };
      assert.equal(kept.scenarios.length, 3);
      assert.ok(existsSync(blob));
      for (const [name, shown] of corpusIn(folder)) {
        for (const feature of corpus.get(name) ?? []) assert.ok(shown.has(feature), `${name} lost some`);
        corpus.set(name, shown);
      }
      assert.equal(corpus.size, 3);
    }
    const lastly = await run(folder, words);
    assert.equal(lastly.code, 0, lastly.stderr);
    assert.match(lastly.stdout, /began with [1-9]\d* runs? that w\w+ news before/);
    assert.doesNotMatch(lastly.stdout, /put aside/);
    const read = await run(folder, ['report', '.wavetank/report.blob', '--reporter', 'json']);
    assert.equal((JSON.parse(read.stdout) as { scenarios: unknown[] }).scenarios.length, 3);
    const strangers = readdirSync(join(folder, '.wavetank')).filter(
      (name) => name !== 'corpus' && !/\.(json|blob|tmp)$/.test(name),
    );
    assert.deepEqual(strangers, []);
  },
);

test('the command line is killed while it shrinks: what it had found is replayed first', async () => {
  const slow = `
  import { defineScenario, handler, swarm } from ${JSON.stringify(wavetank)};
  export default defineScenario({
    name: 'slow',
    hosts: { a: handler(() => () => new Response('')) },
    faults: swarm({ drop: true, delay: true, duplicate: true }),
    drive: (world) => world.client('guest', async (client) => {
      for (let i = 0; i < 200; i++) {
        const ask = () => fetch('http://a/', { signal: AbortSignal.timeout(9) });
        await client.operation('ask', i, ask).catch(() => {});
      }
    }),
    always: { answered: (world) => world.history.every(({ type }) => type !== 'fail' && type !== 'info') },
  });`;
  const folder = folderWith({ 'slow.sim.ts': slow });
  const path = join(folder, 'slow.sim.regressions.json');
  const env = { ...process.env, WAVETANK_REGRESSIONS: 'write' };
  const words = ['explore', '--runs', '100', '--workers', '2'];
  const child = spawn(process.execPath, [builtMain, ...words], { cwd: folder, stdio: 'ignore', env });
  while (!existsSync(path) && child.exitCode === null) await sleep(1);
  await sleep(draw(100));
  child.kill('SIGKILL');
  await once(child, 'close');
  const { entries, remarks } = readRegressions(path, false);
  assert.deepEqual([entries.length, remarks], [1, []]);
  assert.match(
    String(entries[0]?.message),
    /^Found in run \d+; the exploration was ended before it was shrunk\.$/,
  );
  const again = await run(folder, words, { env: { WAVETANK_REGRESSIONS: 'write' } });
  assert.equal(again.code, 1, again.stderr);
  assert.match(again.stdout, /known: it is in slow\.sim\.regressions\.json/);
});

test(`who writes what was found is killed at ${PARENT_KILLS} random moments`, async () => {
  const writing = fileURLToPath(new URL('writing.ts', import.meta.url));
  const parameters = ['--conditions=wavetank-source', '--import', import.meta.resolve('tsx'), writing];
  for (let kills = 0; kills < PARENT_KILLS; kills++) {
    const folder = folderWith({});
    const child = spawn(process.execPath, parameters, { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
    while (!said.includes('\n') && child.exitCode === null) await sleep(5);
    await sleep(draw(60));
    child.kill('SIGKILL');
    await once(child, 'close');
    const [, last = '0', path = ''] = /(\d+) (.*)\n[^\n]*$/.exec(said) ?? [];
    assert.ok(Number(last) > 0);
    const numbers = Array.from({ length: Number(last) }, (_, i) => i + 1);
    const { entries } = readRegressions(join(folder, 'kept.sim.regressions.json'), false);
    const tokens = new Set(entries.map(({ token }) => token));
    for (const i of numbers) assert.ok(tokens.has(`token ${i}`), `counterexample ${i} of ${last}`);
    const shown = corpusIn(folder).get(basename(path));
    for (const i of numbers.slice(-400)) assert.ok(shown?.has(i), `entry ${i} of ${last}`);
  }
});
