// A register: one value that is read and written.

import fc, { type Arbitrary } from 'fast-check';
import { isEqual } from './equal.ts';
import { UNKNOWN, type Answer, type Model } from './model.ts';
import { shown, told } from './words.ts';

/** What a client asks of a register. */
export type RegisterInput<Value> =
  { readonly name: 'read' } | { readonly name: 'write'; readonly value: Value };

/**
 * A register, also called an atomic read-write register: one value.
 *
 * - `read` answers the value that was written last, `initial` before the first write.
 * - `write` replaces the value. Its answer tells nothing; the model does not look at it.
 *
 * Nothing is left to choice.
 *
 * Source: On Interprocess Communication (Lamport, 1986).
 *
 * @param initial - What is read before anything was written.
 */
export function register<Value>(initial: Value): Model<Value, RegisterInput<Value>, Value | undefined> {
  return {
    name: 'register',
    initial,
    isReader: ({ name }) => name === 'read',
    next(state, input, answer: Answer<Value | undefined>) {
      if (input.name === 'write') return [input.value];
      return answer === UNKNOWN || isEqual(answer, state) ? [state] : [];
    },
    describeState: shown,
    describe(input, answer) {
      if (input.name === 'read') return told(answer, 'asked to read', (value) => `read ${shown(value)}`);
      return told(answer, `asked to write ${shown(input.value)}`, () => `wrote ${shown(input.value)}`);
    },
  };
}

/**
 * Operations on a register of numbers.
 *
 * @param options.values - What is written: few, so that clients collide, or many, so that it is told apart
 *   who wrote. Default: 1 to 5.
 */
export function registerOperations(
  options: { readonly values?: Arbitrary<number> } = {},
): Arbitrary<RegisterInput<number>> {
  const value = options.values ?? fc.integer({ min: 1, max: 5 });
  return fc.oneof(
    fc.constant({ name: 'read' } as const),
    value.map((each) => ({ name: 'write', value: each }) as const),
  );
}
