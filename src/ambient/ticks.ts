// `process.nextTick` and `queueMicrotask`: Node.js' own queues and order, with each callback's exceptions
// kept inside. One that left a `nextTick` would corrupt the stack of async_hooks and abort the process.

import process from 'node:process';
import type { HostContext } from './context.ts';
import { type AnyFunction, type Patch, dispatch, patchMethod } from './patch.ts';

/** Patches `process.nextTick` and `queueMicrotask`. */
export function tickPatches(): Patch[] {
  return [
    patchMethod('process.nextTick', process, 'nextTick', (original) =>
      dispatch(original, (host, args, self) => {
        if (typeof args[0] !== 'function') return Reflect.apply(original, self, args); // Throws.
        if (host.mayTick()) Reflect.apply(original, process, [runTick, host, ...args]);
        return undefined;
      }),
    ),
    patchMethod('queueMicrotask', globalThis, 'queueMicrotask', (original) =>
      dispatch(original, (host, args, self) => {
        const callback = args[0] as AnyFunction;
        if (typeof callback !== 'function') return Reflect.apply(original, self, args); // Throws.
        if (host.mayTick()) Reflect.apply(original, globalThis, [() => runTick(host, callback)]);
        return undefined;
      }),
    ),
  ];
}

function runTick(host: HostContext, callback: AnyFunction, ...args: unknown[]): void {
  try {
    Reflect.apply(callback, undefined, args);
  } catch (error) {
    host.uncaught(error, 'uncaughtException');
  }
}
