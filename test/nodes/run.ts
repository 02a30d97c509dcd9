// Runs tests on other releases of Node.js: the hashes must be the same on all of them, and everything that
// one of them has must be in the table of what becomes of it. On each, the simulation must do what it does.
// Binaries come as arguments, from `WAVETANK_NODES` (paths with colons between), or from npm by themselves.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { ownEnvironment, root, run, testArguments, testFiles } from '../runner.ts';

const RELEASES = ['22', '24', '26'];

/** The binary of a release, fetched from npm unless it is in the cache. */
function fetchedBinary(release: string): string {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const name = `node-${platform}-${process.arch}`;
  const folder = join(root, 'node_modules/.cache/wavetank-nodes', release);
  const binary = join(folder, 'node_modules', name, 'bin', platform === 'win' ? 'node.exe' : 'node');
  if (!existsSync(binary)) {
    mkdirSync(folder, { recursive: true });
    console.log(`fetching ${name}@${release}`);
    const quiet = ['--no-save', '--no-package-lock', '--no-audit', '--no-fund', '--ignore-scripts'];
    run(
      'npm',
      ['install', ...quiet, '--loglevel', 'error', '--prefix', folder, `${name}@${release}`],
      folder,
    );
    if (!existsSync(binary)) throw new Error(`npm brought no binary of Node.js ${release} to ${binary}`);
  }
  return binary;
}

function binaries(): string[] {
  const given = process.argv.slice(2);
  if (given.length > 0) return given;
  const listed = (process.env['WAVETANK_NODES'] ?? '').split(delimiter).filter((path) => path !== '');
  return listed.length > 0 ? listed : RELEASES.map(fetchedBinary);
}

/** Runs the tests with one binary, prints a line (after the output, if it failed), and says if it passed. */
function passes(binary: string, files: readonly string[]): boolean {
  const version = spawnSync(binary, ['--version'], { encoding: 'utf8' }).stdout?.trim() || binary;
  const env = ownEnvironment();
  const result = spawnSync(binary, [...testArguments, ...files], { cwd: root, encoding: 'utf8', env });
  const passed = result.status === 0;
  const count = /^(?:#|ℹ) pass (\d+)$/m.exec(result.stdout ?? '')?.[1] ?? '0';
  if (!passed) console.log(`${result.stdout ?? ''}${result.stderr ?? ''}${result.error?.message ?? ''}`);
  console.log(`Node.js ${version}: ${passed ? `ok, ${count} tests` : 'FAILED'}`);
  return passed;
}

const files = ['test/determinism', 'test/surface', 'test/conformance'].flatMap((folder) =>
  testFiles(root, folder),
);
if (files.length < 2) throw new Error('test/determinism has no tests: nothing was compared');
const failed = binaries().filter((binary) => !passes(binary, files));
process.exitCode = failed.length === 0 ? 0 : 1;
