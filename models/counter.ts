// A counter.

import fc, { type Arbitrary } from 'fast-check';
import { UNKNOWN, type Answer, type Model } from './model.ts';
import { shown, told } from './words.ts';

/** What a client asks of a counter. */
export type CounterInput =
  | { readonly name: 'get' }
  /** `by` may be negative. */
  | { readonly name: 'add' | 'addAndGet'; readonly by: number };

/**
 * A counter.
 *
 * - `get` answers the count.
 * - `add` adds `by`, which may be negative. Its answer tells nothing; the model does not look at it.
 * - `addAndGet` adds `by` and answers the count after that.
 *
 * Nothing is left to choice. Counts are exact: keep to integers, or to the smallest unit of a currency.
 *
 * @param initial - The count at first. Default 0.
 */
export function counter(initial = 0): Model<number, CounterInput, number | undefined> {
  return {
    name: 'counter',
    initial,
    isReader: ({ name }) => name === 'get',
    next(count, input, answer: Answer<number | undefined>) {
      const after = input.name === 'get' ? count : count + input.by;
      return input.name === 'add' || answer === UNKNOWN || answer === after ? [after] : [];
    },
    describeState: shown,
    describe(input, answer) {
      if (input.name === 'get')
        return told(answer, 'asked for the count', (count) => `counted ${shown(count)}`);
      return told(answer, `asked to add ${input.by}`, (count) =>
        input.name === 'add' ? `added ${input.by}` : `added ${input.by}, which made ${shown(count)}`,
      );
    },
  };
}

/**
 * Operations on a counter.
 *
 * @param options.by - What is added. Default: 1 to 3.
 */
export function counterOperations(
  options: { readonly by?: Arbitrary<number> } = {},
): Arbitrary<CounterInput> {
  const by = options.by ?? fc.integer({ min: 1, max: 3 });
  return fc.oneof(
    fc.constant({ name: 'get' } as const),
    by.map((each) => ({ name: 'add', by: each }) as const),
    by.map((each) => ({ name: 'addAndGet', by: each }) as const),
  );
}
