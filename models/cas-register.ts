// A register with compare-and-set.

import fc, { type Arbitrary } from 'fast-check';
import { isEqual } from './equal.ts';
import { UNKNOWN, type Answer, type Model } from './model.ts';
import { shown, told } from './words.ts';

/** What a client asks of the register. */
export type CasInput<Value> =
  | { readonly name: 'read' }
  | { readonly name: 'write'; readonly value: Value }
  | { readonly name: 'cas'; readonly from: Value; readonly to: Value };

/**
 * A register with compare-and-set: one value.
 *
 * - `read` answers the value that it holds.
 * - `write` replaces the value. Its answer tells nothing; the model does not look at it.
 * - `cas` replaces the value by `to` if it is `from`, and answers whether it was. Values are compared by
 *   content.
 *
 * Nothing is left to choice. Where a system reports a mismatch as a failure, read the history with
 * `failure: ({ name }) => (name === 'cas' ? false : undefined)`: it tells that the value was another.
 *
 * Source: Wait-Free Synchronization (Herlihy, 1991); the register of Jepsen's tests of etcd and ZooKeeper.
 *
 * @param initial - What is read before anything was written.
 */
export function casRegister<Value>(
  initial: Value,
): Model<Value, CasInput<Value>, Value | boolean | undefined> {
  return {
    name: 'compare-and-set register',
    initial,
    isReader: ({ name }) => name === 'read',
    next(state, input, answer: Answer<Value | boolean | undefined>) {
      if (input.name === 'write') return [input.value];
      if (input.name === 'read') return answer === UNKNOWN || isEqual(answer, state) ? [state] : [];
      const isMatch = isEqual(state, input.from);
      if (answer !== UNKNOWN && answer !== isMatch) return [];
      return [isMatch ? input.to : state];
    },
    describeState: shown,
    describe(input, answer) {
      if (input.name === 'read') return told(answer, 'asked to read', (value) => `read ${shown(value)}`);
      if (input.name === 'write') {
        return told(answer, `asked to write ${shown(input.value)}`, () => `wrote ${shown(input.value)}`);
      }
      const change = `${shown(input.from)} to ${shown(input.to)}`;
      return told(answer, `asked to change ${change}`, (isMatch) =>
        isMatch === true ? `changed ${change}` : `was refused to change ${change}`,
      );
    },
  };
}

/**
 * Operations on a compare-and-set register of numbers.
 *
 * @param options.values - What is written and compared: few, so that some comparisons match. Default: 0 to 2.
 */
export function casOperations(
  options: { readonly values?: Arbitrary<number> } = {},
): Arbitrary<CasInput<number>> {
  const value = options.values ?? fc.integer({ min: 0, max: 2 });
  return fc.oneof(
    fc.constant({ name: 'read' } as const),
    value.map((each) => ({ name: 'write', value: each }) as const),
    fc.tuple(value, value).map(([from, to]) => ({ name: 'cas', from, to }) as const),
  );
}
