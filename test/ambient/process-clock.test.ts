import assert from 'node:assert/strict';
import os from 'node:os';
import { performance as hooksPerformance } from 'node:perf_hooks';
import { hrtime } from 'node:process';
import { test } from 'node:test';
import { acquireAmbient } from '../../src/ambient/install.ts';
import { isAlike, methodOf, thrownBy } from './alike.ts';
import { EPOCH_MS_DEFAULT, type FakeHost, FakeWorld, onHost } from './fake-host.ts';

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

test('all clocks of a host follow virtual time', async () => {
  const { value } = await onHost(async () => {
    const start = hrtime();
    await pause(2500);
    return {
      now: [performance.now(), hooksPerformance.now()],
      origin: performance.timeOrigin,
      hrtime: [hrtime(), process.hrtime(), process.hrtime(start), process.hrtime([1, 600_000_000])],
      bigint: [process.hrtime.bigint(), hrtime.bigint()],
      uptimes: [process.uptime(), os.uptime()],
      json: performance.toJSON() as Record<string, unknown>,
      load: performance.eventLoopUtilization(),
    };
  });
  assert.deepEqual(value.now, [2500, 2500]);
  assert.equal(value.origin, EPOCH_MS_DEFAULT);
  const reading = [2, 500_000_000];
  assert.deepEqual(value.hrtime, [reading, reading, reading, [0, 900_000_000]]);
  assert.deepEqual(value.bigint, [2_500_000_000n, 2_500_000_000n]);
  assert.deepEqual(value.uptimes, [2.5, 2.5]);
  assert.equal(value.json['timeOrigin'], EPOCH_MS_DEFAULT);
  assert.deepEqual(value.load, { idle: 0, active: 0, utilization: 0 });
});

test('a host that boots later counts from its own boot', async () => {
  const release = acquireAmbient();
  const world = new FakeWorld();
  const seen: unknown[] = [];
  await world.run(() => {
    world.engine.advanceTo(1_500_000);
    const late: FakeHost = world.host('late');
    late.run(() => {
      seen.push(performance.now(), process.uptime(), performance.timeOrigin, process.hrtime());
    });
  });
  release();
  assert.deepEqual(seen, [0, 0, EPOCH_MS_DEFAULT + 1500, [1, 500_000_000]]);
});

test('marks and measures take their times from the host', async () => {
  const { value } = await onHost(async () => {
    await pause(10);
    const mark = performance.mark('wt-a', { detail: 'kept' });
    await pause(20);
    performance.mark('wt-b');
    const given = performance.mark('wt-c', { startTime: 3 });
    await pause(5);
    const spans = [
      performance.measure('m'),
      performance.measure('m', 'wt-a'),
      performance.measure('m', 'wt-a', 'wt-b'),
      performance.measure('m', { start: 'wt-b' }),
      performance.measure('m', { start: 1, end: 4 }),
      performance.measure('m', { detail: 'x' }),
      performance.measure('m', { start: 1, duration: 2 }),
    ].map(({ startTime, duration }) => [startTime, duration]);
    performance.clearMarks();
    performance.clearMeasures();
    return { marks: [mark.startTime, mark.detail, given.startTime], spans };
  });
  assert.deepEqual(value.marks, [10, 'kept', 3]);
  assert.deepEqual(value.spans, [
    [0, 35],
    [10, 25],
    [10, 20],
    [30, 5],
    [1, 3],
    [0, 35],
    [1, 2],
  ]);
});

test('an event has the host time at which it was first looked at', async () => {
  const { value } = await onHost(async () => {
    await pause(40);
    const event = new Event('x');
    const first = event.timeStamp;
    await pause(10);
    return [first, event.timeStamp, new Event('y').timeStamp];
  });
  assert.deepEqual(value, [40, 40, 50]);
});

test('wrong arguments are refused as by Node.js', () =>
  isAlike(() => [
    thrownBy(() => process.hrtime(5 as never)),
    thrownBy(() => process.hrtime([1] as never)),
    thrownBy(() => performance.mark('x', 5 as never)),
    thrownBy(() => performance.measure('x', 'no such mark')),
    thrownBy(() => Reflect.apply(methodOf(performance, 'now'), {}, [])),
  ]));
