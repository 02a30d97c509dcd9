// Unhandled rejections: Node.js announces them by `process.emit`, in the context of the promise's host.

import process from 'node:process';
import { type AnyFunction, type Patch, patchMethod } from './patch.ts';
import { currentHost } from './registry.ts';

/** Patches `process.emit`, so that a host's rejections crash the host and not the test runner. */
export function rejectionPatches(): Patch[] {
  return [patchMethod('process.emit', process, 'emit', dispatchedEmit)];
}

function dispatchedEmit(original: AnyFunction): AnyFunction {
  /** The promises whose rejection a host took: a late handler is announced in no host's context. */
  const taken = new WeakSet<object>();
  return function emit(this: unknown, ...args: unknown[]): unknown {
    const [name, reason, promise] = args;
    if (name === 'rejectionHandled' && taken.has(reason as object)) return true;
    const host = name === 'unhandledRejection' && this === process ? currentHost() : undefined;
    if (host === undefined) return Reflect.apply(original, this, args);
    taken.add(promise as object);
    host.uncaught(reason, 'unhandledRejection');
    return true;
  };
}
