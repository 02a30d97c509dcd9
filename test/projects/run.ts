// Installs the packed package in the projects of test/fixtures/projects, as their users would, and holds what
// their test runners print against what it should be. `npm run test:projects -- FOLDER` keeps the installed
// projects in a folder, and finds them there the next time.

import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { packed } from '../package/tarball.ts';
import { root, run, testArguments } from '../runner.ts';

const RUNNERS = ['node-test', 'vitest', 'jest'];

const given = process.argv[2];
const folder = given === undefined ? mkdtempSync(join(tmpdir(), 'wavetank-projects-')) : resolve(given);

function install(): void {
  const tarball = packed(join(root, 'node_modules/.cache/wavetank-tarball'));
  cpSync(join(root, 'test/fixtures/projects'), folder, { recursive: true });
  cpSync(tarball, join(folder, 'wavetank.tgz'));
  // The same version with other contents: npm would take the one that it knows.
  rmSync(join(folder, 'package-lock.json'), { force: true });
  rmSync(join(folder, 'node_modules/wavetank'), { recursive: true, force: true });
  rmSync(join(folder, 'node_modules/.package-lock.json'), { force: true });
  const quiet = ['--no-audit', '--no-fund', '--prefer-offline', '--loglevel', 'error'];
  const code = run('npm', ['install', ...quiet], folder);
  if (code !== 0 || !existsSync(join(folder, 'node_modules/wavetank')))
    throw new Error(`npm install failed with exit code ${code}`);
}

/** A second copy, which says that it is another version. */
function addAnotherVersion(): void {
  const copy = join(folder, 'node_modules/wavetank-of-another-version');
  rmSync(copy, { recursive: true, force: true });
  cpSync(join(folder, 'node_modules/wavetank'), copy, { recursive: true });
  const { version } = JSON.parse(readFileSync(join(copy, 'package.json'), 'utf8')) as { version: string };
  for (const extension of ['mjs', 'cjs']) {
    const files = readdirSync(join(copy, 'dist'), { recursive: true, encoding: 'utf8' });
    const said = `const REGISTRY_VERSION = "${version}";`;
    const file = files
      .filter((name) => name.endsWith(`.${extension}`))
      .map((name) => join(copy, 'dist', name))
      .find((path) => readFileSync(path, 'utf8').includes(said));
    if (file === undefined) throw new Error(`No .${extension} file says the version`);
    // The build writes the constant where it is read, too.
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll(`"${version}"`, '"9.9.9"'));
  }
}

try {
  install();
  addAnotherVersion();
  const files = RUNNERS.map((name) => `test/projects/${name}.checks.ts`);
  process.env['WAVETANK_PROJECTS'] = folder;
  process.exitCode = run(process.execPath, [...testArguments, ...files]);
} finally {
  if (given === undefined) rmSync(folder, { recursive: true, force: true });
}
