// What cannot be made deterministic is stopped at the call, with an error that says what to do.

import assert from 'node:assert/strict';
import childProcess from 'node:child_process';
import cluster from 'node:cluster';
import perfHooks from 'node:perf_hooks';
import process from 'node:process';
import { describe, test } from 'node:test';
import { promisify } from 'node:util';
import workers from 'node:worker_threads';
import { acquireAmbient, patchedProperties } from '../../src/ambient/install.ts';
import { escape } from '../../src/ambient/traps/trap.ts';
import { EscapeError } from '../../src/errors.ts';
import { rejectionOf } from './alike.ts';
import { onHost } from './fake-host.ts';
import { trapCalls } from './trap-calls.ts';
import { escapesOf, knownTexts, textOf, trappedApis } from './trap-texts.ts';

describe('a trapped call says', () => {
  const known = knownTexts();
  for (const api of trappedApis()) {
    test(`${api}: exactly what is expected`, async () => {
      assert.ok(api in trapCalls, `trap-calls.ts has no program that calls ${api}`);
      const { noted, thrown } = await escapesOf(api);
      const [error] = noted;
      assert.ok(error instanceof EscapeError);
      assert.equal(thrown, error, 'what is noted is what the code gets');
      assert.equal(noted.length, 1);
      assert.equal(error.api, api);
      assert.match(error.site ?? '', /^test\/ambient\/trap-calls\.ts:\d+:\d+$/);
      assert.equal(textOf(error), known.get(api));
    });
  }

  test('nothing for what is not on the list', () => {
    const apis = trappedApis();
    const [extra] = [...known.keys()].filter(
      (api) => !apis.includes(api) && !/^v2[024]/.test(process.version),
    );
    assert.equal(extra, undefined);
  });
});

test('an escape has its data as fields, and does not depend on what the code does with it', async () => {
  const { host } = await onHost(async () => {
    await new Promise((resolve) => setTimeout(resolve, 25));
    try {
      childProcess.spawn('git');
    } catch {
      // The code under test may swallow it; the run knows.
    }
  });
  const [error] = host.escapes;
  assert.ok(error);
  const { code, api, host: name, atMs, name: title } = error;
  assert.deepEqual(
    { code, api, name, atMs, title },
    {
      code: 'WT_ESCAPE',
      api: 'child_process.spawn',
      name: 'alpha',
      atMs: 25,
      title: 'EscapeError [WT_ESCAPE]',
    },
  );
  assert.match(error.site ?? '', /^test\/ambient\/traps\.test\.ts:\d+:\d+$/);
});

test('arguments are shown shortly', async () => {
  const shown = async (...args: unknown[]): Promise<string> => {
    const { host } = await onHost((own) => escape(own, 'api', args, 'Out.'), { mayFail: true });
    return /called `api\((.*)\)`/.exec(host.escapes[0]?.message ?? '')?.[1] ?? '';
  };
  assert.equal(await shown(), '');
  assert.equal(await shown('text', 1, 1n, null, undefined, true), '"text", 1, 1, null, undefined, true');
  assert.equal(await shown({}, { a: 1 }, [], [1, 'two']), '{}, { ... }, [], [1, "two"]');
  assert.equal(await shown(new Map(), new URL('file:///a'), () => {}), 'Map, URL file:///a, () => ...');
  assert.equal(await shown(Object.create(null)), '{}');
  assert.equal(await shown('x'.repeat(100)), `"${'x'.repeat(36)}...`);
});

test('functions that were taken earlier, or made by promisify, are stopped below', async () => {
  const exec = promisify(childProcess.exec);
  const { spawn } = childProcess;
  const { host, value } = await onHost(async () => [
    ((await rejectionOf(async () => exec('git'))) as { code: string }).code,
    ((await rejectionOf(async () => spawn('git'))) as { code: string }).code,
  ]);
  assert.deepEqual(value, ['WT_ESCAPE', 'WT_ESCAPE']);
  assert.deepEqual(
    host.escapes.map(({ api }) => api),
    ['child_process.execFile', 'child_process.ChildProcess.spawn'],
  );
});

test('outside of a host everything trapped works, and looks as it always does', async () => {
  const { exec } = childProcess;
  const names = [childProcess.exec.name, childProcess.exec.length, workers.Worker.name];
  const release = acquireAmbient();
  try {
    assert.deepEqual([childProcess.exec.name, childProcess.exec.length, workers.Worker.name], names);
    const node = JSON.stringify(process.execPath);
    const { stdout } = await promisify(childProcess.exec)(`${node} -p 1+1`);
    assert.equal(stdout.trim(), '2');
    assert.notEqual(childProcess.exec, exec);
    class Own extends workers.Worker {}
    const worker = new Own('', { eval: true });
    assert.ok(worker instanceof Own && worker instanceof workers.Worker);
    await worker.terminate();
    const channel = new BroadcastChannel('here');
    assert.ok(channel instanceof BroadcastChannel && channel instanceof workers.BroadcastChannel);
    channel.close();
    assert.equal(perfHooks.performance.timerify(() => 5)(), 5);
  } finally {
    release();
  }
  assert.equal(childProcess.exec, exec);
});

test('a subclass of a trapped class is stopped, too', async () => {
  const { host, value } = await onHost(
    () => {
      class Own extends workers.Worker {}
      return new Own('worker.js');
    },
    { mayFail: true },
  );
  assert.equal(value, undefined);
  assert.deepEqual(
    host.escapes.map(({ api }) => api),
    ['worker_threads.Worker'],
  );
});

test('harmless uses of trapped modules are let through', async () => {
  const { host, value } = await onHost(() => [
    cluster.isPrimary,
    workers.isMainThread,
    typeof (process as unknown as { binding(name: string): unknown }).binding('constants'),
    new perfHooks.PerformanceObserver(() => {}).observe({ entryTypes: ['gc'] }),
  ]);
  assert.deepEqual(value, [true, true, 'object', undefined]);
  assert.deepEqual(host.escapes, []);
});

test('patches that are put in place again are the same', () => {
  acquireAmbient()();
  const release = acquireAmbient();
  const first = patchedProperties();
  release();
  const releaseAgain = acquireAmbient();
  const second = patchedProperties();
  releaseAgain();
  assert.equal(first, second);
});

test('a module that is loaded while wavetank is installed is trapped from then on', async () => {
  const release = acquireAmbient();
  try {
    const loaded = process.getBuiltinModule('node:repl');
    assert.ok(patchedProperties().some(({ name }) => name === 'repl.start'));
    const { host } = await onHost(() => loaded.start(), { mayFail: true });
    assert.deepEqual(
      host.escapes.map(({ api }) => api),
      ['repl.start'],
    );
  } finally {
    release();
  }
  assert.deepEqual(patchedProperties(), []);
});
