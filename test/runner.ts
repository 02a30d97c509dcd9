// What the test scripts share: which files are tests, and how one Node.js binary runs TypeScript sources.

import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root folder of the repository. */
export const root: string = fileURLToPath(new URL('..', import.meta.url));

/** The arguments with which Node.js runs the sources instead of the build. */
export const nodeArguments: readonly string[] = ['--conditions=wavetank-source', '--import', 'tsx'];

/** The same for tests: as many files at once as there are processors; by default Node.js leaves one idle. */
export const testArguments: readonly string[] = [
  ...nodeArguments,
  '--test',
  `--test-concurrency=${availableParallelism()}`,
];

/** The test files below a folder, relative to `base`, in the order of their names; no fixtures. */
export function testFiles(base: string, folder: string): string[] {
  return filesBelow(base, folder).filter((file) => file.endsWith('.test.ts') && !file.includes('/fixtures/'));
}

/** All files below a folder, relative to `base` and with forward slashes, in the order of their names. */
export function filesBelow(base: string, folder: string): string[] {
  const found: string[] = [];
  for (const entry of readdirSync(join(base, folder), { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`;
    if (entry.name === 'node_modules' || entry.name === '.wavetank') continue;
    if (entry.isDirectory()) found.push(...filesBelow(base, path));
    else found.push(path);
  }
  return found.toSorted();
}

/**
 * The environment for what tests find: the same whoever runs them. Explorations would take their seeds from
 * the commit in CI, and from what somebody set.
 */
export function ownEnvironment(): NodeJS.ProcessEnv {
  const { CI: _, WAVETANK_SEED: __, WAVETANK_RUNS: ___, WAVETANK_CORPUS: ____, ...rest } = process.env;
  return rest;
}

/** Runs a command in the root folder with our output, and returns its exit code. */
export function run(command: string, parameters: readonly string[], cwd: string = root): number {
  const result = spawnSync(command, parameters, { cwd, stdio: 'inherit', env: ownEnvironment() });
  if (result.error !== undefined) throw result.error;
  return result.status ?? 1;
}
