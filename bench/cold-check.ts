// The cold command: a fresh process, as a pre-commit hook starts it, until it has ended after its first run.
// That is later than the end of the run, which is made twice before it is told. Worth a look only on a
// machine that does nothing else.

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compare, ratioOf, type Ratio } from './ratio.ts';

const MAIN = fileURLToPath(new URL('../dist/cli/main.mjs', import.meta.url));
const ROOT = fileURLToPath(new URL('../', import.meta.url));
const FILE = 'examples/lease-lock/repaired.sim.ts';
const CHECK = [MAIN, 'check', join(ROOT, FILE), '--time', '1ms', '--seed', '1'];
/** The packages that load the scenario and generate its workload, with none of our code. */
const PACKAGES = `await import('fast-check'); (await import('tsx/esm/api')).register();`;
/** What it is to take on a machine that does nothing else. */
const GOAL_MS = 700;
const TURNS = 9;

/** Milliseconds from the start of a process to its end. */
function elapsedMs(words: readonly string[], folder: string, env: NodeJS.ProcessEnv = {}): number {
  const startMs = performance.now();
  const { status, stderr } = spawnSync(process.execPath, words, {
    cwd: folder,
    env: { ...plainEnvironment(), ...env },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${words.join(' ')} failed: ${stderr}`);
  return performance.now() - startMs;
}

/** Without what makes Node.js itself start slowly: certificates that it reads, preloaded modules. */
function plainEnvironment(): NodeJS.ProcessEnv {
  const { NODE_EXTRA_CA_CERTS: _certificates, NODE_OPTIONS: _options, ...env } = process.env;
  return env;
}

/** For each figure less is better; the first is to be at most 1, in the turn that was disturbed least. */
export async function coldCheckRatios(): Promise<Ratio[]> {
  const folder = mkdtempSync(join(tmpdir(), 'wavetank-cold-check-'));
  try {
    // As if nothing had run here before: neither Node.js nor tsx finds what it compiled.
    const nowhere = { TMPDIR: join(folder, 'temporary'), NODE_COMPILE_CACHE: join(folder, 'compiled') };
    mkdirSync(nowhere.TMPDIR);
    const firstMs = elapsedMs(CHECK, folder, nowhere);
    let quickestMs = Number.POSITIVE_INFINITY;
    const ours = (): number => {
      const ms = elapsedMs(CHECK, folder);
      quickestMs = Math.min(quickestMs, ms);
      return ms;
    };
    const theirs = (): number => elapsedMs(['--input-type=module', '--eval', PACKAGES], ROOT);
    const beside = await compare('cold check : its packages alone', 'ms', { ours, theirs }, TURNS);
    return [
      ratioOf('cold check, the quickest : goal (1)', 'ms', quickestMs, GOAL_MS),
      beside,
      ratioOf('first check ever, with its caches to write : cold check', 'ms', firstMs, beside.ours),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
