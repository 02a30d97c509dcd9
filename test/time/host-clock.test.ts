import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { EPOCH_MS_DEFAULT, HostClock } from '../../src/time/host-clock.ts';
import { MachineClock } from '../../src/time/machine-clock.ts';

test('the wall clock counts whole milliseconds from the epoch of the run', () => {
  const time = { nowUs: 0 };
  const clock = new HostClock(new MachineClock(time, { epochMs: EPOCH_MS_DEFAULT }));
  assert.equal(new Date(clock.wallMs()).toISOString(), '2024-01-01T00:00:00.000Z');
  time.nowUs = 1_999;
  assert.equal(clock.wallMs(), EPOCH_MS_DEFAULT + 1);
  time.nowUs = 2_000;
  assert.equal(clock.wallMs(), EPOCH_MS_DEFAULT + 2);
});

test('uptime counts from the boot of the incarnation, monotonic time from the start of the machine', () => {
  const time = { nowUs: 10_500 };
  const clock = new HostClock(new MachineClock(time, { epochMs: 1_000 }));
  assert.deepEqual([clock.uptimeUs(), clock.monotonicUs(), clock.timeOriginMs()], [0, 10_500, 1_010.5]);
  time.nowUs = 12_000;
  assert.deepEqual([clock.uptimeUs(), clock.monotonicUs(), clock.timeOriginMs()], [1_500, 12_000, 1_010.5]);
});

test('the time of boot and the uptime add up to the wall clock, to the millisecond', () => {
  const us = fc.integer({ min: 0, max: 2 ** 45 });
  fc.assert(
    fc.property(us, us, (bootUs, laterUs) => {
      const time = { nowUs: bootUs };
      const clock = new HostClock(new MachineClock(time, { epochMs: EPOCH_MS_DEFAULT }));
      time.nowUs += laterUs;
      const sumUs = Math.round((clock.timeOriginMs() - EPOCH_MS_DEFAULT) * 1000) + clock.uptimeUs();
      assert.equal(EPOCH_MS_DEFAULT + Math.floor(sumUs / 1000), clock.wallMs());
    }),
  );
});

test('a step moves the wall clock and neither the monotonic one nor what is known since the boot', () => {
  const time = { nowUs: 5_000_000 };
  const machine = new MachineClock(time, { epochMs: 0 });
  const clock = new HostClock(machine);
  time.nowUs = 7_000_000;
  machine.step(-3_000_000);
  assert.deepEqual([clock.wallMs(), clock.uptimeUs(), clock.monotonicUs()], [4_000, 2_000_000, 7_000_000]);
  assert.equal(clock.timeOriginMs(), 5_000);
  assert.equal(machine.wallErrorUs, -3_000_000);
  assert.equal(new HostClock(machine).timeOriginMs(), 4_000);
  machine.correct();
  assert.deepEqual([clock.wallMs(), clock.monotonicUs()], [7_000, 7_000_000]);
});

test('an oscillator that drifts takes both clocks with it, and a correction sets only the wall clock', () => {
  const time = { nowUs: 1_000_000 };
  const machine = new MachineClock(time, { epochMs: 0 });
  const clock = new HostClock(machine);
  machine.drift(500);
  time.nowUs += 3_600_000_000;
  assert.equal(clock.monotonicUs(), 3_601_000_000 + 1_800_000);
  assert.equal(clock.wallMs(), 3_601_000 + 1_800);
  machine.correct();
  assert.equal(clock.wallMs(), 3_601_000);
  assert.equal(clock.monotonicUs(), 3_601_000_000 + 1_800_000);
  time.nowUs += 1_000_000;
  assert.equal(clock.wallMs(), 3_602_000);
  assert.equal(clock.monotonicUs(), 3_602_000_000 + 1_800_000);
});

const ppm = fc.integer({ min: -100_000, max: 100_000 });
const stretch = fc.integer({ min: 0, max: 10 ** 11 });

test('the monotonic clock never goes back, whatever its rate', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(ppm, stretch, stretch), { maxLength: 8 }), (changes) => {
      const time = { nowUs: 0 };
      const machine = new MachineClock(time, { epochMs: 0 });
      let last = 0;
      for (const [rate, first, second] of changes) {
        machine.drift(rate / 10);
        for (const us of [first, 1, second, 0]) {
          time.nowUs += us;
          assert.ok(machine.monotonicUs() >= last);
          last = machine.monotonicUs();
        }
      }
    }),
  );
});

test('a monotonic time is due at the first moment at which the clock shows it', () => {
  fc.assert(
    fc.property(ppm, stretch, stretch, ppm, stretch, (before, first, ahead, rate, since) => {
      const time = { nowUs: since };
      const machine = new MachineClock(time, { epochMs: 0 });
      machine.drift(before);
      time.nowUs += first;
      machine.drift(rate - before);
      const dueAt = machine.monotonicUs() + ahead;
      const dueUs = machine.virtualUs(dueAt);
      time.nowUs = dueUs;
      assert.ok(machine.monotonicUs() >= dueAt);
      time.nowUs = dueUs - 1;
      if (ahead > 0) assert.ok(machine.monotonicUs() < dueAt);
    }),
  );
});

test('a reading is told as wrong only where it differs from the true time', () => {
  const time = { nowUs: 1_000 };
  const machine = new MachineClock(time, { epochMs: 0 });
  const told: string[] = [];
  const unwatch = machine.watch((reading) => told.push(reading));
  const clock = new HostClock(machine);
  clock.wallMs();
  clock.monotonicUs();
  assert.deepEqual(told, []);
  machine.step(5_000);
  clock.monotonicUs();
  assert.deepEqual(told, []);
  clock.wallMs();
  assert.deepEqual(told, ['wall']);
  machine.drift(1_000);
  time.nowUs += 1_000_000;
  clock.uptimeUs();
  assert.deepEqual(told, ['wall', 'monotonic']);
  unwatch();
  clock.wallMs();
  assert.equal(told.length, 2);
});
