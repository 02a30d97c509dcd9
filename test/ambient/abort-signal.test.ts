import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isAlike, thrownBy } from './alike.ts';
import { onHost } from './fake-host.ts';

test('AbortSignal.timeout aborts after its virtual delay, and holds nobody', async () => {
  const { value, engine } = await onHost(async (host) => {
    const signal = AbortSignal.timeout(60_000);
    const refs = host.timers.engine.queue.refCount;
    assert.equal(signal.aborted, false);
    await new Promise((resolve) => {
      signal.addEventListener('abort', resolve);
    });
    return { refs, now: performance.now(), any: AbortSignal.any([signal]).aborted };
  });
  assert.deepEqual(value, { refs: 0, now: 60_000, any: true });
  assert.equal(engine.queue.size, 0);
});

test('its reason is the one of Node.js', () =>
  isAlike(async () => {
    // The real one does not hold the process, so something else must.
    const hold = setInterval(() => {}, 1000);
    const signal = AbortSignal.timeout(1);
    await new Promise((resolve) => {
      signal.addEventListener('abort', resolve, { once: true });
    });
    clearInterval(hold);
    const reason = signal.reason as DOMException;
    return [
      reason.name,
      reason.message,
      reason.code,
      reason instanceof DOMException,
      signal instanceof AbortSignal,
    ];
  }));

test('wrong delays are refused as by Node.js', () =>
  isAlike(() => {
    const wrong = [-1, 1.5, '5', Number.NaN, 2 ** 32, undefined, null, 5n, {}, true];
    return wrong.map((delay) => thrownBy(() => AbortSignal.timeout(delay as number)));
  }));
