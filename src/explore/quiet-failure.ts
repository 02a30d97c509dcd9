// A failure that is shown by what it says: test runners print every property of an error that can be listed,
// and what failures carry is long and shows the secrets of the system.

import { inspect } from 'node:util';
import { errorJson } from '../errors.ts';

/** Carries what it is given under the names of `carried`; none of that can be listed. */
export abstract class QuietFailure extends Error {
  constructor(message: string, carried: object, options: ErrorOptions = {}) {
    super(message, options);
    for (const [name, value] of Object.entries(carried)) {
      if (value !== undefined)
        Object.defineProperty(this, name, { value, configurable: true, writable: true });
    }
  }

  /** What test runners show of it in another process: the message, and nothing that it carries. */
  toJSON(): object {
    return errorJson(this);
  }
}

// Shown by `console.log` and by test runners as its stack alone.
Object.defineProperty(QuietFailure.prototype, inspect.custom, {
  value(this: QuietFailure): string {
    return this.stack ?? this.message;
  },
});

/**
 * Makes the stack of a failure lead to the code that asked for the runs. Where it was made is inside of
 * wavetank, and tells nobody anything.
 *
 * @param lines - Of a stack, from the innermost on.
 */
export function calledFrom<Thrown>(error: Thrown, lines: readonly string[]): Thrown {
  if (!(error instanceof QuietFailure)) return error;
  const value = [`${error.name}: ${error.message}`, ...lines].join('\n');
  Object.defineProperty(error, 'stack', { value, configurable: true, writable: true });
  return error;
}
