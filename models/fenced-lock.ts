// A lock with fencing: each time that it is given out it comes with a greater token, and it may be lost
// when a lease ends. What the tokens are shown to is in fenced-register.ts.

import fc from 'fast-check';
import { UNKNOWN, type Answer, type Model } from './model.ts';
import { told } from './words.ts';

/** What a client asks of the lock. `lock` names one of several, which do not touch each other. */
export type FencedLockInput =
  | { readonly name: 'acquire'; readonly owner: string; readonly lock?: string }
  | { readonly name: 'release' | 'renew'; readonly token: number; readonly lock?: string };

/** `acquire`: the token, or null where it was refused. `release` and `renew`: whether the lock was held. */
export type FencedLockOutput = number | boolean | null;

/** The lock, and the greatest token that is known to have been given out. */
export interface FencedLockState {
  readonly token: number;
  /** `unknown`: held, with a greater token that nobody learned. */
  readonly held: 'no' | 'yes' | 'unknown';
}

/**
 * Makes the model of a lock with fencing tokens.
 *
 * - `acquire` answers a token, greater than any that was given out before, if it gave the lock to `owner`;
 *   null if the lock was held. It is not reentrant.
 * - `release` answers true if the lock was held with this token, and frees it; false if it was not any more.
 * - `renew` answers true if the lock is held with this token, and false if it is not any more.
 *
 * What is left open: by how much tokens grow; and, with leases, when one ends. A lock that is held may
 * become free at any moment, unasked, so `acquire` may be granted while another holds it, and `release` and
 * `renew` of the last token may answer false; after that the lock is free. What is not open: a token never
 * comes twice or after a greater one; a lock that nobody holds is given out; `release` and `renew` never
 * answer true to a token after a greater one was given out, after it was released, or after they answered
 * it false. Whether a lease lasts as long as was promised needs a clock, which a sequential specification
 * has not. An `acquire` whose answer is unknown may have been given any greater token; of it only this is
 * kept.
 *
 * Source: Leases (Gray and Cheriton, SOSP 1989); the sequencers of The Chubby Lock Service (Burrows, OSDI
 * 2006); How to do distributed locking (Kleppmann, 2016).
 *
 * @param options.leases - Whether the lock may be lost without a release. Default true.
 */
export function fencedLock({ leases = true }: { readonly leases?: boolean } = {}): Model<
  FencedLockState,
  FencedLockInput,
  FencedLockOutput
> {
  return {
    name: 'lock with fencing tokens',
    initial: { token: Number.NEGATIVE_INFINITY, held: 'no' },
    partOf: (input) => input.lock ?? '',
    next: (state, input, answer) =>
      input.name === 'acquire' ? acquired(state, answer, leases) : tokenShown(state, input, answer, leases),
    describe,
    describeState,
  };
}

type Next = readonly FencedLockState[];

function acquired(state: FencedLockState, answer: Answer<FencedLockOutput>, leases: boolean): Next {
  const { token, held } = state;
  if (answer === null) return held === 'no' ? [] : [state];
  const mayBeGiven = held === 'no' || leases;
  if (answer === UNKNOWN) {
    if (held === 'unknown') return [state];
    const given: FencedLockState = { token, held: 'unknown' };
    return held === 'no' ? [given] : leases ? [state, given] : [state];
  }
  if (typeof answer !== 'number' || !(answer > token) || !mayBeGiven) return [];
  return [{ token: answer, held: 'yes' }];
}

/** A release or a renewal. */
function tokenShown(
  state: FencedLockState,
  { name, token }: { readonly name: 'release' | 'renew'; readonly token: number },
  answer: Answer<FencedLockOutput>,
  leases: boolean,
): Next {
  const { held } = state;
  const isLast = held === 'yes' && token === state.token;
  const mayBeLast = held === 'unknown' && token > state.token;
  const kept: FencedLockState = { token, held: name === 'renew' ? 'yes' : 'no' };
  const lost: FencedLockState = { token, held: 'no' };
  if (answer === true) return isLast || mayBeLast ? [kept] : [];
  if (answer === false) {
    if (isLast) return leases ? [lost] : [];
    return [state];
  }
  if (answer !== UNKNOWN) return [];
  // Whatever a lock that was lost may do, one that is held may do too: its lease can still end.
  if (isLast) return [kept];
  return mayBeLast ? [state, kept] : [state];
}

function describe(input: FencedLockInput, answer: Answer<FencedLockOutput>): string {
  const what = input.lock === undefined ? 'the lock' : `lock ${input.lock}`;
  if (input.name === 'acquire') {
    const asked = `asked to acquire ${what} as ${input.owner}`;
    return told(answer, asked, (token) =>
      token === null ? `${asked}, and was refused` : `acquired ${what} as ${input.owner} with token ${token}`,
    );
  }
  const { name, token } = input;
  const asked = `asked to ${name} ${what} with token ${token}`;
  return told(answer, asked, (isDone) =>
    isDone === true
      ? `${name}${name === 'renew' ? 'ed' : 'd'} ${what} with token ${token}`
      : `${asked}, and did not hold it`,
  );
}

function describeState({ token, held }: FencedLockState): string {
  const last = Number.isFinite(token) ? `the greatest token so far being ${token}` : 'no token given out yet';
  if (held === 'yes') return `held with token ${token}`;
  return held === 'no' ? `a free lock, ${last}` : `held with a token that nobody learned, ${last} before it`;
}

/**
 * Operations of a lock with fencing tokens. The tokens are small integers from 1 on, which a lock that
 * counts them gives out; those of another are better taken from its answers.
 *
 * @param options.owners - Who asks. Default: `a`, `b` and `c`.
 * @param options.tokenMax - The greatest token that is shown. Default 4.
 * @param options.locks - The names of the locks. Default: one lock without a name.
 */
export function fencedLockOperations({
  owners = ['a', 'b', 'c'],
  tokenMax = 4,
  locks = [],
}: {
  readonly owners?: readonly string[];
  readonly tokenMax?: number;
  readonly locks?: readonly string[];
} = {}): fc.Arbitrary<FencedLockInput> {
  const plain = { noNullPrototype: true } as const;
  const token = fc.integer({ min: 1, max: tokenMax });
  const owner = fc.constantFrom(...owners);
  const operation: fc.Arbitrary<FencedLockInput> = fc.oneof(
    { weight: 3, arbitrary: fc.record({ name: fc.constant('acquire' as const), owner }, plain) },
    { weight: 3, arbitrary: fc.record({ name: fc.constant('release' as const), token }, plain) },
    { weight: 1, arbitrary: fc.record({ name: fc.constant('renew' as const), token }, plain) },
  );
  if (locks.length === 0) return operation;
  return fc.tuple(operation, fc.constantFrom(...locks)).map(([input, name]) => ({ ...input, lock: name }));
}
