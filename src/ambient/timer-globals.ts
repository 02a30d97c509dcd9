// `setTimeout`, `setInterval`, `setImmediate` and their `clear...`: on `globalThis` and in node:timers.

import timers from 'node:timers';
import timerPromises from 'node:timers/promises';
import { promisify } from 'node:util';
import type { HostContext } from './context.ts';
import { type AnyFunction, type Patch, patchMethod } from './patch.ts';
import { currentHost } from './registry.ts';

type SetName = 'setTimeout' | 'setInterval' | 'setImmediate';
type ClearName = 'clearTimeout' | 'clearInterval' | 'clearImmediate';

/** Patches the six functions, each by one replacement in both places, as Node.js has it. */
export function timerGlobalPatches(): Patch[] {
  const setImmediateOf = (host: HostContext, args: unknown[]): unknown =>
    host.timers.setImmediate(args[0], args.slice(1));
  const setTimeoutOf = (host: HostContext, args: unknown[]): unknown =>
    host.timers.setTimeout(args[0], args[1], args.slice(2));
  const setIntervalOf = (host: HostContext, args: unknown[]): unknown =>
    host.timers.setInterval(args[0], args[1], args.slice(2));
  return [
    ...inBothPlaces('setTimeout', (original) => promisifiable('setTimeout', setter(original, setTimeoutOf))),
    ...inBothPlaces('setInterval', (original) => setter(original, setIntervalOf)),
    ...inBothPlaces('setImmediate', (original) =>
      promisifiable('setImmediate', setter(original, setImmediateOf)),
    ),
    ...inBothPlaces('clearTimeout', clearer),
    ...inBothPlaces('clearInterval', clearer),
    ...inBothPlaces('clearImmediate', immediateClearer),
  ];
}

function inBothPlaces(name: SetName | ClearName, make: (original: AnyFunction) => AnyFunction): Patch[] {
  let made: AnyFunction | undefined;
  const makeOnce = (original: AnyFunction): AnyFunction => (made ??= make(original));
  return [
    patchMethod(name, globalThis, name, makeOnce),
    patchMethod(`node:timers ${name}`, timers, name, makeOnce),
  ];
}

function setter(
  original: AnyFunction,
  virtual: (host: HostContext, args: unknown[]) => unknown,
): AnyFunction {
  return function (this: unknown, ...args: unknown[]): unknown {
    const host = currentHost();
    // Without a callback Node.js throws before it sets anything.
    const isReal = host === undefined || typeof args[0] !== 'function';
    return isReal ? Reflect.apply(original, this, args) : virtual(host, args);
  };
}

/** `util.promisify` of these gives the functions of node:timers/promises, which are patched too. */
function promisifiable(name: 'setTimeout' | 'setImmediate', dispatched: AnyFunction): AnyFunction {
  return Object.defineProperty(dispatched, promisify.custom, {
    enumerable: true,
    get: () => timerPromises[name],
  });
}

function clearer(original: AnyFunction): AnyFunction {
  return function (this: unknown, ...args: unknown[]): unknown {
    const [timer] = args;
    if (isVirtual(timer)) return 'close' in timer ? dispose(timer) : undefined;
    const host = typeof timer === 'number' || typeof timer === 'string' ? currentHost() : undefined;
    return host === undefined ? Reflect.apply(original, this, args) : host.timers.clear(timer);
  };
}

function immediateClearer(original: AnyFunction): AnyFunction {
  return function (this: unknown, ...args: unknown[]): unknown {
    const [timer] = args;
    if (isVirtual(timer)) return 'close' in timer ? undefined : dispose(timer);
    // Given any other object, Node.js counts one immediate less than there are, and the process stops early.
    const isSafe =
      timer === undefined || timer === null || Object.hasOwn(Object(timer) as object, '_onImmediate');
    return isSafe || currentHost() === undefined ? Reflect.apply(original, this, args) : undefined;
  };
}

/**
 * Tells a host's timer from a real one without its class, which a second copy of the package has of its
 * own.
 */
function isVirtual(timer: unknown): timer is object {
  return typeof timer === 'object' && timer !== null && 'isVirtualTimer' in timer;
}

function dispose(timer: object): void {
  (timer as Disposable)[Symbol.dispose]();
}
