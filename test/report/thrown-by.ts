// What a call throws, for tests that look at it.

import assert from 'node:assert/strict';

/** Waits for a call that must throw. */
export async function thrownBy(call: () => Promise<unknown>): Promise<unknown> {
  try {
    await call();
  } catch (error) {
    return error;
  }
  return assert.fail('nothing was thrown');
}
