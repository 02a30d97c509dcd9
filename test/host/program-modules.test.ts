import assert from 'node:assert/strict';
import { test } from 'node:test';
import { program, type ProgramOptions } from '../../src/host/program.ts';
import { driven } from '../scenario/driven.ts';
import { programFiles, type ProgramFiles } from './program-files.ts';

// The kinds of modules a program is made of: CommonJS, ES modules, packages; what is shared and what is not.

const STAYS = 'setInterval(() => {}, 10);';

/** Boots two replicas of an entry file, the first twice, and gives the exports of each boot. */
async function boots(
  files: ProgramFiles,
  entry: string,
  options?: ProgramOptions,
): Promise<
  [first: Record<string, unknown>, second: Record<string, unknown>, again: Record<string, unknown>]
> {
  const replica = (): ReturnType<typeof program> => program(files.path(entry), options);
  const { value } = await driven({ hosts: { first: replica(), second: replica() } }, async (world) => {
    const copy = (host: string): Record<string, unknown> => ({ ...world.host(host).exports });
    const seen = [copy('first'), copy('second')];
    await world.host('first').restart();
    return [...seen, copy('first')];
  });
  return value as Awaited<ReturnType<typeof boots>>;
}

test('a CommonJS program keeps its sloppy mode, its module, and a cache for each incarnation', async () => {
  const files = programFiles({
    'package.json': '{}',
    'main.js': `#!/usr/bin/env node
      const { dirname, basename } = require('path');
      const first = require('./state');
      const second = require('./state.js');
      first.count++;
      function sloppy() { return this === globalThis; }
      function aliased(value) { arguments[0] = 'changed'; return value; }
      exports.sloppy = [sloppy(), aliased('given'), this === module.exports, delete Object.prototype];
      exports.same = first === second;
      exports.count = second.count;
      exports.isMain = [require.main === module, first.isMain, module.id, module.parent];
      exports.paths = [__filename === process.argv[1], __dirname === dirname(__filename)];
      exports.paths.push(basename(module.filename));
      exports.cached = [require.resolve('./state') in require.cache, require.cache[__filename] === module];
      exports.json = require('./settings.json').port++;
      exports.asynchronous = (async () => {}).constructor.name;
      exports.cycle = require('./left').seen;
      exports.tries = [1, 2].map(() => {
        try { require('./' + 'failing'); } catch (error) { return error.message; }
      });
      ${STAYS}`,
    'state.js': 'exports.count = 0; exports.isMain = require.main === module;',
    'failing.js': 'throw new Error("try " + (process.tries = (process.tries ?? 0) + 1));',
    'left.js': 'exports.early = 1; exports.seen = require("./right").seen;',
    'right.js': 'exports.seen = Object.keys(require("./left"));',
    'settings.json': '{ "port": 3000 }',
  });
  const each = await boots(files, 'main.js');
  for (const seen of each) {
    assert.deepEqual(seen, {
      sloppy: [true, 'changed', true, false],
      same: true,
      count: 1,
      isMain: [true, false, '.', undefined],
      paths: [true, true, 'main.js'],
      cached: [true, true],
      json: 3000,
      asynchronous: 'AsyncFunction',
      cycle: ['early'],
      tries: ['try 1', 'try 2'],
    });
  }
});

test('ES modules and CommonJS modules import each other', async () => {
  const files = programFiles({
    'main.mjs': `
      export const order = (globalThis.process.order ??= []);
      import './first.mjs';
      import old, { named } from './old.cjs';
      import './last.mjs';
      export const seen = [old.named, named, (await import('./old.cjs')).default === old];
      export const later = await old.later();
      export const strict = (function () { return this === undefined; })();
      ${STAYS}`,
    'first.mjs': '(process.order ??= []).push("first");',
    'last.mjs': 'process.order.push("last"); export const last = 1;',
    'old.cjs': `
      process.order.push('old ' + (function () { return this === globalThis; })());
      exports.named = require('./older.cjs') + 1;
      exports.later = async () => [
        (await import('./last.mjs')).last, (await import('node:path')).sep, require('./last.mjs').last,
      ];
    `,
    'older.cjs': 'module.exports = 41;',
  });
  for (const seen of await boots(files, 'main.mjs')) {
    assert.deepEqual(seen['order'], ['first', 'old true', 'last']);
    assert.deepEqual(seen['seen'], [42, 42, true]);
    assert.deepEqual(seen['later'], [1, '/', 1]);
    assert.equal(seen['strict'], true);
  }
});

test('TypeScript outside of "type": "module" has require, module and __dirname', async () => {
  const files = programFiles({
    'package.json': '{}',
    'node_modules/compiled/package.json': '{ "main": "main.js" }',
    'node_modules/compiled/main.js':
      'exports.__esModule = true; exports.default = "default"; exports.named = 1;',
    'node_modules/plain/package.json': '{ "exports": { "require": "./main.js", "import": "./main.mjs" } }',
    'node_modules/plain/main.js': 'module.exports = () => "called"; module.exports.property = 2;',
    'node_modules/plain/main.mjs': 'export default () => "wrong"; export const property = 3;',
    'main.ts': `
      import compiled, { named } from 'compiled';
      import plain, { property } from 'plain';
      import { helper } from './helper';
      import old = require('./old');
      const path = require('node:path');
      export const seen = [compiled, named, plain(), property, helper(), old.value];
      export const places = [path.basename(__filename), path.basename(path.join(__dirname, 'x'))];
      export const isMain = require.main === module;
      export const file = (require.main as any).filename === __filename;
      ${STAYS}`,
    'helper.ts': 'export function helper() { return require.main === module; }',
    'old.ts': 'const inner = require("./inner"); module.exports = { value: inner.value };',
    'inner.js': 'exports.value = "inner";',
  });
  for (const seen of await boots(files, 'main.ts')) {
    assert.deepEqual(seen, {
      seen: ['default', 1, 'called', 2, false, 'inner'],
      places: ['main.ts', 'x'],
      isMain: true,
      file: true,
    });
  }
});

const STATEFUL = {
  'node_modules/stateful/package.json': '{ "type": "module", "exports": "./main.js" }',
  'node_modules/stateful/main.js':
    'let count = 0; export const count_ = () => ++count; export default "stateful";',
  'node_modules/common/package.json': '{ "main": "main.js" }',
  'node_modules/common/main.js':
    'let count = 0; exports.next = () => ++count; exports.made = new Date().getFullYear();',
  'main.ts': `
    import name, { count_ } from 'stateful';
    import * as common from 'common';
    export const counts = [count_(), common.next(), common.default.next()];
    export const rest = [name, common.made];
    ${STAYS}`,
};

test('packages are loaded once and shared by hosts and incarnations', async () => {
  const each = await boots(programFiles(STATEFUL), 'main.ts');
  const counts = each.map((seen) => seen['counts']);
  assert.deepEqual(counts, [
    [1, 1, 2],
    [2, 3, 4],
    [3, 5, 6],
  ]);
  assert.notEqual((each[0]['rest'] as unknown[])[1], 2024, 'a package is loaded outside of every host');
});

test('a package that takes functions while it loads takes those that dispatch by host', async () => {
  const files = programFiles({
    'node_modules/taking/package.json': '{ "main": "main.js" }',
    'node_modules/taking/main.js':
      'const { setTimeout, Date, process: { env } } = globalThis;' +
      'exports.later = (call) => setTimeout(() => call(Date.now(), env.NAME), 20);',
    'main.ts': `
      import { later } from 'taking';
      export const seen: unknown[] = [];
      await new Promise<void>((resolve) => later((...now: unknown[]) => { seen.push(...now); resolve(); }));
      seen[0] = Number(seen[0]) - Date.now();
      ${STAYS}`,
  });
  for (const { seen } of await boots(files, 'main.ts', { env: { NAME: 'own' } }))
    assert.deepEqual(seen, [0, 'own']);
});

test('an isolated package is evaluated for each incarnation', async () => {
  const each = await boots(programFiles(STATEFUL), 'main.ts', { isolate: ['stateful', 'common'] });
  for (const { counts, rest } of each)
    assert.deepEqual(
      [counts, rest],
      [
        [1, 1, 2],
        ['stateful', 2024],
      ],
    );
});

test('undici is always isolated, because its timers are state of its modules', async () => {
  const files = programFiles({
    'main.ts': `
      import { Agent, request } from 'undici';
      export { Agent, request };
      ${STAYS}`,
  });
  const [first, second, again] = await boots(files, 'main.ts');
  assert.equal(typeof first['request'], 'function');
  assert.equal(new Set([first['Agent'], second['Agent'], again['Agent']]).size, 3);
});

test('a workspace package behind a link is the user’s own: evaluated for each incarnation', async () => {
  const files = programFiles({
    'packages/shared/package.json':
      '{ "name": "shared", "type": "module", "exports": "./main.ts", "sideEffects": false }',
    'packages/shared/main.ts': 'let count = 0; export const next = (): number => ++count;',
    'packages/shared/effect.ts': 'Reflect.set(process, "hasEffect", true);',
    'main.ts': `
      import { next } from 'shared';
      import './packages/shared/effect.ts';
      export const counts = [next(), Reflect.get(process, 'hasEffect')];
      ${STAYS}`,
  });
  files.link('node_modules/shared', 'packages/shared');
  for (const { counts } of await boots(files, 'main.ts')) assert.deepEqual(counts, [1, true]);
});

test('a built-in module, a package and a file of the user are replaced', async () => {
  const files = programFiles({
    ...STATEFUL,
    'main.ts': `
      import { hostname } from 'os';
      import { next } from 'common';
      import { mail } from './mail.js';
      export const seen = [hostname(), next(), mail()];
      ${STAYS}`,
    'mail.ts': 'export const mail = () => "really sent";',
    'fakes/os.ts':
      'import * as os from "node:os"; export const hostname = () => "fake " + typeof os.hostname;',
    'fakes/common.ts': 'let count = 10; export const next = () => ++count;',
    'fakes/mail.ts': 'import { mail as real } from "../mail.ts"; export const mail = () => "not " + real();',
  });
  const each = await boots(files, 'main.ts', {
    replace: {
      'node:os': files.path('fakes/os.ts'),
      common: files.path('fakes/common.ts'),
      [files.path('mail.ts')]: files.path('fakes/mail.ts'),
    },
  });
  for (const { seen } of each) assert.deepEqual(seen, ['fake function', 11, 'not really sent']);
});

test('dynamic imports need microtasks only; one that is no literal, or of nothing, fails', async () => {
  const files = programFiles({
    ...STATEFUL,
    'lazy.ts': 'export const lazy = 1;',
    'main.ts': `
      const outcome = (promise: Promise<any>) => promise.then(() => 'imported', (error) => String(error));
      const name = 'common';
      export const turns: string[] = [];
      setImmediate(() => turns.push('turn'));
      turns.push(String((await import('./lazy.js')).lazy));
      turns.push((await import('stateful')).default);
      turns.push(String((await import('common')).next() > 0));
      turns.push(typeof (await import('node:' + 'util')).inspect);
      turns.push('before the turn');
      export const failed = [await outcome(import(name)), await outcome(import('no-such-package'))];
      ${STAYS}`,
  });
  for (const { turns, failed } of await boots(files, 'main.ts')) {
    assert.deepEqual((turns as string[]).slice(0, 5), [
      '1',
      'stateful',
      'true',
      'function',
      'before the turn',
    ]);
    const [literal, missing] = failed as string[];
    assert.match(literal ?? '', /WT_ENVIRONMENT.*import\("common"\) was called with what is no literal/);
    assert.match(missing ?? '', /Cannot find module 'no-such-package'/);
  }
});

test('a CommonJS program may require what it only knows when it runs', async () => {
  const files = programFiles({
    'package.json': '{}',
    'routes/one.js': 'exports.name = "one"; exports.next = require("../state").next();',
    'routes/two.js': 'exports.name = "two"; exports.next = require("../state").next();',
    'state.js': 'let count = 0; exports.next = () => ++count;',
    'typed.ts': 'export const a = 1;',
    'main.js': `
      require('./state').next();
      const names = ['one', 'two'];
      exports.routes = names.map((name) => require('./routes/' + name)).map(({ name, next }) => name + next);
      exports.builtin = typeof require('node:' + 'path').join;
      exports.missing = ['./nowhere', './typed' + '.ts'].map((name) => {
        try { return require(name); } catch (error) { return error.code; }
      });
      ${STAYS}`,
  });
  for (const seen of await boots(files, 'main.js')) {
    assert.deepEqual(seen, {
      routes: ['one2', 'two3'],
      builtin: 'function',
      missing: ['MODULE_NOT_FOUND', 'WT_ENVIRONMENT'],
    });
  }
});

test('stack traces name the original lines', async () => {
  const files = programFiles({
    'main.ts': `
      import { fail } from './inner.js';
      interface Padding {
        readonly text: string;
      }
      export let trace = '';
      try { fail(); } catch (error) { trace = (error as Error).stack ?? ''; }
      ${STAYS}
    `,
    'inner.ts': `
      type Nothing = undefined;

      export function fail(): Nothing {
        throw new Error('failed');
      }
    `,
    'common.cts': `
      interface Nothing {}
      const thrown: Error = new Error('in CommonJS');
      exports.trace = thrown.stack;
      ${STAYS}
    `,
  });
  process.setSourceMapsEnabled(false);
  const [{ trace }] = await boots(files, 'main.ts');
  assert.match(String(trace), /Error: failed\n +at .*inner\.ts:5:15\)?\n +at .*main\.ts:7:13/);
  const [{ trace: common }] = await boots(files, 'common.cts');
  assert.match(String(common), /in CommonJS\n +at .*common\.cts:3:29/);
  process.setSourceMapsEnabled(true);
});
