import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import * as named from 'node:timers';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { acquireAmbient } from '../../src/ambient/install.ts';
import { isAlike, thrownBy } from './alike.ts';
import { onHost } from './fake-host.ts';

type Timer = NodeJS.Timeout;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('an interval goes on until it is cleared, also in its own callback', () =>
  isAlike(async () => {
    const log: unknown[] = [];
    await new Promise<void>((resolve) => {
      const interval = setInterval(() => {
        log.push(log.length);
        if (log.length < 3) return;
        clearInterval(interval);
        setTimeout(resolve, 5);
      }, 1);
    });
    return log;
  }));

test('callbacks get their arguments, and their timer as this', () =>
  isAlike(async () => {
    const log: unknown[] = [];
    const note = function (this: unknown, ...args: unknown[]): void {
      log.push([known.includes(this), ...args]);
    };
    const known: unknown[] = [
      setTimeout(note, 1, 'a', undefined, 'b'),
      setTimeout(note),
      setImmediate(note, 'c'),
    ];
    const interval: Timer = setInterval(
      function (this: unknown, ...args: unknown[]) {
        log.push([this === interval, ...args]);
        clearInterval(interval);
      },
      1,
      'd',
    );
    await pause(5);
    return log.map(String).toSorted();
  }));

test('delays of every kind become whole milliseconds', async () => {
  const { value } = await onHost(async () => {
    const times: [unknown, number][] = [];
    const delays = [0, -5, 1.9, '7', null, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31, 2 ** 31 - 1];
    for (const delay of delays) setTimeout(() => times.push([delay, performance.now()]), delay as number);
    await pause(2 ** 31 - 1);
    return times;
  });
  assert.deepEqual(value, [
    [0, 1],
    [-5, 1],
    [1.9, 1],
    [null, 1],
    [Number.NaN, 1],
    [Number.POSITIVE_INFINITY, 1],
    [2 ** 31, 1],
    ['7', 7],
    [2 ** 31 - 1, 2 ** 31 - 1],
  ]);
});

test('wrong callbacks are refused as by Node.js', () =>
  isAlike(() => {
    const wrong = [undefined, null, 'code', 5, {}];
    const setters = [setTimeout, setInterval, setImmediate] as ((callback: unknown) => unknown)[];
    return setters.flatMap((set) => wrong.map((callback) => thrownBy(() => set(callback))));
  }));

test('timers due together keep their order, immediates come between loop turns', () =>
  isAlike(async () => {
    const log: unknown[] = [];
    setImmediate(() => {
      log.push('immediate 1');
      setImmediate(() => log.push('immediate of immediate'));
      process.nextTick(() => log.push('tick of immediate'));
    });
    setImmediate(() => log.push('immediate 2'));
    const cleared = setImmediate(() => log.push('cleared'));
    clearImmediate(cleared);
    await turn();
    await turn();
    for (let i = 0; i < 3; i++) setTimeout(() => log.push(`timeout ${i}`), 2);
    await pause(6);
    return log;
  }));

test('an interval whose callback throws goes on, if the host survives it', async () => {
  const { value } = await onHost(
    async () => {
      let firings = 0;
      const interval = setInterval(() => {
        firings++;
        throw new Error('each time');
      }, 10);
      await pause(35);
      clearInterval(interval);
      return firings;
    },
    { mayFail: true },
  );
  assert.equal(value, 3);
});

test('user contexts propagate through timers', () =>
  isAlike(async () => {
    const storage = new AsyncLocalStorage<string>();
    const log: unknown[] = [];
    const note = (): unknown => log.push(storage.getStore());
    storage.run('timeout', () => setTimeout(note, 1));
    storage.run('immediate', () => setImmediate(note));
    storage.run('interval', () => {
      const interval = setInterval(() => {
        note();
        clearInterval(interval);
      }, 1);
    });
    await storage.run('promise', async () => {
      await pause(3);
      note();
    });
    return log.map(String).toSorted();
  }));

test('promisified timers give the value, and can be aborted', async () => {
  const { value } = await onHost(async () => {
    const sleep = promisify(setTimeout);
    const next = promisify(setImmediate);
    const result = [await sleep(50, 'a'), performance.now(), await next('b')];
    const aborted = await sleep(50, 'c', { signal: AbortSignal.abort() }).catch(
      (error: unknown) => (error as Error).name,
    );
    return [...result, aborted];
  });
  assert.deepEqual(value, ['a', 50, 'b', 'AbortError']);
});

test('a named import is the host timer, and a host that is gone arms nothing', async () => {
  const { value, host, engine } = await onHost(async () => {
    await new Promise((resolve) => named.setTimeout(resolve, 3_600_000));
    return performance.now();
  });
  assert.equal(value, 3_600_000);
  host.state = 'gone';
  const release = acquireAmbient();
  host.run(() => {
    setTimeout(() => {}, 1);
    setImmediate(() => {});
  });
  release();
  assert.equal(engine.queue.size, 0);
});
