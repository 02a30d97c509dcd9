import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { EPOCH_MS_DEFAULT, HostClock } from '../../src/time/host-clock.ts';

test('the wall clock counts whole milliseconds from the epoch of the run', () => {
  const time = { nowUs: 0 };
  const clock = new HostClock(time, { epochMs: EPOCH_MS_DEFAULT, bootUs: 0 });
  assert.equal(new Date(clock.wallMs()).toISOString(), '2024-01-01T00:00:00.000Z');
  time.nowUs = 1_999;
  assert.equal(clock.wallMs(), EPOCH_MS_DEFAULT + 1);
  time.nowUs = 2_000;
  assert.equal(clock.wallMs(), EPOCH_MS_DEFAULT + 2);
});

test('uptime counts from the boot of the incarnation, monotonic time from the start of the machine', () => {
  const time = { nowUs: 10_500 };
  const clock = new HostClock(time, { epochMs: 1_000, bootUs: 10_500 });
  assert.deepEqual([clock.uptimeUs(), clock.monotonicUs(), clock.timeOriginMs()], [0, 10_500, 1_010.5]);
  time.nowUs = 12_000;
  assert.deepEqual([clock.uptimeUs(), clock.monotonicUs(), clock.timeOriginMs()], [1_500, 12_000, 1_010.5]);
});

test('the time of boot and the uptime add up to the wall clock, to the millisecond', () => {
  const us = fc.integer({ min: 0, max: 2 ** 45 });
  fc.assert(
    fc.property(us, us, (bootUs, laterUs) => {
      const clock = new HostClock({ nowUs: bootUs + laterUs }, { epochMs: EPOCH_MS_DEFAULT, bootUs });
      const sumUs = Math.round((clock.timeOriginMs() - EPOCH_MS_DEFAULT) * 1000) + clock.uptimeUs();
      assert.equal(EPOCH_MS_DEFAULT + Math.floor(sumUs / 1000), clock.wallMs());
    }),
  );
});
