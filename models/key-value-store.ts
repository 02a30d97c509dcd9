// A key-value store.

import fc, { type Arbitrary } from 'fast-check';
import { isEqual } from './equal.ts';
import { UNKNOWN, type Answer, type Model } from './model.ts';
import { shown, told } from './words.ts';

/** What a client asks of a key-value store. */
export type KeyValueInput<Value> =
  | { readonly name: 'get'; readonly key: string }
  | { readonly name: 'put'; readonly key: string; readonly value: Value }
  | { readonly name: 'delete'; readonly key: string }
  | {
      readonly name: 'cas';
      readonly key: string;
      /** null: the key must not be there. */
      readonly from: Value | null;
      readonly to: Value;
    };

/** What the store holds, by key. */
export type KeyValueState<Value> = Readonly<Record<string, Value>>;

/**
 * A key-value store. Keys do not touch each other, so that checkers look at each key by itself: a history of
 * a hundred thousand operations on many keys is many short ones.
 *
 * - `get` answers the value of a key, null where there is none.
 * - `put` sets it. Its answer tells nothing; the model does not look at it.
 * - `delete` takes the key out, if it is there. Its answer tells nothing, either.
 * - `cas` sets the value to `to` if it is `from`, and answers whether it was; with `from: null` it creates
 *   the key, if there is none.
 *
 * Nothing is left to choice. null is no value: a store that keeps it cannot be told from one without the key.
 *
 * Source: P-compositionality, in Faster linearizability checking via P-compositionality (Horn and Kroening,
 * 2015).
 *
 * @param initial - What is there at first. Default: nothing.
 * @example
 * const { verdict, message } = linearizable(keyValueStore<number>(), history);
 */
export function keyValueStore<Value>(
  initial: KeyValueState<Value> = {},
): Model<KeyValueState<Value>, KeyValueInput<Value>, Value | boolean | null | undefined> {
  return {
    name: 'key-value store',
    initial,
    partOf: ({ key }) => key,
    isReader: ({ name }) => name === 'get',
    next(state, input, answer: Answer<Value | boolean | null | undefined>) {
      const { key } = input;
      const value = Object.hasOwn(state, key) ? (state[key] as Value) : null;
      switch (input.name) {
        case 'get':
          return answer === UNKNOWN || isEqual(answer, value) ? [state] : [];
        case 'put':
          return [{ ...state, [key]: input.value }];
        case 'delete': {
          const { [key]: _gone, ...rest } = state;
          return [rest];
        }
        default: {
          const isMatch = isEqual(value, input.from);
          if (answer !== UNKNOWN && answer !== isMatch) return [];
          return [isMatch ? { ...state, [key]: input.to } : state];
        }
      }
    },
    describeState: shown,
    describe: inWords,
  };
}

function inWords<Value>(
  input: KeyValueInput<Value>,
  answer: Answer<Value | boolean | null | undefined>,
): string {
  const { key } = input;
  switch (input.name) {
    case 'get':
      return told(answer, `asked for ${key}`, (value) =>
        value === null ? `found no ${key}` : `read ${key}: ${shown(value)}`,
      );
    case 'put': {
      const what = `${key} to ${shown(input.value)}`;
      return told(answer, `asked to set ${what}`, () => `set ${what}`);
    }
    case 'delete':
      return told(answer, `asked to delete ${key}`, () => `deleted ${key}`);
    default: {
      const what =
        input.from === null
          ? `create ${key} as ${shown(input.to)}`
          : `change ${key} from ${shown(input.from)} to ${shown(input.to)}`;
      return told(answer, `asked to ${what}`, (isMatch) =>
        isMatch === true ? `managed to ${what}` : `was refused to ${what}`,
      );
    }
  }
}

/**
 * Operations on a key-value store of numbers.
 *
 * @param options.keys - Few, so that clients collide. Default: `x` and `y`.
 * @param options.values - Default: 1 to 4.
 */
export function keyValueOperations(
  options: { readonly keys?: Arbitrary<string>; readonly values?: Arbitrary<number> } = {},
): Arbitrary<KeyValueInput<number>> {
  const key = options.keys ?? fc.constantFrom('x', 'y');
  const value = options.values ?? fc.integer({ min: 1, max: 4 });
  return fc.oneof(
    key.map((each) => ({ name: 'get', key: each }) as const),
    fc.tuple(key, value).map(([each, put]) => ({ name: 'put', key: each, value: put }) as const),
    key.map((each) => ({ name: 'delete', key: each }) as const),
    fc
      .tuple(key, fc.option(value), value)
      .map(([each, from, to]) => ({ name: 'cas', key: each, from, to }) as const),
  );
}
