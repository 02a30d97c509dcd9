// Checks the package as it will be published: publint and attw on the packed tarball, then the tarball
// unpacked and used from outside through `import`, `require` and its command, which shares one copy of every
// module with the scenarios that it loads.

import { spawnSync } from 'node:child_process';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from '../runner.ts';
import { packagesBeforeAmbient } from './load-order.ts';
import { packed } from './tarball.ts';

const folder = join(root, 'node_modules/.cache/wavetank-package');
const bin = join(root, 'node_modules/.bin');

function step(name: string, command: string, parameters: readonly string[], cwd: string = root): void {
  const code = run(command, parameters, cwd);
  if (code !== 0) throw new Error(`${name} failed with exit code ${code}`);
}

/** Installs the tarball by hand in a folder whose parents hold our own dependencies, and returns its user. */
function unpack(tarball: string): string {
  const user = join(folder, 'user');
  mkdirSync(join(user, 'node_modules'), { recursive: true });
  step('tar', 'tar', ['-xzf', tarball, '-C', user]);
  renameSync(join(user, 'package'), join(user, 'node_modules/wavetank'));
  writeFileSync(join(user, 'package.json'), '{ "private": true }\n');
  writeFileSync(join(user, 'names.mjs'), namesOf('await import', 'mjs'));
  writeFileSync(join(user, 'names.cjs'), namesOf('require', 'cjs'));
  return user;
}

/** A program that prints the exported names of each entry point, or of the one it was told. */
function namesOf(load: string, extension: string): string {
  const names = 'Object.keys(loaded).filter((name) => name !== "default" && name !== "module.exports")';
  const body = ['', '/checkers', '/models', '/markers', '/register', '/node-test']
    .map((name) => `wavetank${name}`)
    .map(
      (entry) => `{ const loaded = ${load}('${entry}'); console.log('${entry}', ${names}.sort().join()); }`,
    )
    .join('\n');
  return `${body}\nconsole.log('ran as ${extension === 'mjs' ? 'module' : 'script'}');\n`;
}

/** A scenario whose file asks whether it shares the package with the command line that loads it. */
const SCENARIO = `
import { defineScenario, handler } from 'wavetank';
import { register } from 'wavetank/models';
const { holders } = (globalThis as unknown as Record<symbol, { holders: number }>)[Symbol.for('wavetank')]!;
// One for the command line, one for 'wavetank': a second copy would hold it once more.
if (holders !== 2 || register === undefined) throw new Error(\`Expected 2 holders, got \${holders}\`);
export default defineScenario({
  name: 'one',
  hosts: { a: handler(() => () => new Response('a')) },
  async drive({ client }) {
    await client('c', () => fetch('http://a/'));
  },
});
`;

/** A program that writes a report page: what browsers run is bundled from the sources in the package. */
function pageProgram(load: string): string {
  const document = { format: 'wavetank-report', version: 1, wavetank: '0', node: '20', scenarios: [] };
  const written = `reportPage(${JSON.stringify(document)})`;
  return `const { reportPage } = ${load}('wavetank');\n${written}.then((page) => console.log(page));\n`;
}

function printed(user: string, file: string): string {
  const result = spawnSync(process.execPath, [file], { cwd: user, encoding: 'utf8' });
  if (result.status !== 0) throw new Error(`${file} failed against the packed package:\n${result.stderr}`);
  return result.stdout.replace(/^ran as .*\n/m, '');
}

const tarball = packed(folder);
step('publint', join(bin, 'publint'), ['--strict', tarball]);
// node16: the sub-paths cannot be found by tools that do not read `exports`, which no Node.js we support is.
step('attw', join(bin, 'attw'), ['--profile', 'node16', '--no-emoji', tarball]);
const user = unpack(tarball);
const [module, script] = [printed(user, 'names.mjs'), printed(user, 'names.cjs')];
if (module !== script) throw new Error(`import and require differ:\n${module}${script}`);
const dist = join(user, 'node_modules/wavetank/dist');
const command = spawnSync(join(dist, 'cli/main.mjs'), ['--help'], { cwd: user });
if (command.status !== 0) throw new Error(`wavetank --help failed: ${command.stderr?.toString()}`);
writeFileSync(join(user, 'page.mjs'), pageProgram('await import'));
writeFileSync(join(user, 'page.cjs'), pageProgram('require'));
for (const file of ['page.mjs', 'page.cjs']) {
  const page = printed(user, file);
  if (!page.includes('<script type="application/json"')) throw new Error(`${file} wrote no page:\n${page}`);
}
// A scenario of another copy is none for the command line.
writeFileSync(join(user, 'one.sim.mts'), SCENARIO);
for (const words of [['check'], ['explore', '--runs', '60', '--workers', '2', '--reporter', 'dot']]) {
  const line = [join(dist, 'cli/main.mjs'), ...words, 'one.sim.mts'];
  const { status, stdout, stderr } = spawnSync(process.execPath, line, { cwd: user, encoding: 'utf8' });
  if (status !== 0) throw new Error(`wavetank ${words.join(' ')} failed:\n${stdout}${stderr}`);
}
for (const entry of ['index', 'register', 'node-test', 'cli/main', 'cli/workers/worker']) {
  const early = await packagesBeforeAmbient(join(dist, `${entry}.mjs`));
  if (early.length > 0) throw new Error(`${entry}.mjs loads ${early.join(', ')} before the ambient layer`);
}
console.log('The packed package loads through import, require and its command.');
