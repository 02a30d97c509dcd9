// Conformance: one body of code, run on real Node.js and on a host, must give the same.

import assert from 'node:assert/strict';
import { onHost } from './fake-host.ts';

/** Asserts that a body gives the same outside any simulation and on a host. */
export async function isAlike(body: () => unknown): Promise<void> {
  // From a macrotask, as on a host: inside a microtask, ticks would come after promises.
  const real: unknown = await new Promise((resolve) => setImmediate(() => resolve(body())));
  const { value } = await onHost(body);
  assert.deepEqual(value, real);
}

/** What a call threw, in the words a program can test for. */
export function thrownBy(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return shapeOf(error);
  }
  return 'nothing thrown';
}

/** A method that is about to be called on the wrong `this`. */
export function methodOf(object: object, key: string): (...args: unknown[]) => unknown {
  return Reflect.get(object, key) as (...args: unknown[]) => unknown;
}

/** What a promise rejected with. */
export async function rejectionOf(promise: Promise<unknown> | (() => Promise<unknown>)): Promise<unknown> {
  try {
    await (typeof promise === 'function' ? promise() : promise);
  } catch (error) {
    return shapeOf(error);
  }
  return 'not rejected';
}

function shapeOf(error: unknown): unknown {
  const { name, code, message, cause, constructor } = error as Error & { code?: unknown };
  return {
    name,
    code,
    message,
    cause,
    className: constructor.name,
    keys: Object.keys(error as object).toSorted(),
  };
}
