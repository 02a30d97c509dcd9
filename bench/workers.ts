// Two worker processes beside one, on the same exploration. Worth a look only on a machine with two idle
// processors. The time is that of the exploration alone, after the workers have started.

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { compare, type Ratio } from './ratio.ts';

const MAIN = fileURLToPath(new URL('../dist/cli/main.mjs', import.meta.url));
const FOLDER = fileURLToPath(new URL('../examples/replicated-register/', import.meta.url));
const FILE = 'replicated-register-repaired.sim.ts';
/** Enough that starting the second process, and what V8 compiles in each, is little of it. */
const TIME = '40s';
const TURNS = 3;

/** Runs in the time that is given, for each second of it. */
function runsPerSecond(workers: number): number {
  const words = ['explore', FILE, '--time', TIME, '--workers', String(workers), '--reporter', 'json'];
  const { stdout } = spawnSync(process.execPath, [MAIN, ...words], { cwd: FOLDER, encoding: 'utf8' });
  const { scenarios } = JSON.parse(stdout) as { scenarios: { runs: number; elapsedMs: number }[] };
  const [{ runs, elapsedMs } = { runs: Number.NaN, elapsedMs: 1 }] = scenarios;
  return (runs * 1000) / elapsedMs;
}

/** To be at least 1.7 with two processors. */
export function workersRatio(): Promise<Ratio> {
  const measures = { ours: () => runsPerSecond(2), theirs: () => runsPerSecond(1) };
  return compare('two worker processes : one (1.7)', 'runs/s', measures, TURNS);
}
