// One call of a test's or hook's function: over when it is done, when its time is up, when an error turns up
// that nobody caught, or when the event loop has nothing left that could ever end it.

import { format } from 'node:util';
import { currentHost } from '../../ambient/registry.ts';

/** How a call ended. */
export type Ending = { readonly error: unknown } | undefined;

/** See above. */
export class Attempt {
  readonly ended: Promise<Ending>;
  readonly #end: (ending: Ending) => void;

  constructor() {
    let end: (ending: Ending) => void = () => {};
    this.ended = new Promise((resolve) => (end = resolve));
    this.#end = end;
  }

  /** Calls the function. @param timeoutMs - Undefined for no limit. */
  begin(call: () => unknown, timeoutMs: number | undefined, what: string): Promise<Ending> {
    // The host's own timers: the test may have put others in the place of the global ones.
    const timers = currentHost()?.timers;
    const fail = (): void => this.fail(new Error(`${what} timed out after ${timeoutMs} ms`));
    const timer = timeoutMs === undefined ? undefined : timers?.setTimeout(fail, timeoutMs);
    void this.#call(call);
    return this.ended.finally(() => timers?.clear(timer));
  }

  fail(error: unknown): void {
    this.#end({ error });
  }

  async #call(call: () => unknown): Promise<void> {
    try {
      await call();
      this.#end(undefined);
    } catch (error) {
      this.#end({ error });
    }
  }
}

/** A function with a callback, as a promise: `(done) => ...`. */
export function withCallback(call: (done: (error?: unknown) => void) => unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = (error?: unknown): void => {
      if (error === undefined || error === null) resolve();
      else reject(error instanceof Error ? error : new Error(format(error)));
    };
    const returned = call(Object.assign(done, { fail: reject }));
    if (returned instanceof Promise) returned.catch(reject);
  });
}

/** Waits for a turn of the event loop: by then, rejections that nobody handled have been told. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    currentHost()?.timers.setImmediate(() => resolve());
  });
}
