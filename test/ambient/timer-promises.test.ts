import assert from 'node:assert/strict';
import {
  scheduler,
  setImmediate as immediate,
  setInterval as every,
  setTimeout as sleep,
} from 'node:timers/promises';
import { promises } from 'node:timers';
import { test } from 'node:test';
import { isAlike, methodOf, rejectionOf, thrownBy } from './alike.ts';
import { onHost } from './fake-host.ts';

test('awaited timers take virtual time and give their value', async () => {
  const { value } = await onHost(async () => {
    const times: unknown[] = [await sleep(250, 'a'), performance.now()];
    times.push(await sleep(), performance.now(), await immediate('b'));
    await scheduler.wait(1000);
    times.push(Math.floor(performance.now()));
    await scheduler.yield();
    await promises.setTimeout(1000);
    times.push(Math.floor(performance.now()));
    return times;
  });
  assert.deepEqual(value, ['a', 250, undefined, 251, 'b', 1251, 2251]);
});

test('an abort rejects as by Node.js, before and while waiting', () =>
  isAlike(async () => {
    const errors: unknown[] = [];
    for (const wait of [
      (signal: AbortSignal) => sleep(10_000, 1, { signal }),
      (signal: AbortSignal) => immediate(1, { signal }),
      (signal: AbortSignal) => scheduler.wait(10_000, { signal }),
      (signal: AbortSignal) => every(10_000, 1, { signal }).next(),
    ]) {
      errors.push(await rejectionOf(() => wait(AbortSignal.abort())).then(withoutCause));
      errors.push(await rejectionOf(() => wait(AbortSignal.abort('why'))));
      const controller = new AbortController();
      const waiting = rejectionOf(() => wait(controller.signal));
      controller.abort({ a: 1 });
      errors.push(await waiting);
    }
    return errors;
  }));

function withoutCause(shape: unknown): unknown {
  return { ...(shape as object), cause: (shape as { cause: Error }).cause.name };
}

test("an aborted or unref'd wait leaves nothing behind that holds the host", async () => {
  const { value, engine } = await onHost(async (host) => {
    const controller = new AbortController();
    const waiting = sleep(10_000, 1, { signal: controller.signal }).catch(() => 'aborted');
    const before = host.timers.engine.queue.refCount;
    controller.abort();
    void sleep(5, 1, { ref: false });
    return [await waiting, before, host.timers.engine.queue.refCount];
  });
  assert.deepEqual(value, ['aborted', 1, 0]);
  assert.equal(engine.nowUs, 5000);
});

test('a listener on the signal is gone after the wait', async () => {
  const { value } = await onHost(async () => {
    const log: string[] = [];
    const { signal } = new AbortController();
    const remove = signal.removeEventListener.bind(signal);
    signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      log.push(args[0]);
      remove(...args);
    };
    await sleep(1, 1, { signal });
    return log;
  });
  assert.deepEqual(value, ['abort']);
});

test('wrong arguments are refused as by Node.js', () =>
  isAlike(async () => [
    await rejectionOf(() => sleep('5' as never)),
    await rejectionOf(() => sleep(null as never)),
    await rejectionOf(() => sleep(1, 1, 5 as never)),
    await rejectionOf(() => sleep(1, 1, null as never)),
    await rejectionOf(() => sleep(1, 1, { signal: {} as never })),
    await rejectionOf(() => sleep(1, 1, { ref: 1 as never })),
    await rejectionOf(() => immediate(1, { ref: 1 as never })),
    await rejectionOf(() => every('5' as never).next()),
    await rejectionOf(() => every(1, 1, { signal: 1 as never }).next()),
    await rejectionOf(() => scheduler.wait('x' as never)),
    thrownBy(() => Reflect.apply(methodOf(scheduler, 'wait'), {}, [1])),
    thrownBy(() => Reflect.apply(methodOf(scheduler, 'yield'), {}, [])),
  ]));

test('the interval iterator yields its value each time, and makes up for what it missed', async () => {
  const { value, engine } = await onHost(async () => {
    const times: unknown[] = [];
    for await (const each of every(100, 'v')) {
      times.push([each, performance.now()]);
      if (times.length === 1) await sleep(250);
      if (times.length === 4) break;
    }
    return times;
  });
  assert.deepEqual(value, [
    ['v', 100],
    ['v', 350],
    ['v', 350],
    ['v', 400],
  ]);
  assert.equal(engine.queue.size, 0);
});

test('the interval iterator ends with the abort error', () =>
  isAlike(async () => {
    const log: unknown[] = [];
    const controller = new AbortController();
    const run = async (): Promise<void> => {
      for await (const each of every(1, 'v', { signal: controller.signal })) {
        log.push(each);
        if (log.length === 2) controller.abort('enough');
      }
    };
    log.push(await rejectionOf(run));
    return log;
  }));
