// A store of lists, to which transactions append and from which they read.

import fc from 'fast-check';
import { produce } from 'immer';
import { isEqual } from './equal.ts';
import { UNKNOWN, type Answer, type Model } from './model.ts';
import { shown, told } from './words.ts';

/** A key, or a value of a list. */
export type ListAtom = string | number | boolean | null;

/** Adds a value to the end of the list of a key. */
export type ListAppend = readonly ['append', key: ListAtom, value: ListAtom];
/** Reads the list of a key. What is asked has null in place of the list; so may an answer, if it is empty. */
export type ListRead = readonly ['r', key: ListAtom, list: readonly ListAtom[] | null];

/** A transaction: what the checkers of isolation read, so that the history of one serves both. */
export interface ListTransaction {
  readonly name: string;
  readonly value: readonly (ListAppend | ListRead)[];
}

/** The same steps, with the lists that were read. */
export type ListTransactionOutput = readonly (ListAppend | ListRead)[];

/** Lists by key, the key as JSON: 1 and "1" are two of them. */
export type Lists = Readonly<Record<string, readonly ListAtom[]>>;

/**
 * Makes the model of a list-append store.
 *
 * An operation is a transaction: a list of steps `["append", key, value]` and `["r", key, null]`, which
 * take effect one after another and all at once as seen by others. It answers the same steps, each read
 * with the list as it was then, with what the transaction itself had appended; a list to which nothing was
 * ever appended is `null` or `[]`. One that was aborted is an operation that failed, and had no effect.
 *
 * Nothing is left open. As a model for `linearizable` it says strict serializable, and for
 * `sequentiallyConsistent` serializable by clients; a history of hundreds of concurrent transactions is
 * better given to `isolated`, which reads the same history in linear time, names the anomaly, and knows the
 * weaker levels. For that each value is appended once to each key.
 *
 * Source: Elle: Inferring Isolation Anomalies from Experimental Observations (Kingsbury and Alvaro, VLDB
 * 2020).
 *
 * @example
 * await client.operation('transaction', [['append', 'x', 1], ['r', 'y', null]], () => post('/transactions',
 * ...)); linearizable(listAppend(), world.history); isolated(world.history, { level: 'serializable' });
 */
export function listAppend(): Model<Lists, ListTransaction, ListTransactionOutput> {
  return {
    name: 'list-append store',
    initial: {},
    isReader: ({ value }) => value.every(([kind]) => kind === 'r'),
    next(lists, { value: steps }, answer) {
      if (answer !== UNKNOWN && !(Array.isArray(answer) && answer.length === steps.length)) return [];
      let isAllowed = true;
      const after = produce(lists, (draft) => {
        for (const [i, step] of steps.entries()) {
          const key = JSON.stringify(step[1]);
          const list = draft[key] ?? [];
          if (step[0] === 'append') draft[key] = [...list, step[2]];
          if (answer !== UNKNOWN && !isAnswer(answer[i], step, list)) {
            isAllowed = false;
            return;
          }
        }
      });
      return isAllowed ? [after] : [];
    },
    describe,
    describeState: (lists) => {
      const keys = Object.keys(lists).toSorted();
      return keys.length === 0
        ? 'no lists'
        : `the lists ${keys.map((key) => `${key}: ${shown(lists[key])}`).join(', ')}`;
    },
  };
}

function isAnswer(
  answered: ListTransactionOutput[number] | undefined,
  asked: ListTransaction['value'][number],
  list: readonly ListAtom[],
): boolean {
  if (asked[0] === 'append') return isEqual(answered, asked);
  const [kind, key, read] = answered ?? [];
  return kind === 'r' && key === asked[1] && isEqual(read ?? [], list);
}

function describe({ value }: ListTransaction, answer: Answer<ListTransactionOutput>): string {
  const asked = value.map(([kind, key, each]) =>
    kind === 'append' ? `append ${shown(each)} to ${shown(key)}` : `read ${shown(key)}`,
  );
  return told(answer, `asked to ${asked.join(', then ')}`, (steps) => {
    const done = steps.map(([kind, key, each]) =>
      kind === 'append'
        ? `appended ${shown(each)} to ${shown(key)}`
        : `read ${shown(each ?? [])} from ${shown(key)}`,
    );
    return done.join(', then ');
  });
}

/**
 * Transactions over few keys. Values are drawn from two thousand million and are not shrunk, so that none is
 * appended twice to a key.
 *
 * @param options.keys - Default: `x`, `y` and `z`.
 * @param options.stepsMax - How many steps a transaction has at most. Default 4.
 */
export function listAppendOperations({
  keys = ['x', 'y', 'z'],
  stepsMax = 4,
}: { readonly keys?: readonly ListAtom[]; readonly stepsMax?: number } = {}): fc.Arbitrary<ListTransaction> {
  const key = fc.constantFrom(...keys);
  const value = fc.noShrink(fc.noBias(fc.integer({ min: 1, max: 2 ** 31 - 1 })));
  const append = fc.tuple(fc.constant('append' as const), key, value);
  const read = fc.tuple(fc.constant('r' as const), key, fc.constant(null));
  const transaction = fc.array(fc.oneof(append, read), { minLength: 1, maxLength: stepsMax });
  return transaction.map((steps) => ({ name: 'transaction', value: steps }));
}
