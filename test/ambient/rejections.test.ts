import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import { test } from 'node:test';
import { acquireAmbient } from '../../src/ambient/install.ts';
import { type FakeHost, FakeWorld, onHost } from './fake-host.ts';

/** Collects what reaches the listeners of the process while a body runs. */
async function reaching(names: string[], body: () => Promise<unknown>): Promise<[string, unknown][]> {
  const seen: [string, unknown][] = [];
  const emitter = process as NodeJS.EventEmitter;
  const others = names.map((name) => emitter.listeners(name) as (() => void)[]);
  const listeners = names.map((name) => (value: unknown) => void seen.push([name, value]));
  for (const [at, name] of names.entries()) {
    emitter.removeAllListeners(name);
    emitter.on(name, listeners[at] as () => void);
  }
  try {
    await body();
    await new Promise((resolve) => setTimeout(resolve, 1));
  } finally {
    for (const [at, name] of names.entries()) {
      emitter.off(name, listeners[at] as () => void);
      for (const other of others[at] ?? []) emitter.on(name, other);
    }
  }
  return seen;
}

const REJECTIONS = ['unhandledRejection', 'rejectionHandled', 'uncaughtException'];

test('an unhandled rejection reaches its host and nobody else', async () => {
  const error = new Error('nobody handles me');
  let host: FakeHost | undefined;
  const seen = await reaching(REJECTIONS, async () => {
    ({ host } = await onHost(
      async () => {
        void Promise.reject(error);
        setTimeout(() => void Promise.reject(new Error('later')), 10);
        await new Promise((resolve) => setTimeout(resolve, 20));
      },
      { mayFail: true },
    ));
  });
  assert.deepEqual(seen, []);
  assert.equal(host?.uncaughts.length, 2);
  assert.deepEqual(host.uncaughts[0], { error, origin: 'unhandledRejection' });
});

test('each of two hosts gets its own rejection', async () => {
  const release = acquireAmbient();
  const world = new FakeWorld();
  const hosts = [world.host('alpha'), world.host('beta')];
  await reaching(REJECTIONS, () =>
    world.run(() => {
      for (const host of hosts) host.run(() => void Promise.reject(new Error(host.name)));
    }),
  );
  release();
  assert.deepEqual(
    hosts.map((host) => host.uncaughts.map(({ error }) => (error as Error).message)),
    [['alpha'], ['beta']],
  );
});

test('a rejection handled late is kept from the process too', async () => {
  const seen = await reaching(REJECTIONS, () =>
    onHost(
      async () => {
        const rejected = Promise.reject(new Error('late'));
        await new Promise((resolve) => setTimeout(resolve, 10));
        await rejected.catch(() => {});
      },
      { mayFail: true },
    ),
  );
  assert.deepEqual(seen, []);
});

test('a rejection that is handled in time is none', async () => {
  const { host } = await onHost(async () => {
    const rejected = Promise.reject(new Error('in time'));
    await Promise.resolve();
    await Promise.resolve();
    process.nextTick(() => {});
    await rejected.catch(() => {});
  });
  assert.deepEqual(host.uncaughts, []);
});

test('outside a host rejections reach the process as ever', async () => {
  const release = acquireAmbient();
  const error = new Error('outside');
  const seen = await reaching(REJECTIONS, () =>
    new AsyncLocalStorage().run(1, async () => void Promise.reject(error)),
  );
  release();
  assert.deepEqual(seen, [['unhandledRejection', error]]);
});

test('what a host emits goes to its own listeners, outside of hosts everything is as ever', async () => {
  const heard: unknown[] = [];
  const seen = await reaching(['warning', 'wt-other'], async () => {
    const { value } = await onHost(() => {
      const emitter = process as NodeJS.EventEmitter;
      emitter.on('wt-other', (each) => heard.push(each)).on('warning', ({ message }) => heard.push(message));
      process.emitWarning('from a host');
      return [emitter.emit('wt-other', 5), emitter.emit('wt-nobody')];
    });
    assert.deepEqual(value, [true, false]);
    const release = acquireAmbient();
    (process as NodeJS.EventEmitter).emit('wt-other', 6);
    release();
  });
  assert.deepEqual(heard, [5, 'from a host']);
  assert.deepEqual(seen, [['wt-other', 6]]);
});
