// node:timers/promises on a host's timers: awaited timers, the interval iterator and `scheduler`.

import timerPromises from 'node:timers/promises';
import type { HostContext } from './context.ts';
import { type Patch, dispatch, ownerOf, patchMethod } from './patch.ts';

interface TimerOptions {
  readonly signal?: AbortSignal;
  readonly ref?: boolean;
}

/** What the host's timers have in common: `Timeout` and `Immediate`. */
interface HostTimer extends Disposable {
  unref(): unknown;
}

/** Node.js' internal class of the same name. */
class AbortError extends Error {
  readonly code: string = 'ABORT_ERR';
  constructor(signal: AbortSignal) {
    super('The operation was aborted', { cause: signal.reason });
    this.name = 'AbortError';
  }
}

/** Patches `setTimeout`, `setImmediate`, `setInterval`, `scheduler.wait` and `scheduler.yield`. */
export function timerPromisePatches(): Patch[] {
  const { scheduler } = timerPromises;
  return [
    patchMethod('node:timers/promises setTimeout', timerPromises, 'setTimeout', (original) =>
      dispatch(original, (host, args, self) => {
        const [delay, value, options] = args;
        // What is not valid goes to Node.js, which rejects it.
        if (!isDelay(delay) || !areOptions(options)) return Reflect.apply(original, self, args);
        return whenFired((fire) => host.timers.setTimeout(fire, delay), value, options);
      }),
    ),
    patchMethod('node:timers/promises setImmediate', timerPromises, 'setImmediate', (original) =>
      dispatch(original, (host, args, self) => {
        const [value, options] = args;
        if (!areOptions(options)) return Reflect.apply(original, self, args);
        return whenFired((fire) => host.timers.setImmediate(fire), value, options);
      }),
    ),
    patchMethod('node:timers/promises setInterval', timerPromises, 'setInterval', (original) =>
      dispatch(original, (host, args, self) => {
        const [delay, value, options] = args;
        if (!isDelay(delay) || !areOptions(options)) return Reflect.apply(original, self, args);
        return firings(host, delay, value, options);
      }),
    ),
    patchMethod('scheduler.wait', ownerOf(scheduler, 'wait'), 'wait', (original) =>
      dispatch(original, (_host, args, self) => {
        if (self !== scheduler) return Reflect.apply(original, self, args);
        return timerPromises.setTimeout(args[0] as number, undefined, args[1] as TimerOptions);
      }),
    ),
    patchMethod('scheduler.yield', ownerOf(scheduler, 'yield'), 'yield', (original) =>
      dispatch(original, (_host, args, self) => {
        return self === scheduler ? timerPromises.setImmediate() : Reflect.apply(original, self, args);
      }),
    ),
  ];
}

function isDelay(delay: unknown): delay is number | undefined {
  return delay === undefined || typeof delay === 'number';
}

function areOptions(options: unknown): options is TimerOptions | undefined {
  if (options === undefined) return true;
  if (typeof options !== 'object' || options === null) return false;
  const { signal, ref } = options as { signal?: unknown; ref?: unknown };
  const isSignal =
    signal === undefined || (typeof signal === 'object' && signal !== null && 'aborted' in signal);
  return isSignal && (ref === undefined || typeof ref === 'boolean');
}

function whenFired(
  arm: (fire: () => void) => HostTimer,
  value: unknown,
  options: TimerOptions = {},
): Promise<unknown> {
  const { signal, ref = true } = options;
  if (signal?.aborted === true) return Promise.reject(new AbortError(signal));
  return new Promise((resolve, reject) => {
    const timer = arm(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve(value);
    });
    const onAbort = (): void => {
      timer[Symbol.dispose]();
      reject(new AbortError(signal as AbortSignal));
    };
    if (!ref) timer.unref();
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

/** Yields once a firing; those that nobody waited for are counted and made up for. */
async function* firings(
  host: HostContext,
  delay: number | undefined,
  value: unknown,
  options: TimerOptions = {},
): AsyncGenerator<unknown, void> {
  const { signal, ref = true } = options;
  if (signal?.aborted === true) throw new AbortError(signal);
  const isAborted = (): boolean => signal?.aborted === true;
  let notYielded = 0;
  let wake: (() => void) | undefined;
  const interval = host.timers.setInterval(() => {
    notYielded++;
    wake?.();
  }, delay);
  if (!ref) interval.unref();
  const onAbort = (): void => {
    interval.close();
    wake?.();
  };
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    while (!isAborted()) {
      await new Promise<void>((resolve) => (wake = resolve));
      for (; notYielded > 0; notYielded--) yield value;
    }
    throw new AbortError(signal as AbortSignal);
  } finally {
    interval.close();
    signal?.removeEventListener('abort', onAbort);
  }
}
