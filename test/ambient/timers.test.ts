import assert from 'node:assert/strict';
import { test } from 'node:test';
import { acquireAmbient } from '../../src/ambient/install.ts';
import { isAlike } from './alike.ts';
import { type FakeHost, FakeWorld, onHost } from './fake-host.ts';

type Timer = NodeJS.Timeout;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('ref, unref and hasRef chain and answer alike', () =>
  isAlike(async () => {
    const fired = setTimeout(() => {}, 1);
    const cleared = setTimeout(() => {}, 1);
    const log: unknown[] = [fired.hasRef(), fired.unref() === fired, fired.hasRef(), fired.ref() === fired];
    log.push(
      fired.hasRef(),
      setInterval(() => {}, 1)
        .unref()
        .hasRef(),
    );
    clearTimeout(cleared);
    const immediate = setImmediate(() => {});
    log.push(
      immediate.hasRef(),
      immediate.unref() === immediate,
      immediate.hasRef(),
      immediate.ref() === immediate,
    );
    await pause(3);
    log.push(fired.hasRef());
    return log;
  }));

test('refresh after a timer fired starts it anew, after a clear it does not', () =>
  isAlike(async () => {
    const log: unknown[] = [];
    const fired = setTimeout(() => log.push('fired'), 1);
    const cleared = setTimeout(() => log.push('cleared'), 1);
    const closed = setTimeout(() => log.push('closed'), 1);
    clearTimeout(cleared);
    log.push(closed.close() === closed);
    await pause(5);
    log.push(fired.refresh() === fired, cleared.refresh() === cleared, closed.refresh() === closed);
    await pause(5);
    return log;
  }));

test('refresh in its own callback makes a timer fire again', () =>
  isAlike(async () => {
    const log: unknown[] = [];
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        log.push(log.length);
        if (log.length < 3) timer.refresh();
        else resolve();
      }, 1);
    });
    return log;
  }));

test('refresh puts the due time off', async () => {
  const { value } = await onHost(async () => {
    const times: number[] = [];
    const timer = setTimeout(() => times.push(performance.now()), 100);
    await pause(60);
    timer.refresh();
    await pause(200);
    return times;
  });
  assert.deepEqual(value, [160]);
});

test('a timer is a primitive by which it can be cleared, as a number and as a string', () =>
  isAlike(async () => {
    const log: unknown[] = [];
    const [left, right] = [setTimeout(() => log.push('left'), 1), setTimeout(() => log.push('right'), 1)];
    const ids = [Number(left), Number(right)] as [number, number];
    log.push(
      typeof +left,
      Number.isInteger(ids[0]),
      ids[0] !== ids[1],
      Number(left) === ids[0],
      String(ids[0]) === Reflect.apply(String, undefined, [left]),
    );
    clearTimeout(ids[0]);
    clearTimeout(`${ids[1]}`);
    clearTimeout(setInterval(() => log.push('interval'), 1));
    clearInterval(setTimeout(() => log.push('timeout'), 1));
    const interval = setInterval(() => log.push('by number'), 1);
    clearInterval(Number(interval));
    await pause(5);
    return log;
  }));

test('a timer that fired is not known by its number any more', () =>
  isAlike(async () => {
    const log: unknown[] = [];
    const timer = setTimeout(() => log.push('fired'), 1);
    const id = Number(timer);
    await pause(4);
    timer.refresh();
    clearTimeout(id);
    await pause(4);
    return log;
  }));

test('disposing clears', () =>
  isAlike(async () => {
    const log: unknown[] = [];
    setTimeout(() => log.push('timeout'), 1)[Symbol.dispose]();
    setInterval(() => log.push('interval'), 1)[Symbol.dispose]();
    setImmediate(() => log.push('immediate'))[Symbol.dispose]();
    await pause(5);
    return log;
  }));

test('clearing nonsense does nothing', () =>
  isAlike(async () => {
    const log: unknown[] = [];
    for (const clear of [clearTimeout, clearInterval] as ((timer: unknown) => void)[]) {
      for (const timer of [undefined, null, {}, 'x', -1, 1e9, true, () => {}]) clear(timer);
    }
    clearImmediate(undefined);
    clearImmediate(null as never);
    clearTimeout(setImmediate(() => log.push('immediate')) as never);
    await pause(5);
    return log;
  }));

test('clearing what is no immediate as one does nothing on a host', async () => {
  const { value } = await onHost(async () => {
    const log: unknown[] = [];
    setImmediate(() => log.push('immediate'));
    const timeout = setTimeout(() => log.push('timeout'), 1);
    for (const timer of [{}, 'x', 1, timeout]) clearImmediate(timer as never);
    await pause(5);
    return log;
  });
  assert.deepEqual(value, ['immediate', 'timeout']);
  // Were the real immediates counted wrong, this one would never come.
  await turn();
});

test('a host can clear a real immediate', async () => {
  let isFired = false;
  const real = setImmediate(() => (isFired = true));
  const release = acquireAmbient();
  new FakeWorld().host('alpha').run(() => clearImmediate(real));
  release();
  await turn();
  assert.equal(isFired, false);
});

test('a virtual timer can be cleared from outside and from another host', async () => {
  const release = acquireAmbient();
  const world = new FakeWorld();
  const [alpha, beta] = [world.host('alpha'), world.host('beta')] as [FakeHost, FakeHost];
  const log: unknown[] = [];
  await world.run(() => {
    const made = alpha.run(() => [
      setTimeout(() => log.push('timeout'), 5),
      setInterval(() => log.push('interval'), 5),
      setImmediate(() => log.push('immediate')),
      setTimeout(() => log.push('other host'), 5),
      setTimeout(() => log.push('stays'), 5),
    ]) as [Timer, Timer, NodeJS.Immediate, Timer, Timer];
    clearTimeout(made[0]);
    clearInterval(made[1]);
    clearImmediate(made[2]);
    // Numbers are a host's own: the same one elsewhere means nothing.
    clearTimeout(alpha.run(() => Number(made[4])));
    beta.run(() => {
      clearTimeout(made[3]);
      clearTimeout(Number(made[4]));
    });
  });
  release();
  assert.deepEqual(log, ['stays']);
});

test('a host can clear a real timer that was set outside', async () => {
  let isFired = false;
  const real = setTimeout(() => (isFired = true), 1);
  const release = acquireAmbient();
  new FakeWorld().host('alpha').run(() => clearTimeout(real));
  release();
  await pause(5);
  assert.equal(isFired, false);
});
