import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import { EventEmitter } from 'node:events';
import { nextTick } from 'node:process';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { isAlike, thrownBy } from './alike.ts';
import { onHost } from './fake-host.ts';

test('ticks, microtasks and promises keep their order', () =>
  isAlike(async () => {
    const log: unknown[] = [];
    setImmediate(() => log.push('immediate'));
    queueMicrotask(() => log.push('microtask'));
    void Promise.resolve().then(() => log.push('promise'));
    process.nextTick((...args: unknown[]) => log.push('tick', ...args), 1, 2);
    nextTick(() => {
      log.push('tick 2');
      process.nextTick(() => log.push('tick in tick'));
      queueMicrotask(() => log.push('microtask in tick'));
    });
    await new Promise((resolve) => setImmediate(resolve));
    return log;
  }));

test('callbacks have no this, and nothing is returned', () =>
  isAlike(async () => {
    const log: unknown[] = [];
    const note = function (this: unknown): void {
      log.push(this === undefined);
    };
    const returned = [process.nextTick(note), queueMicrotask(note)];
    await new Promise((resolve) => setImmediate(resolve));
    return [log, returned];
  }));

test('wrong callbacks are refused as by Node.js', () =>
  isAlike(() => [
    thrownBy(() => process.nextTick(undefined as never)),
    thrownBy(() => process.nextTick('x' as never)),
    thrownBy(() => queueMicrotask(undefined as never)),
    thrownBy(() => queueMicrotask({} as never)),
  ]));

test('an exception in a tick or microtask reaches the host, and the run goes on', async () => {
  const { host, value } = await onHost(
    async () => {
      process.nextTick(() => {
        throw new Error('tick');
      });
      queueMicrotask(() => {
        throw new Error('microtask');
      });
      await new Promise((resolve) => setTimeout(resolve, 10));
      return 'went on';
    },
    { mayFail: true },
  );
  assert.equal(value, 'went on');
  const messages = host.uncaughts.map(({ error, origin }) => [(error as Error).message, origin]);
  assert.deepEqual(messages, [
    ['tick', 'uncaughtException'],
    ['microtask', 'uncaughtException'],
  ]);
});

test('an exception that Node.js throws in a tick of its own reaches the host', async () => {
  const { host } = await onHost(
    async () => {
      new Readable({ read() {} }).destroy(new Error('stream'));
      const target = new EventTarget();
      target.addEventListener('x', () => {
        throw new Error('listener');
      });
      target.dispatchEvent(new Event('x'));
      await new Promise((resolve) => setTimeout(resolve, 1));
      assert.throws(() => new EventEmitter().emit('error', new Error('sync')), /sync/);
    },
    { mayFail: true },
  );
  assert.deepEqual(host.uncaughts.map(({ error }) => (error as Error).message).toSorted(), [
    'listener',
    'stream',
  ]);
});

test('a host that may not tick any more queues nothing', async () => {
  const { host, value } = await onHost((self) => {
    const log: unknown[] = [];
    self.ticksLeft = 3;
    const forever = (): void => {
      log.push('tick');
      process.nextTick(forever);
    };
    process.nextTick(forever);
    queueMicrotask(() => {
      log.push('microtask');
      queueMicrotask(() => log.push('refused'));
    });
    return log;
  });
  assert.deepEqual(value, ['tick', 'tick', 'microtask']);
  assert.ok(host.ticksLeft < 0);
});

test('ticks and microtasks run in the context they were set in', () =>
  isAlike(async () => {
    const storage = new AsyncLocalStorage<string>();
    const log: unknown[] = [];
    storage.run('a', () => process.nextTick(() => log.push(storage.getStore())));
    storage.run('b', () => queueMicrotask(() => log.push(storage.getStore())));
    await new Promise((resolve) => setImmediate(resolve));
    return log;
  }));
