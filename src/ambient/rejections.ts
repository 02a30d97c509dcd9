// `process.emit`: what a host emits goes to its own listeners. Node.js announces unhandled rejections by it,
// in the context of the promise's host.

import process from 'node:process';
import type { HostContext } from './context.ts';
import { type AnyFunction, type Patch, patchMethod } from './patch.ts';
import { currentHost, hostStorage } from './registry.ts';

/** Patches `process.emit`, so that a host's rejections crash the host and not the test runner. */
export function rejectionPatches(): Patch[] {
  return [patchMethod('process.emit', process, 'emit', dispatchedEmit)];
}

function dispatchedEmit(original: AnyFunction): AnyFunction {
  /** Hosts by the promises whose rejection they took: a late handler is announced in no host's context. */
  const taken = new WeakMap<object, HostContext>();
  return function emit(this: unknown, ...args: unknown[]): unknown {
    const [name, reason, promise] = args;
    const late = name === 'rejectionHandled' ? taken.get(reason as object) : undefined;
    if (late !== undefined) return announceLate(late, reason);
    const host = currentHost();
    if (host === undefined) return Reflect.apply(original, this, args);
    if (name !== 'unhandledRejection') return host.process.events.emit(...(args as [string]));
    taken.set(promise as object, host);
    host.uncaught(reason, 'unhandledRejection', promise);
    return true;
  };
}

function announceLate(host: HostContext, promise: unknown): boolean {
  if (!host.isAlive) return true;
  return hostStorage().run(host, () => {
    try {
      return host.process.events.emit('rejectionHandled', promise);
    } catch (error) {
      host.uncaught(error, 'uncaughtException');
      return true;
    }
  });
}
