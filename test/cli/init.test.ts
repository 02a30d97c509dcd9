// `wavetank init`, in temporary projects; what it writes is run as it stands.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { scenarioText, testText } from '../../src/cli/init-files.ts';
import { projectIn, type Framework, type TestRunner } from '../../src/cli/init-project.ts';
import { folderWith, run } from './command.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A project that finds the packages of this repository above it, and wavetank itself as it is here. */
function projectWith(manifest: object, files: Record<string, string> = {}): string {
  const all = Object.entries({ 'package.json': JSON.stringify(manifest), ...files });
  const parent = folderWith(Object.fromEntries(all.map(([path, text]) => [`app/${path}`, text])));
  symlinkSync(join(root, 'node_modules'), join(parent, 'node_modules'));
  const folder = join(parent, 'app');
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules/wavetank'));
  return folder;
}

function git(folder: string, ...words: string[]): void {
  const { status, stderr } = spawnSync('git', words, { cwd: folder, encoding: 'utf8' });
  assert.equal(status, 0, stderr);
}

const packages = (...names: string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, '*']));

describe('wavetank init', { concurrency: 2 }, () => {
  const written: [
    modules: 'esm' | 'commonjs',
    language: 'ts' | 'js',
    framework: Framework,
    dependencies: string[],
  ][] = [
    ['esm', 'ts', 'none', ['typescript']],
    ['commonjs', 'ts', 'express', ['typescript', 'express', 'tsx', 'wavetank']],
    ['esm', 'js', 'hono', ['hono']],
    ['commonjs', 'js', 'fastify', ['fastify', 'wavetank']],
  ];
  for (const [modules, language, framework, dependencies] of written) {
    test(`writes what passes as it stands: ${modules}, ${language}, ${framework}`, async () => {
      const manifest = {
        devDependencies: packages(...dependencies),
        ...(modules === 'esm' ? { type: 'module' } : {}),
      };
      const folder = projectWith(manifest);
      const { code, stdout, stderr } = await run(folder, ['init']);
      assert.deepEqual([code, stderr], [0, '']);
      assert.match(stdout, new RegExp(`written {2}test/checkout\\.sim\\.${language}$`, 'm'));
      assert.match(stdout, /^There is no git repository here/m);
      const install = /^ {2}npm install --save-dev (.*)$/m.exec(stdout)?.[1];
      const missing = ['wavetank', ...(language === 'ts' ? ['tsx'] : [])].filter(
        (name) => !dependencies.includes(name),
      );
      assert.equal(install, missing.length === 0 ? undefined : missing.join(' '));

      const explored = await run(folder, ['explore', '--runs', '20']);
      assert.deepEqual([explored.code, explored.stderr], [0, ''], explored.stdout);
      assert.match(explored.stdout, /^checkout passed: 20 runs/m);

      const line = /^ {2}node (.*)$/m.exec(stdout)?.[1] ?? '';
      const { NODE_TEST_CONTEXT: _, ...env } = process.env;
      const words = [
        '--conditions=wavetank-source',
        '--import',
        import.meta.resolve('tsx'),
        ...line.split(' '),
      ];
      const tested = spawnSync(process.execPath, words, { cwd: folder, env, encoding: 'utf8' });
      assert.equal(tested.status, 0, tested.stdout + tested.stderr);
      assert.match(tested.stdout, /^. pass 1$/m);
    });
  }

  test('finds a fault where the service is made worse as the comment says', async () => {
    const folder = projectWith({ type: 'module', devDependencies: packages('typescript') });
    await run(folder, ['init']);
    const file = join(folder, 'test/checkout.sim.ts');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace('if (!charges.includes(order)) ', ''));
    const { code, stdout } = await run(folder, ['explore']);
    assert.equal(code, 1);
    assert.match(stdout, /`an order is charged at most once` is illegal/);
  });

  test('replaces no file, and says so', async () => {
    const folder = projectWith({ type: 'module' }, { 'tests/checkout.sim.js': 'mine' });
    git(folder, 'init', '--quiet');
    writeFileSync(join(folder, '.git/hooks/pre-commit'), 'mine too');
    const { code, stdout } = await run(folder, ['init']);
    assert.equal(code, 0);
    assert.match(stdout, /kept {5}tests\/checkout\.sim\.js: there is one already/);
    assert.match(
      stdout,
      /kept {5}\.git\/hooks\/pre-commit: there is one already, add to it: npx wavetank check --time 5s/,
    );
    assert.match(stdout, /written {2}tests\/checkout\.test\.js/);
    assert.equal(readFileSync(join(folder, 'tests/checkout.sim.js'), 'utf8'), 'mine');
    assert.equal(readFileSync(join(folder, '.git/hooks/pre-commit'), 'utf8'), 'mine too');
  });

  test('writes nothing on a dry run, and says what it would write', async () => {
    const folder = projectWith({}, { '__tests__/checkout.sim.js': 'mine' });
    git(folder, 'init', '--quiet');
    const { code, stdout } = await run(folder, ['init', '--dry-run']);
    assert.equal(code, 0);
    assert.match(stdout, /kept {5}__tests__\/checkout\.sim\.js/);
    assert.match(stdout, /would write __tests__\/checkout\.test\.js/);
    assert.match(stdout, /would write \.git\/hooks\/pre-commit/);
    assert.throws(() => statSync(join(folder, '__tests__/checkout.test.js')));
    assert.throws(() => statSync(join(folder, '.git/hooks/pre-commit')));
  });

  test('writes a hook that git runs, also for a package deep in its repository', async () => {
    const top = folderWith({
      "a 'b'/package.json": '{}',
      'bin/npx': '#!/bin/sh\necho "$(pwd) $*" > called\nexit 7\n',
    });
    git(top, 'init', '--quiet');
    git(top, 'config', 'core.hooksPath', 'hooks');
    const folder = join(top, "a 'b'");
    const { stdout } = await run(folder, ['init']);
    assert.match(stdout, /written {2}.*hooks\/pre-commit$/m);
    assert.notEqual(statSync(join(top, 'hooks/pre-commit')).mode & 0o100, 0);
    assert.equal(spawnSync('chmod', ['+x', join(top, 'bin/npx')]).status, 0);
    const env = { ...process.env, PATH: `${join(top, 'bin')}:${process.env.PATH}` };
    const words = ['-c', 'user.name=x', '-c', 'user.email=x@y', 'commit', '--allow-empty', '-m', 'x'];
    const commit = spawnSync('git', words, { cwd: top, env, encoding: 'utf8' });
    assert.notEqual(commit.status, 0, 'a check that fails keeps the commit back');
    const called = readFileSync(join(folder, 'called'), 'utf8');
    assert.ok(called.endsWith("/a 'b' wavetank check --time 5s --changed\n"), called);
  });

  const hooks: [name: string, manifest: object, file: string, text: RegExp][] = [
    ['husky', { devDependencies: packages('husky') }, 'x', /\.husky\/pre-commit:\n {2}npx wavetank check/],
    ['lefthook', {}, 'lefthook.yml', /pre-commit:\n +commands:\n +wavetank:\n +run: npx wavetank check/],
    ['simple-git-hooks', { 'simple-git-hooks': {} }, 'x', /"pre-commit": "npx wavetank check/],
  ];
  for (const [name, manifest, file, text] of hooks) {
    test(`leaves hooks to ${name}, and prints the lines for it`, async () => {
      const folder = projectWith(manifest, { [file]: '' });
      git(folder, 'init', '--quiet');
      const { stdout } = await run(folder, ['init']);
      assert.match(stdout, text);
      assert.doesNotMatch(stdout, /written.*pre-commit/);
      assert.throws(() => statSync(join(folder, '.git/hooks/pre-commit')));
    });
  }

  test('refuses a folder without a package.json, and one that cannot be read', async () => {
    const missing = await run(folderWith({ 'readme.md': '' }), ['init']);
    assert.equal(missing.code, 2);
    assert.match(
      missing.stderr,
      /^UsageError: Expected a package\.json in .*, got none\. Make one: `npm init`\./,
    );
    const broken = await run(folderWith({ 'package.json': '{' }), ['init']);
    assert.equal(broken.code, 2);
    assert.match(broken.stderr, /^UsageError: .*package\.json cannot be read/);
  });
});

describe('a project, as wavetank init sees it', () => {
  const runners: [manifest: object, runner: TestRunner, language: 'ts' | 'js'][] = [
    [{ devDependencies: packages('vitest', 'typescript') }, 'vitest', 'ts'],
    [{ devDependencies: packages('jest', 'typescript') }, 'jest', 'js'],
    [{ devDependencies: packages('jest', 'ts-jest', 'typescript') }, 'jest', 'ts'],
    [{ jest: {} }, 'jest', 'js'],
    [{ dependencies: packages('typescript') }, 'node:test', 'ts'],
  ];
  for (const [manifest, runner, language] of runners) {
    test(`has ${runner} and ${language}: ${JSON.stringify(manifest)}`, () => {
      const found = projectIn(folderWith({ 'package.json': JSON.stringify(manifest) }));
      assert.deepEqual([found.runner, found.language], [runner, language]);
    });
  }

  const lines: [runner: TestRunner, language: 'ts' | 'js', modules: 'esm' | 'commonjs', lines: string[]][] = [
    ['vitest', 'ts', 'esm', ["import { test } from 'vitest';", "import scenario from './checkout.sim.js';"]],
    ['vitest', 'js', 'commonjs', ["import { test } from 'vitest';"]],
    ['jest', 'js', 'commonjs', ["const scenario = require('./checkout.sim.js');", '}, 60_000);']],
    ['jest', 'ts', 'commonjs', ["import scenario from './checkout.sim';"]],
    ['node:test', 'js', 'commonjs', ["const { test } = require('node:test');", '});']],
  ];
  for (const [runner, language, modules, wanted] of lines) {
    test(`gets a test of ${runner} in ${language}, ${modules}`, () => {
      const project = { ...projectIn(folderWith({ 'package.json': '{}' })), runner, language, modules };
      const text = testText(project).split('\n');
      for (const line of wanted) assert.ok(text.includes(line), text.join('\n'));
    });
  }

  test('gets TypeScript that the strictest compiler takes', () => {
    const strict = [
      'strict',
      'noImplicitAny',
      'noPropertyAccessFromIndexSignature',
      'noUncheckedIndexedAccess',
    ];
    const options = Object.fromEntries(strict.map((name) => [name, true]));
    const folder = projectWith(
      { type: 'module' },
      {
        'tsconfig.json': JSON.stringify({
          compilerOptions: {
            ...options,
            ...{ target: 'es2023', module: 'nodenext', noEmit: true, skipLibCheck: true },
            ...{ types: ['node'], customConditions: [] },
          },
          include: ['test'],
        }),
      },
    );
    const base = projectIn(folder);
    const frameworks: Framework[] = ['none', 'hono', 'express', 'fastify'];
    mkdirSync(join(folder, 'test'));
    for (const framework of frameworks) {
      const project = { ...base, framework, language: 'ts' } as const;
      writeFileSync(join(folder, `test/${framework}.sim.ts`), scenarioText(project));
    }
    const compiler = join(root, 'node_modules/typescript/bin/tsc');
    const { status, stdout } = spawnSync(process.execPath, [compiler, '-p', folder], { encoding: 'utf8' });
    assert.equal(status, 0, stdout);
  });
});
