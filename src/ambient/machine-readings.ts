// What Node.js reads off the real machine and its own state, and would be different in each run: on a host
// these readings stand still. Nothing is ever busy there, and garbage is never collected.

import perfHooks from 'node:perf_hooks';
import process from 'node:process';
import tty from 'node:tty';
import v8 from 'node:v8';
import { type AnyFunction, type Patch, dispatch, patchGetter, patchMethod } from './patch.ts';

const MIB = 1024 * 1024;
const MEMORY = {
  rss: 64 * MIB,
  heapTotal: 32 * MIB,
  heapUsed: 16 * MIB,
  external: MIB,
  arrayBuffers: 0,
};
const LIMIT = 2048 * MIB;
const HEAP: Readonly<Record<string, number>> = {
  total_heap_size: MEMORY.heapTotal,
  total_physical_size: MEMORY.heapTotal,
  total_available_size: LIMIT - MEMORY.heapUsed,
  used_heap_size: MEMORY.heapUsed,
  heap_size_limit: LIMIT,
  number_of_native_contexts: 1,
};

/** Patches the readings of memory, processor and event loop, and what holds the real process. */
export function machineReadingPatches(): Patch[] {
  return [
    patchMethod('process.memoryUsage', process, 'memoryUsage', dispatchedMemory),
    ...still('process', process, {
      cpuUsage: zeros,
      threadCpuUsage: zeros,
      resourceUsage: zeros,
      constrainedMemory: () => LIMIT,
      availableMemory: () => LIMIT - MEMORY.rss,
      getActiveResourcesInfo: () => [],
      _getActiveHandles: () => [],
      _getActiveRequests: () => [],
    }),
    ...still('v8', v8, {
      getHeapStatistics: (real) => ({ ...(zeros(real) as object), ...known(HEAP, real) }),
      getHeapSpaceStatistics: zeros,
      getHeapCodeStatistics: zeros,
      getCppHeapStatistics: zeros,
    }),
    ...still('perf_hooks', perfHooks, {
      eventLoopUtilization: () => ({ idle: 0, active: 0, utilization: 0 }),
      monitorEventLoopDelay: () => idleLoop(),
    }),
    ...still('tty', tty, { isatty: () => false }),
    ...navigatorPatches(),
    ...webStoragePatches(),
  ];
}

/** Node.js judges the arguments, and gives the shape of the answer. */
function still(name: string, target: object, answers: Record<string, (real: unknown) => unknown>): Patch[] {
  return Object.entries(answers)
    .filter(([key]) => key in target)
    .map(([key, answer]) =>
      patchMethod(`${name}.${key}`, target, key, (original) =>
        dispatch(original, (_host, args) => answer(Reflect.apply(original, target, args))),
      ),
    );
}

function dispatchedMemory(original: AnyFunction): AnyFunction {
  const { rss } = original as unknown as { rss: AnyFunction };
  const usage = dispatch(original, () => ({ ...MEMORY }));
  return Object.assign(usage, { rss: dispatch(rss, () => MEMORY.rss) });
}

/** The same value with every number zero. */
function zeros(value: unknown): unknown {
  if (typeof value === 'number') return 0;
  if (Array.isArray(value)) return value.map(zeros);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, zeros(each)]));
}

function known(values: Readonly<Record<string, number>>, real: unknown): object {
  return Object.fromEntries(Object.entries(values).filter(([key]) => key in (real as object)));
}

/** A monitor of an event loop that is never late: a histogram without a value. */
function idleLoop(): object {
  let isEnabled = false;
  const change = (to: boolean) => (): boolean => {
    const hasChanged = isEnabled !== to;
    isEnabled = to;
    return hasChanged;
  };
  return Object.assign(perfHooks.createHistogram(), {
    enable: change(true),
    disable: change(false),
    [Symbol.dispose]: change(false),
  });
}

/** How many processors there are is the machine's: one is what a host has. */
function navigatorPatches(): Patch[] {
  const { Navigator } = globalThis as { Navigator?: { prototype: object } };
  if (Navigator === undefined) return [];
  return [
    patchGetter('navigator.hardwareConcurrency', Navigator.prototype, 'hardwareConcurrency', (original) =>
      dispatch(original, () => 1),
    ),
  ];
}

/** Kept in a real file, or for all hosts at once: on a host as on a Node.js that has neither. */
function webStoragePatches(): Patch[] {
  return ['localStorage', 'sessionStorage'].flatMap((key) => {
    const isGetter = Object.getOwnPropertyDescriptor(globalThis, key)?.get !== undefined;
    return isGetter
      ? [patchGetter(key, globalThis, key, (original) => dispatch(original, () => undefined))]
      : [];
  });
}
