// `wavetank check`: one line when all is well, the story of what failed, and only what changed.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { filesOf, isTouched } from '../../src/cli/import-graph.ts';
import { folderWith, run, wavetank } from './command.ts';

const scenario = (name: string, drive = '', more = ''): string => `
  import { daemon, defineScenario, program } from ${JSON.stringify(wavetank)};
  ${more}
  export default defineScenario({
    name: ${JSON.stringify(name)},
    hosts: { a: daemon(() => {}) },
    async drive() { ${drive} },
  });`;

function git(folder: string, ...words: string[]): void {
  const who = ['-c', 'user.name=x', '-c', 'user.email=x@example.com', '-c', 'commit.gpgsign=false'];
  execFileSync('git', [...who, ...words], { cwd: folder, stdio: 'ignore' });
}

describe('wavetank check', { concurrency: 2 }, () => {
  test('prints one line with the seed when all is well, even if there is no time', async () => {
    const folder = folderWith({ 'a.sim.ts': scenario('first'), 'b.sim.ts': scenario('second') });
    const { code, stdout, stderr } = await run(folder, ['check', '--time', '1ms']);
    assert.deepEqual([code, stderr], [0, '']);
    const [, runs, seed] =
      /^check passed: 2 scenarios, (\d+) runs in \d+\.\d s, seed (\d+)\n$/.exec(stdout) ?? [];
    assert.ok(Number(runs) >= 2 && seed !== undefined, stdout);
    const again = await run(folder, ['check', 'a.sim.ts', '--time', '1ms', '--seed', seed]);
    assert.match(again.stdout, new RegExp(`^check passed: 1 scenario, .* seed ${seed}\\n$`));
  });

  test('tells what failed, and exits with 1', async () => {
    const folder = folderWith({
      'a.sim.ts': scenario('first'),
      'b.sim.ts': scenario('second', 'throw new TypeError("planted")'),
    });
    const { code, stdout } = await run(folder, ['check', '--time', '1ms']);
    assert.equal(code, 1);
    assert.match(stdout, /^CheckFailure \[WT_DRIVE_THREW\]: .*planted/);
    assert.match(stdout, /replay: npx wavetank replay b\.sim\.ts wt1:/);
    assert.match(stdout, /^check failed: 1 of 2 scenarios, /m);
    assert.doesNotMatch(stdout, /^first/m);
  });

  test('code that ends the process is no success', async () => {
    const registry = `const { storage } = globalThis[Symbol.for('wavetank')];`;
    const text = scenario('first', `${registry} storage.exit(() => process.exit(0));`);
    const { code, stderr } = await run(folderWith({ 'a.sim.ts': text }), ['check', '--time', '1ms']);
    assert.deepEqual([code, stderr.includes('was ended from within')], [70, true]);
  });

  test('--changed checks the scenarios that changed files are part of', async () => {
    const folder = folderWith({
      'one.sim.ts': scenario('one', '', `import { x } from './lib/x'; void x; program('./lib/server.ts');`),
      'two.sim.ts': scenario('two'),
      'lib/x.ts': `export { y as x } from './y.ts';`,
      'lib/y.ts': 'export const y = 1;',
      'lib/server.ts': `import './deep.ts';`,
      'lib/deep.ts': 'export const deep = 1;',
      '.gitignore': '.wavetank\n',
    });
    git(folder, 'init', '-q');
    const first = await run(folder, ['check', '--changed', '--time', '1ms']);
    assert.match(first.stdout, /^check passed: 2 scenarios/, 'without a commit everything is new');
    git(folder, 'add', '-A');
    git(folder, 'commit', '-qm', 'all');
    const none = await run(folder, ['check', '--changed']);
    assert.deepEqual(
      [none.code, none.stdout],
      [0, 'check passed: nothing that changed is part of a scenario\n'],
    );
    writeFileSync(join(folder, 'lib/deep.ts'), 'export const deep = 2;');
    mkdirSync(join(folder, 'sub'));
    writeFileSync(join(folder, 'sub/three.sim.ts'), scenario('three'));
    const some = await run(folder, ['check', '--changed', '--time', '1ms', '--reporter', 'json']);
    const namesIn = (text: string): string[] =>
      (JSON.parse(text) as { scenarios: { name: string }[] }).scenarios.map(({ name }) => name);
    assert.deepEqual(
      namesIn(some.stdout),
      ['one', 'three'],
      'through a program, and a file that git does not know',
    );
    git(folder, 'config', 'diff.relative', 'true');
    const empty = join(folder, 'lib/empty');
    mkdirSync(empty);
    const below = await run(empty, ['check', '../..', '--changed', '--time', '1ms', '--reporter', 'json']);
    assert.deepEqual(namesIn(below.stdout), ['one', 'three'], 'from a folder below');
    rmSync(join(folder, '.git'), { recursive: true });
    const nowhere = await run(folder, ['check', '--changed']);
    assert.deepEqual([nowhere.code, nowhere.stderr.startsWith('UsageError: --changed asks git')], [2, true]);
  });
});

test('the files of a scenario are what it imports and names, and what those import', async () => {
  const folder = realpathSync(
    folderWith({
      'a.sim.ts': `import './b'; import 'nowhere'; const file = new URL("./seed.json", import.meta.url);`,
      'b.ts': 'export const entry = `./c.mjs`;',
      'c.mjs': `import d from './d.cjs';`,
      'd.cjs': `require('./e.json');`,
      'e.json': '{}',
      'seed.json': '{}',
      'f.ts': '',
      'broken.sim.ts': `import './gone.ts';`,
    }),
  );
  const at = (name: string): string => join(folder, name);
  const names = ['a.sim.ts', 'b.ts', 'c.mjs', 'd.cjs', 'e.json', 'seed.json'];
  assert.deepEqual([...((await filesOf(at('a.sim.ts'))) ?? [])].toSorted(), names.map(at));
  const isPart = (name: string): Promise<boolean> => isTouched(at('a.sim.ts'), new Set([at(name)]));
  assert.deepEqual(await Promise.all(['e.json', 'f.ts', 'x/package.json'].map(isPart)), [true, false, true]);
  assert.equal(await isPart('a.sim.regressions.json'), true);
  assert.equal(await isTouched(at('broken.sim.ts'), new Set([at('f.ts')])), true, 'nobody knows');
});
