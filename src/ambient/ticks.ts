// `process.nextTick` and `queueMicrotask`: Node.js' own queues and order, with each callback's exceptions
// kept inside. One that left a `nextTick` would corrupt the stack of async_hooks and abort the process.

import process from 'node:process';
import type { HostContext } from './context.ts';
import { type AnyFunction, type Patch, dispatch, patchMethod } from './patch.ts';
import { currentHost } from './registry.ts';

/** Patches `process.nextTick` and `queueMicrotask`. */
export function tickPatches(): Patch[] {
  return [
    patchMethod('process.nextTick', process, 'nextTick', ticking),
    patchMethod('queueMicrotask', globalThis, 'queueMicrotask', (original) =>
      dispatch(original, (host, args, self) => {
        const callback = args[0] as AnyFunction;
        if (typeof callback !== 'function') return Reflect.apply(original, self, args); // Throws.
        if (host.mayTick()) Reflect.apply(original, globalThis, [() => runTick0(host, callback)]);
        return undefined;
      }),
    ),
  ];
}

/** Written out for few arguments, without lists of them: a request over sockets makes twenty ticks. */
function ticking(original: AnyFunction): AnyFunction {
  return function (this: unknown, ...args: unknown[]): unknown {
    const host = currentHost();
    const callback = args[0];
    if (host === undefined || typeof callback !== 'function') return Reflect.apply(original, this, args);
    if (!host.mayTick()) return undefined;
    if (args.length === 1) original.call(process, runTick0, host, callback);
    else if (args.length === 2) original.call(process, runTick1, host, callback, args[1]);
    else if (args.length === 3) original.call(process, runTick2, host, callback, args[1], args[2]);
    else Reflect.apply(original, process, [runTick, host, ...args]);
    return undefined;
  };
}

function runTick0(host: HostContext, callback: AnyFunction): void {
  try {
    callback.call(undefined);
  } catch (error) {
    host.uncaught(error, 'uncaughtException');
  }
}

function runTick1(host: HostContext, callback: AnyFunction, first: unknown): void {
  try {
    callback.call(undefined, first);
  } catch (error) {
    host.uncaught(error, 'uncaughtException');
  }
}

function runTick2(host: HostContext, callback: AnyFunction, first: unknown, second: unknown): void {
  try {
    callback.call(undefined, first, second);
  } catch (error) {
    host.uncaught(error, 'uncaughtException');
  }
}

function runTick(host: HostContext, callback: AnyFunction, ...args: unknown[]): void {
  try {
    Reflect.apply(callback, undefined, args);
  } catch (error) {
    host.uncaught(error, 'uncaughtException');
  }
}
