// kill -9 of workers and of the command line itself, at random moments: nothing that was found is lost, no
// file is damaged, and no worker stays behind. `WAVETANK_KILLS=50` makes as many of them; by default 8.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Crew } from '../../../src/cli/workers/crew.ts';
import { exploreWith } from '../../../src/explore/explore.ts';
import { CheckFailure, type Scenario } from '../../../src/index.ts';
import { openStream } from '../../../src/random/stream.ts';
import { folderWith, run, wavetank } from '../../cli/command.ts';
import * as many from './many.sim.ts';

const KILLS = Number(process.env.WAVETANK_KILLS ?? 8);
const PARENT_KILLS = Math.ceil(KILLS / 3);
const RUNS = 200;
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
    const killAt = Array.from({ length: Math.min(left, 3) }, () => 1 + draw(RUNS / 2));
    const scenario = scenarios[i % 2] as Scenario<number[]>;
    assert.deepEqual(await explored(scenario, killAt), expected[i % 2], `kills after ${killAt.join(', ')}`);
  }
});

const main = fileURLToPath(new URL('../../../src/cli/main.ts', import.meta.url));

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
    import { daemon, defineScenario } from ${JSON.stringify(wavetank)};
    const name = import.meta.url.at(-8);
    export default defineScenario({ name, hosts: { a: daemon(() => {}) }, async drive() {} });`;
    const folder = folderWith({ '1.sim.ts': quick, '2.sim.ts': quick, '3.sim.ts': quick });
    const words = ['explore', '--runs', '60', '--workers', '2', '--reporter', 'default,blob'];
    const startMs = performance.now();
    const whole = await run(folder, words);
    assert.deepEqual([whole.code, whole.stderr], [0, '']);
    const wholeMs = performance.now() - startMs;
    const history = join(folder, '.wavetank', 'history.json');
    const blob = join(folder, '.wavetank', 'report.blob');
    for (let kills = 0; kills < PARENT_KILLS; kills++) {
      const parameters = [
        '--conditions=wavetank-source',
        '--import',
        import.meta.resolve('tsx'),
        main,
        ...words,
      ];
      const child = spawn(process.execPath, parameters, { cwd: folder, stdio: 'ignore' });
      // Most of the time it has workers.
      await sleep(wholeMs * (0.4 + draw(600) / 1000));
      const workers = childrenOf(child.pid ?? 0);
      child.kill('SIGKILL');
      while (workers.some(isAlive)) await sleep(50);
      const kept = JSON.parse(readFileSync(history, 'utf8')) as { scenarios: unknown[] };
      assert.equal(kept.scenarios.length, 3);
      assert.ok(existsSync(blob));
    }
    const lastly = await run(folder, words);
    assert.equal(lastly.code, 0, lastly.stderr);
    const read = await run(folder, ['report', '.wavetank/report.blob', '--reporter', 'json']);
    assert.equal((JSON.parse(read.stdout) as { scenarios: unknown[] }).scenarios.length, 3);
    const strangers = readdirSync(join(folder, '.wavetank')).filter(
      (name) => !/\.(json|blob|tmp)$/.test(name),
    );
    assert.deepEqual(strangers, []);
  },
);
