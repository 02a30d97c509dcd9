// Whether code under test uses an AsyncLocalStorage of its own. Until it does, a timer has no context to
// carry but that of its host, and is spared an asynchronous resource: a tenth of what a message and a timer
// cost.

import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks';
import { patchMethod, type AnyFunction, type Patch } from './patch.ts';
import { ambientRegistry } from './registry.ts';

/**
 * Captures the asynchronous context of the code that calls; undefined where the host's own is all there is.
 */
export function captureContext(name: string): AsyncResource | undefined {
  return ambientRegistry().hasUserContexts
    ? new AsyncResource(name, { requireManualDestroy: true })
    : undefined;
}

/** Calls a callback in a captured context. */
export function callIn(
  context: AsyncResource | undefined,
  callback: AnyFunction,
  self: unknown,
  args: unknown[],
): void {
  const { activities } = ambientRegistry();
  if (context === undefined) Reflect.apply(callback, self, args);
  else if (activities === undefined) context.runInAsyncScope(callback, self, ...args);
  else {
    // What a host is doing is told by the event that calls back, not by the code that asked for it.
    const activity = activities.getStore();
    const call = (): unknown => activities.run(activity, () => Reflect.apply(callback, self, args));
    context.runInAsyncScope(call);
  }
}

/** Patches what begins a context: from then on it is captured. */
export function userContextPatches(): Patch[] {
  const { prototype } = AsyncLocalStorage;
  const noticing = (original: AnyFunction): AnyFunction =>
    function (this: unknown, ...args: unknown[]): unknown {
      const registry = ambientRegistry();
      if (this !== registry.storage && this !== registry.activities) registry.hasUserContexts = true;
      return Reflect.apply(original, this, args);
    };
  return [
    patchMethod('AsyncLocalStorage.prototype.run', prototype, 'run', noticing),
    patchMethod('AsyncLocalStorage.prototype.enterWith', prototype, 'enterWith', noticing),
  ];
}
