// A set of values.

import fc, { type Arbitrary } from 'fast-check';
import { isEqual } from './equal.ts';
import { UNKNOWN, type Answer, type Model } from './model.ts';
import { shown, told } from './words.ts';

/** What a client asks of a set. */
export type SetInput<Value> =
  { readonly name: 'add' | 'remove' | 'contains'; readonly value: Value } | { readonly name: 'elements' };

/**
 * A set: each value is in it or not.
 *
 * - `add` puts a value in and answers whether it was new.
 * - `remove` takes a value out and answers whether it was there.
 * - `contains` answers whether a value is in it.
 * - `elements` answers all values, in any order, each once.
 *
 * Nothing is left to choice but the order of `elements`. Where no client asks for all of them, values do not
 * touch each other: a key-value store, whose checks are faster, does as well.
 *
 * @typeParam Value - Strings or numbers.
 */
export function set<Value extends string | number>(): Model<
  readonly Value[],
  SetInput<Value>,
  boolean | readonly Value[]
> {
  return {
    name: 'set',
    // In one order, so that equal sets are equal states.
    initial: [],
    isReader: ({ name }) => name === 'contains' || name === 'elements',
    next(state, input, answer: Answer<boolean | readonly Value[]>) {
      if (input.name === 'elements') {
        const isRight = Array.isArray(answer) && isEqual(sorted(answer as readonly Value[]), state);
        return answer === UNKNOWN || isRight ? [state] : [];
      }
      const { name, value } = input;
      const isThere = state.includes(value);
      if (answer !== UNKNOWN && answer !== (name === 'add' ? !isThere : isThere)) return [];
      if (name === 'add' && !isThere) return [sorted([...state, value])];
      return [name === 'remove' && isThere ? state.filter((each) => each !== value) : state];
    },
    describeState: (state) => (state.length === 0 ? 'empty' : shown(state)),
    describe: inWords,
  };
}

/** In an order that depends on the values alone; numbers before strings. */
function sorted<Value extends string | number>(values: readonly Value[]): readonly Value[] {
  return values.toSorted((left, right) => {
    if (typeof left !== typeof right) return typeof left === 'number' ? -1 : 1;
    return left < right ? -1 : left > right ? 1 : 0;
  });
}

function inWords<Value>(input: SetInput<Value>, answer: Answer<boolean | readonly Value[]>): string {
  if (input.name === 'elements') {
    return told(answer, 'asked for all elements', (values) => `was told the elements ${shown(values)}`);
  }
  const value = shown(input.value);
  switch (input.name) {
    case 'add':
      return told(answer, `asked to add ${value}`, (isNew) =>
        isNew === true ? `added ${value}` : `added ${value}, which was there already`,
      );
    case 'remove':
      return told(answer, `asked to remove ${value}`, (wasThere) =>
        wasThere === true ? `removed ${value}` : `removed ${value}, which was not there`,
      );
    default:
      return told(answer, `asked whether ${value} is there`, (isThere) =>
        isThere === true ? `found ${value}` : `did not find ${value}`,
      );
  }
}

/**
 * Operations on a set of numbers.
 *
 * @param options.values - Few, so that clients collide. Default: 1 to 3.
 */
export function setOperations(
  options: { readonly values?: Arbitrary<number> } = {},
): Arbitrary<SetInput<number>> {
  const value = options.values ?? fc.integer({ min: 1, max: 3 });
  const names = fc.constantFrom('add', 'add', 'remove', 'contains');
  return fc.oneof(
    { weight: 4, arbitrary: fc.tuple(names, value).map(([name, each]) => ({ name, value: each })) },
    { weight: 1, arbitrary: fc.constant({ name: 'elements' } as const) },
  );
}
