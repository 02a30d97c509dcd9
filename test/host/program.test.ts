import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { acquireAmbient } from '../../src/ambient/install.ts';
import { handler } from '../../src/host/definition.ts';
import { program, type ProgramOptions } from '../../src/host/program.ts';
import { prepareProgram } from '../../src/host/program/prepare.ts';
import { asGuest, driven, sleep } from '../scenario/driven.ts';
import type { World } from '../../src/scenario/world.ts';
import { programFiles } from './program-files.ts';

// What a program is: its definition, and the evaluation of its own modules for each incarnation.

function exportsOf(world: World, host: string): Record<string, unknown> {
  return world.host(host).exports ?? {};
}

/** Boots the program `main.ts` of the files as the host `server`, and gives its exports. */
async function exported(
  files: Readonly<Record<string, string>>,
  options?: ProgramOptions & { entry?: string },
): Promise<Record<string, unknown>> {
  const { entry = 'main.ts', ...rest } = options ?? {};
  const server = program(programFiles(files).path(entry), rest);
  const { value } = await driven({ hosts: { server } }, (world) => ({ ...exportsOf(world, 'server') }));
  return value;
}

const COUNTER = {
  'main.ts': `
    import { count, increment } from './state.js';
    export { count, increment };
    export let ticks = 0;
    setInterval(() => ticks++, 100);
  `,
  'state.ts': `
    export let count = 0;
    export function increment(): number { return ++count; }
  `,
};

test('two replicas of one program have modules of their own, and a crash resets those of one', async () => {
  const entry = programFiles(COUNTER).path('main.ts');
  const run = async (): Promise<[unknown, string]> => {
    const { value, result } = await driven(
      { hosts: { first: program(entry), second: program(entry) } },
      async (world) => {
        const increment = (host: string): unknown => (exportsOf(world, host)['increment'] as () => number)();
        const counts = (): unknown[] => ['first', 'second'].map((host) => exportsOf(world, host)['count']);
        increment('first');
        increment('first');
        increment('second');
        await sleep(250);
        const seen = [counts(), exportsOf(world, 'first')['ticks']];
        world.host('first').crash();
        seen.push(counts());
        await world.host('first').restart();
        return [...seen, counts(), exportsOf(world, 'first')['ticks']];
      },
    );
    return [value, result.hash];
  };
  const once = await run();
  assert.deepEqual(once[0], [[2, 1], 2, [2, 1], [0, 1], 0]);
  assert.deepEqual(await run(), once);
});

test('exports are those of the moment, also while a program boots and after it crashed', async () => {
  const { path } = programFiles({
    'main.ts': `
      export let phase = 'early';
      await new Promise((resolve) => setTimeout(resolve, 50));
      phase = 'late';
      export const made = 1;
      export default class Thing {}
      export const { length: size } = 'four';
      setInterval(() => {}, 10);
    `,
  });
  const { value } = await driven({ hosts: { server: program(path('main.ts')) } }, async (world) => {
    const see = (): unknown[] => ['phase', 'made', 'size'].map((name) => exportsOf(world, 'server')[name]);
    const seen = [see()];
    void world.host('server').restart();
    await sleep(10);
    seen.push([world.host('server').isUp], see());
    await sleep(50);
    return [...seen, see(), Object.keys(exportsOf(world, 'server')).toSorted(), world.nowMs];
  });
  assert.deepEqual(value, [
    ['late', 1, 4],
    [false],
    ['early', undefined, undefined],
    ['late', 1, 4],
    ['default', 'made', 'phase', 'size'],
    110,
  ]);
});

test('without a top-level await the boot is synchronous, with one it waits for it', async () => {
  const files = programFiles({
    'plain.ts': `
      export const order: string[] = [];
      const await_ = async () => { await null; order.push('microtask'); };
      void await_();
      order.push('end of the module');
      setInterval(() => {}, 10);
    `,
    'waiting.ts': `
      import { setTimeout as sleep } from 'node:timers/promises';
      for await (const each of [sleep(30), sleep(40)]) void each;
      setInterval(() => {}, 10);
    `,
  });
  const hosts = { plain: program(files.path('plain.ts')), waiting: program(files.path('waiting.ts')) };
  const { value } = await driven({ hosts }, (world) => [exportsOf(world, 'plain')['order'], world.nowMs]);
  assert.deepEqual(value, [['end of the module', 'microtask'], 40]);
});

test('only a program that awaits on its top level is evaluated asynchronously', async () => {
  const files = programFiles({
    'plain.ts': 'export const later = async () => { await null; }; // await: a word in a comment',
    'call.js': 'await (0);',
    'loop.js': 'for await (const each of []) void each;',
  });
  const evaluated = async (name: string): Promise<unknown> => {
    const code = await prepareProgram({ entry: files.path(name), replace: new Map(), isolate: new Set() });
    const done = code.newEvaluation().run(() => {});
    await done;
    return done instanceof Promise;
  };
  const release = acquireAmbient();
  const answers = [await evaluated('plain.ts'), await evaluated('call.js'), await evaluated('loop.js')];
  release();
  assert.deepEqual(answers, [false, true, true]);
});

test('tsconfig decides about aliases, decorators and fields; JSON is a module', async () => {
  const files = {
    'tsconfig.json': JSON.stringify({
      compilerOptions: {
        paths: { '@app/*': ['./source/*'] },
        experimentalDecorators: true,
        useDefineForClassFields: false,
        target: 'es2022',
      },
    }),
    'source/names.ts': 'export const name = "aliased";',
    'source/routes.ts': `
      const taken = (target: object, key: string, at: number) => void Reflect.set(target, 'taken', key + at);
      export class Routes { find(@taken id: string) { return id; } }
    `,
    'settings.json': '{ "port": 3000 }',
    'main.ts': `
      import { name } from '@app/names';
      import { Routes } from './source/routes.ts';
      import settings from './settings.json' with { type: 'json' };
      function mark(target: object, key: string) { Reflect.set(target, 'marked', key); }
      class Service { @mark handle() {} declared: unknown; }
      settings.port++;
      const [service, routes] = [new Service(), new Routes()];
      export const seen = [
        name, settings.port, Reflect.get(service, 'marked'), 'declared' in service,
        Reflect.get(routes, 'taken'),
      ];
      setInterval(() => {}, 10);
    `,
  };
  const { seen } = await exported(files);
  assert.deepEqual(seen, ['aliased', 3001, 'handle', false, 'find0']);
  // The object of the JSON module is the incarnation's, too.
  assert.deepEqual((await exported(files))['seen'], seen);
});

test('each module keeps its import.meta, and each function its name', async () => {
  const files = programFiles({
    'package.json': '{ "type": "module" }',
    'main.mts': `
      import { fileURLToPath } from 'node:url';
      import * as inner from './inner/inner.mts';
      const __filename = fileURLToPath(import.meta.url);
      export const meta = [import.meta.url, import.meta.dirname, import.meta.filename, __filename];
      export const isMain = [process.argv[1] === __filename, import.meta.main, inner.isMain];
      export const innerMeta = inner.meta;
      export const text = 'import.meta.url';
      class Same {}
      export const names = [Same.name, inner.Same.name, typeof require];
      export const resolved = [import.meta.resolve('./inner/inner.mts'), import.meta.resolve('node:fs')];
      setInterval(() => {}, 10);
    `,
    'inner/inner.mts': `
      export const meta = [import.meta.url, import.meta.dirname];
      export const isMain = import.meta.main;
      export class Same {}
    `,
  });
  const { value } = await driven({ hosts: { server: program(files.path('main.mts')) } }, (world) => ({
    ...exportsOf(world, 'server'),
  }));
  const [main, inner] = [files.path('main.mts'), files.path('inner/inner.mts')];
  const hasMain = 'main' in import.meta;
  assert.deepEqual(value['meta'], [pathToFileURL(main).href, files.folder, main, main]);
  assert.deepEqual(value['innerMeta'], [pathToFileURL(inner).href, files.path('inner')]);
  assert.deepEqual(value['isMain'], hasMain ? [true, true, false] : [true, undefined, undefined]);
  assert.equal(value['text'], 'import.meta.url');
  assert.deepEqual(value['names'], ['Same', 'Same', 'undefined']);
  assert.deepEqual(value['resolved'], [pathToFileURL(inner).href, 'node:fs']);
});

test('a program talks to other hosts, and two runs of it are equal', async () => {
  const { path } = programFiles({
    'main.ts': `
      export const answers: string[] = [];
      setInterval(async () => {
        const response = await fetch(process.env.GREETER + '/' + Math.random());
        answers.push(await response.text() + ' ' + Date.now());
      }, 10);
    `,
  });
  const hosts = {
    greeter: handler(() => (request: Request) => new Response(new URL(request.url).pathname)),
    server: program(path('main.ts'), { env: { GREETER: 'http://greeter' } }),
  };
  const run = (seed: number): Promise<unknown> =>
    driven(
      { hosts },
      async (world) => {
        await sleep(100);
        return [...(exportsOf(world, 'server')['answers'] as string[])];
      },
      { seed },
    ).then(({ value, result }) => [value, result.hash]);
  const once = await run(1);
  assert.deepEqual(await run(1), once);
  assert.notDeepEqual(await run(2), once);
  assert.equal((once as [string[]])[0].length, 9);
});

test('a program that throws while it boots crashes its host, and its exports stay readable', async () => {
  const { path } = programFiles({
    'main.ts': `
      export let reached = 'first';
      throw new Error('no configuration');
      export const second = 1;
    `,
  });
  const { value, result } = await driven(
    { hosts: { server: program(path('main.ts')) } },
    (world) => [world.host('server').isUp, { ...exportsOf(world, 'server') }],
    { mayFail: true },
  );
  const { code, message } = result.violations[0] ?? {};
  assert.equal(code, 'WT_UNCAUGHT');
  assert.match(message ?? '', /crashed of an uncaught exception: Error: no configuration\n.*main\.ts:3:13/);
  assert.deepEqual(value, [false, { reached: 'first', second: undefined }]);
});

test('a rejected top-level await crashes the host', async () => {
  const { path } = programFiles({ 'main.ts': 'await Promise.reject(new TypeError("no database"));' });
  const { result } = await driven({ hosts: { server: program(path('main.ts')) } }, () => sleep(1), {
    mayFail: true,
  });
  assert.match(
    result.violations[0]?.message ?? '',
    /crashed of an uncaught exception: TypeError: no database/,
  );
});

test('a file that changed is bundled anew', async () => {
  const files = programFiles({ 'main.ts': 'export const version = 1; setInterval(() => {}, 10);' });
  const server = program(files.path('main.ts'));
  const version = (): Promise<unknown> =>
    driven({ hosts: { server } }, (world) => exportsOf(world, 'server')['version']).then(
      ({ value }) => value,
    );
  const before = await version();
  files.write('main.ts', 'export const version = "second"; setInterval(() => {}, 10);');
  assert.deepEqual([before, await version()], [1, 'second']);
});

test('the entry is a URL, an absolute path, or relative to the file that calls', async () => {
  const files = programFiles({ 'main.ts': 'export const here = 1; setInterval(() => {}, 10);' });
  const relativePath = `../../${files.folder.slice(files.folder.indexOf('.wavetank'))}/main.ts`;
  for (const entry of [pathToFileURL(files.path('main.ts')), files.path('main.ts'), relativePath]) {
    const { value } = await asGuest(
      { hosts: { server: program(entry) } },
      (world) => exportsOf(world, 'server')['here'],
    );
    assert.equal(value, 1);
  }
});

test('wrong definitions are refused before anything runs, and near misses are named', async () => {
  const { path } = programFiles({ 'main.ts': '', 'other.ts': '' });
  const refused = (define: () => unknown, message: RegExp): void => {
    assert.throws(define, (error: Error & { code?: string }) => {
      assert.equal(error.code, 'WT_OPTION');
      assert.match(error.message, message);
      return true;
    });
  };
  refused(() => program(path('mian.ts')), /got .*mian\.ts, which is none: did you mean "main\.ts"\?/);
  refused(() => program(path('missing/main.ts')), /there is no folder .*missing/);
  refused(() => program(path('.')), /to be a file/);
  refused(
    () => program(3 as never),
    /Expected `program\(entry\)` to be a path or a file URL, got `3` \(number\)/,
  );
  refused(() => program(path('main.ts'), { evn: {} } as never), /unknown option "evn": did you mean "env"\?/);
  refused(
    () => program(path('main.ts'), { env: { PORT: 3000 } as never }),
    /`env\.PORT` to be a string, got `3000`/,
  );
  refused(() => program(path('main.ts'), { env: 3 as never }), /`env` to be an object of strings/);
  refused(() => program(path('main.ts'), { args: [1] as never }), /`args` to be a list of strings/);
  refused(
    () => program(path('main.ts'), { isolate: 'undici' as never }),
    /`isolate` to be a list of strings/,
  );
  refused(
    () => program(path('main.ts'), { replace: { pg: path('othr.ts') } }),
    /replace\["pg"\].*did you mean "other/,
  );
  refused(() => program(path('main.ts'), { replace: { './gone.ts': path('other.ts') } }), /to be a file/);
  refused(() => program(path('main.ts'), { replace: [] as never }), /`replace` to be an object/);
});

test('a program that cannot be bundled says where', async () => {
  const { path } = programFiles({
    'syntax.ts': 'const const = 1;',
    'missing.ts': 'import { x } from "no-such-package"; console.log(x);',
    'name.ts': 'import { nonsense } from "node:fs"; console.log(nonsense); setInterval(() => {}, 10);',
  });
  const failing = async (name: string): Promise<Error> =>
    driven({ hosts: { server: program(path(name)) } }, () => sleep(1)).then(
      () => assert.fail(),
      (error: unknown) => error as Error,
    );
  assert.match(
    (await failing('syntax.ts')).message,
    /Expected to bundle the program .*syntax\.ts:1:7: Expected/s,
  );
  assert.match((await failing('missing.ts')).message, /Could not resolve "no-such-package"/);
  assert.match(
    (await failing('name.ts')).message,
    /SyntaxError: The requested module 'node:fs' does not provide an export named 'nonsense'/,
  );
});
