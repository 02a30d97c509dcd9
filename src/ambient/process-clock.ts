// The clocks that count from a start: `performance`, `process.hrtime`, the uptimes, and event timestamps.

import os from 'node:os';
import process from 'node:process';
import type { HostContext } from './context.ts';
import { type AnyFunction, type Patch, dispatch, ownerOf, patchGetter, patchMethod } from './patch.ts';
import { currentHost } from './registry.ts';

/** What `performance.eventLoopUtilization()` gives on a host: virtual time has no load. */
const NO_UTILIZATION = { idle: 0, active: 0, utilization: 0 };

/** Patches `performance`, `process.hrtime`, `process.uptime`, `os.uptime` and `Event.prototype.timeStamp`. */
export function processClockPatches(): Patch[] {
  return [
    patchMethod('process.hrtime', process, 'hrtime', dispatchedHrtime),
    patchMethod('process.uptime', process, 'uptime', (original) =>
      dispatch(original, (host) => host.clock.uptimeUs() / 1e6),
    ),
    patchMethod('os.uptime', os, 'uptime', (original) =>
      dispatch(original, (host) => host.clock.monotonicUs() / 1e6),
    ),
    patchGetter('Event.prototype.timeStamp', Event.prototype, 'timeStamp', dispatchedTimeStamp),
    ...performancePatches(),
  ];
}

function performancePatches(): Patch[] {
  const method = (
    key: string,
    virtual: (host: HostContext, args: unknown[], original: AnyFunction) => unknown,
  ): Patch => patchMethod(`performance.${key}`, ownerOf(performance, key), key, onPerformance(virtual));
  return [
    method('now', nowMs),
    method('mark', (host, args, original) => Reflect.apply(original, performance, markArguments(host, args))),
    method('measure', (host, args, original) =>
      Reflect.apply(original, performance, measureArguments(host, args)),
    ),
    method('toJSON', (host) => ({
      nodeTiming: { name: 'node', entryType: 'node', startTime: 0, duration: nowMs(host) },
      timeOrigin: host.clock.timeOriginMs(),
      eventLoopUtilization: { ...NO_UTILIZATION },
    })),
    method('eventLoopUtilization', () => ({ ...NO_UTILIZATION })),
    patchGetter('performance.timeOrigin', ownerOf(performance, 'timeOrigin'), 'timeOrigin', (original) =>
      onPerformance((host) => host.clock.timeOriginMs())(original),
    ),
  ];
}

/** Dispatches calls on the `performance` object; on anything else Node.js throws as it always does. */
function onPerformance(
  virtual: (host: HostContext, args: unknown[], original: AnyFunction) => unknown,
): (original: AnyFunction) => AnyFunction {
  return (original) =>
    function (this: unknown, ...args: unknown[]): unknown {
      const host = this === performance ? currentHost() : undefined;
      return host === undefined ? Reflect.apply(original, this, args) : virtual(host, args, original);
    };
}

function nowMs(host: HostContext): number {
  return host.clock.uptimeUs() / 1000;
}

function markArguments(host: HostContext, args: unknown[]): unknown[] {
  const [name, options] = args;
  if (options !== undefined && (typeof options !== 'object' || options === null)) return args;
  const { startTime } = (options ?? {}) as { startTime?: unknown };
  return startTime === undefined ? [name, { ...options, startTime: nowMs(host) }] : args;
}

/** Says where a measure ends when the caller leaves it to the clock. */
function measureArguments(host: HostContext, args: unknown[]): unknown[] {
  const [name, from, endMark] = args;
  if (endMark !== undefined) return args;
  const end = nowMs(host);
  if (from === undefined || typeof from === 'string') return [name, { start: from ?? 0, end }];
  if (typeof from !== 'object' || from === null) return args;
  const given = from as { end?: unknown; duration?: unknown };
  if (given.end !== undefined || given.duration !== undefined) return args;
  return [name, { start: 0, ...from, end }];
}

function dispatchedHrtime(original: AnyFunction): AnyFunction {
  const bigint = (original as unknown as { bigint: AnyFunction }).bigint;
  const hrtime = dispatch(original, (host, args, self) => {
    if (args[0] !== undefined) Reflect.apply(original, self, args); // Refuses what is no earlier reading.
    return sinceReading(host.clock.monotonicUs(), args[0] as [number, number] | undefined);
  });
  return Object.assign(hrtime, {
    bigint: dispatch(bigint, (host) => BigInt(host.clock.monotonicUs()) * 1000n),
  });
}

function sinceReading(us: number, earlier: [number, number] = [0, 0]): [number, number] {
  const seconds = Math.floor(us / 1e6) - earlier[0];
  const nanoseconds = (us % 1e6) * 1000 - earlier[1];
  return nanoseconds < 0 ? [seconds - 1, nanoseconds + 1e9] : [seconds, nanoseconds];
}

/** An event takes its time from an internal clock when it is made: on a host, the first look sets it. */
function dispatchedTimeStamp(original: AnyFunction): AnyFunction {
  const seen = new WeakMap<object, number>();
  return function (this: unknown): unknown {
    const real = Reflect.apply(original, this, []); // Refuses what is no event.
    const host = currentHost();
    if (host === undefined) return real;
    const event = this as object;
    const known = seen.get(event) ?? nowMs(host);
    seen.set(event, known);
    return known;
  };
}
