// A lock that is held until it is released.

import fc from 'fast-check';
import { UNKNOWN, type Answer, type Model } from './model.ts';
import { told } from './words.ts';

/** What a client asks of the lock. `lock` names one of several, which do not touch each other. */
export type LockInput =
  | { readonly name: 'acquire' | 'release'; readonly owner: string; readonly lock?: string }
  | { readonly name: 'holder'; readonly lock?: string };

/** Whether it was done; for `holder`, who holds the lock, or null. */
export type LockOutput = boolean | string | null;

/**
 * Makes the model of a lock.
 *
 * - `acquire` answers true if the lock was free, and is held by `owner` from then on; false if it was held,
 *   by whomever: it is not reentrant. One that waits for the lock is one that only ever answers true.
 * - `release` answers true if `owner` held it, and frees it; false if not, and changes nothing.
 * - `holder` answers who holds it, or null.
 *
 * Nothing is left open: only its holder frees it. Where a lock is lost when a lease ends, see `fencedLock`.
 *
 * Source: the mutual exclusion of Solution of a Problem in Concurrent Programming Control (Dijkstra, 1965).
 */
export function lock(): Model<string | null, LockInput, LockOutput> {
  return {
    name: 'lock',
    initial: null,
    partOf: (input) => input.lock ?? '',
    isReader: ({ name }) => name === 'holder',
    next(holder, input, answer) {
      if (input.name === 'holder') return answer === UNKNOWN || answer === holder ? [holder] : [];
      const isDone = input.name === 'acquire' ? holder === null : holder === input.owner;
      if (answer !== UNKNOWN && answer !== isDone) return [];
      if (!isDone) return [holder];
      return [input.name === 'acquire' ? input.owner : null];
    },
    describe,
    describeState: (holder) => (holder === null ? 'a free lock' : `held by ${holder}`),
  };
}

function describe(input: LockInput, answer: Answer<LockOutput>): string {
  const what = input.lock === undefined ? 'the lock' : `lock ${input.lock}`;
  if (input.name === 'holder') {
    const asked = `asked who holds ${what}`;
    return told(answer, asked, (holder) => `${asked}: ${holder === null ? 'nobody' : String(holder)}`);
  }
  const asked = `asked to ${input.name} ${what} as ${input.owner}`;
  return told(answer, asked, (isDone) =>
    isDone === true ? `${input.name}d ${what} as ${input.owner}` : `${asked}, and was refused`,
  );
}

/**
 * Operations of a lock.
 *
 * @param options.owners - Who asks. Default: `a`, `b` and `c`.
 * @param options.locks - The names of the locks. Default: one lock without a name.
 */
export function lockOperations({
  owners = ['a', 'b', 'c'],
  locks = [],
}: {
  readonly owners?: readonly string[];
  readonly locks?: readonly string[];
} = {}): fc.Arbitrary<LockInput> {
  const plain = { noNullPrototype: true } as const;
  const owner = fc.constantFrom(...owners);
  const operation: fc.Arbitrary<LockInput> = fc.oneof(
    { weight: 3, arbitrary: fc.record({ name: fc.constant('acquire' as const), owner }, plain) },
    { weight: 3, arbitrary: fc.record({ name: fc.constant('release' as const), owner }, plain) },
    { weight: 1, arbitrary: fc.record({ name: fc.constant('holder' as const) }, plain) },
  );
  if (locks.length === 0) return operation;
  return fc.tuple(operation, fc.constantFrom(...locks)).map(([input, name]) => ({ ...input, lock: name }));
}
