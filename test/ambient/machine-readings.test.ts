// What is read off the real machine stands still on a host, in the shape that Node.js gives it.

import assert from 'node:assert/strict';
import perfHooks from 'node:perf_hooks';
import process from 'node:process';
import { test } from 'node:test';
import tty from 'node:tty';
import v8 from 'node:v8';
import { isAlike, thrownBy } from './alike.ts';
import { onHost } from './fake-host.ts';

type Reading = () => unknown;

const extra = { process, v8, perfHooks } as unknown as Record<string, Record<string, Reading | undefined>>;

const readings: Record<string, Reading> = {
  'process.memoryUsage': () => process.memoryUsage(),
  'process.memoryUsage.rss': () => process.memoryUsage.rss(),
  'process.cpuUsage': () => process.cpuUsage(),
  'process.resourceUsage': () => process.resourceUsage(),
  'process.constrainedMemory': () => process.constrainedMemory(),
  'process.availableMemory': () => process.availableMemory(),
  'process.threadCpuUsage': () => extra['process']?.['threadCpuUsage']?.(),
  'v8.getHeapStatistics': () => v8.getHeapStatistics(),
  'v8.getHeapSpaceStatistics': () => v8.getHeapSpaceStatistics(),
  'v8.getHeapCodeStatistics': () => v8.getHeapCodeStatistics(),
  'perf_hooks.eventLoopUtilization': () => extra['perfHooks']?.['eventLoopUtilization']?.(),
};

/** Names and types, without the values. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shapeOf);
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.entries(value).map(([key, each]) => [key, shapeOf(each)]);
}

for (const [name, read] of Object.entries(readings)) {
  test(`${name} stands still, in the shape of Node.js`, async () => {
    const { value } = await onHost(() => {
      const before = read();
      const garbage = Array.from({ length: 100_000 }, (_, i) => ({ i }));
      return [before, read(), garbage.length];
    });
    assert.deepEqual(value[0], value[1]);
    assert.deepEqual(shapeOf(value[0]), shapeOf(read()));
  });
}

test('the heap has room, and no memory is used beyond it', async () => {
  const { value } = await onHost(() => ({ heap: v8.getHeapStatistics(), memory: process.memoryUsage() }));
  assert.ok(value.heap.used_heap_size < value.heap.heap_size_limit);
  assert.ok(value.memory.heapUsed < value.memory.heapTotal && value.memory.heapTotal < value.memory.rss);
});

test('nothing of the real process is seen to be active', async () => {
  const timer = setTimeout(() => {}, 60_000);
  const { value } = await onHost(() => [
    process.getActiveResourcesInfo(),
    extra['process']?.['_getActiveHandles']?.(),
    extra['process']?.['_getActiveRequests']?.(),
  ]);
  clearTimeout(timer);
  assert.deepEqual(value, [[], [], []]);
});

test('the loop is never late', () =>
  isAlike(() => {
    const monitor = perfHooks.monitorEventLoopDelay({ resolution: 10 });
    const states = [monitor.enable(), monitor.enable(), monitor.disable(), monitor.disable()];
    monitor.reset();
    return [states, monitor.max, monitor.exceeds];
  }));

test('no descriptor is a terminal', async () => {
  const { value } = await onHost(() => [0, 1, 2].map((descriptor) => tty.isatty(descriptor)));
  assert.deepEqual(value, [false, false, false]);
});

test('wrong arguments are refused as by Node.js', () =>
  isAlike(() => [
    thrownBy(() => process.cpuUsage({ user: -1, system: 0 })),
    thrownBy(() => perfHooks.monitorEventLoopDelay({ resolution: 0 })),
  ]));

test('a host has one processor, and no storage of a browser', async () => {
  const globals = globalThis as unknown as Record<string, { hardwareConcurrency: number } | undefined>;
  const { value } = await onHost(() => [
    globals['navigator']?.hardwareConcurrency ?? 1,
    typeof globals['localStorage'],
    typeof globals['sessionStorage'],
  ]);
  assert.deepEqual(value, [1, 'undefined', 'undefined']);
});
