// A lock with fencing tokens, with leases and without.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { linearizable, type Operation } from '../../src/checkers.ts';
import { fencedLock, fencedLockOperations, UNKNOWN } from '../../src/models.ts';
import type { Answer, FencedLockInput, FencedLockOutput, FencedLockState } from '../../src/models.ts';
import type { Reference } from './reference.ts';
import { compareSequences, judgeHistories } from './sequences.ts';

const acquire: FencedLockInput = { name: 'acquire', owner: 'a' };
const release = (token: number): FencedLockInput => ({ name: 'release', token });
const renew = (token: number): FencedLockInput => ({ name: 'renew', token });

/** The lock as it really is: who has it, and the last token. Between two tokens lie others. */
interface Kept {
  readonly last: number;
  readonly isHeld: boolean;
}
const TOKENS = Array.from({ length: 16 }, (_, i) => i / 4 + 0.25);

/** All that can happen, a lease that ends before it among it. */
function reference(leases: boolean): Reference<Kept, FencedLockInput, FencedLockOutput> {
  const does = (state: Kept, input: FencedLockInput): [FencedLockOutput, Kept][] => {
    if (input.name === 'acquire') {
      if (state.isHeld) return [[null, state]];
      return TOKENS.filter((token) => token > state.last).map((token) => [
        token,
        { last: token, isHeld: true },
      ]);
    }
    if (!state.isHeld || input.token !== state.last) return [[false, state]];
    return [[true, input.name === 'renew' ? state : { ...state, isHeld: false }]];
  };
  return {
    initial: { last: 0, isHeld: false },
    outcomes: (state, input) =>
      leases && state.isHeld
        ? [...does(state, input), ...does({ ...state, isHeld: false }, input)]
        : does(state, input),
  };
}

for (const leases of [true, false]) {
  describe(`a lock with fencing tokens, ${leases ? 'with' : 'without'} leases`, () => {
    const pair = { model: fencedLock({ leases }), reference: reference(leases) };

    test('allows the sequences that the brute-force list allows', () => {
      const inputs = [acquire, release(1), release(2), renew(2)];
      const answers = [1, 2, 3, null, true, false] as const;
      const { allowed, refused } = compareSequences({ ...pair, inputs, answers, forgets: true }, 4);
      assert.ok(allowed > 100 && refused > 100, `${allowed} allowed, ${refused} refused`);
    });

    test('judges histories as a search through all orders does', () => {
      const operations = fencedLockOperations({ tokenMax: 2 });
      const wrong = [1, 2, null, true, false] as const;
      const { accepted, rejected } = judgeHistories({ ...pair, wrong, forgets: true }, operations);
      assert.ok(accepted > 10 && rejected > 50, `${accepted} accepted, ${rejected} rejected`);
    });
  });
}

const free = (token: number): FencedLockState => ({ token, held: 'no' });
const held = (token: number): FencedLockState => ({ token, held: 'yes' });
const heldUnknown = (token: number): FencedLockState => ({ token, held: 'unknown' });

type Row = {
  readonly state: FencedLockState;
  readonly input: FencedLockInput;
  readonly answer: Answer<FencedLockOutput>;
  /** With leases, and without. */
  readonly after: readonly [leases: readonly FencedLockState[], none: readonly FencedLockState[]];
};

const both = (...after: readonly FencedLockState[]): Row['after'] => [after, after];

const rows: readonly Row[] = [
  { state: free(3), input: acquire, answer: 4, after: both(held(4)) },
  { state: free(3), input: acquire, answer: 3, after: both() },
  { state: free(3), input: acquire, answer: 2, after: both() },
  { state: free(3), input: acquire, answer: null, after: both() },
  { state: free(3), input: acquire, answer: true, after: both() },
  { state: free(3), input: acquire, answer: UNKNOWN, after: both(heldUnknown(3)) },
  { state: held(3), input: acquire, answer: null, after: both(held(3)) },
  { state: held(3), input: acquire, answer: 7, after: [[held(7)], []] },
  { state: held(3), input: acquire, answer: 3, after: both() },
  { state: held(3), input: acquire, answer: UNKNOWN, after: [[held(3), heldUnknown(3)], [held(3)]] },
  { state: heldUnknown(3), input: acquire, answer: 4, after: [[held(4)], []] },
  { state: heldUnknown(3), input: acquire, answer: 3, after: both() },
  { state: heldUnknown(3), input: acquire, answer: UNKNOWN, after: both(heldUnknown(3)) },
  { state: held(3), input: release(3), answer: true, after: both(free(3)) },
  { state: held(3), input: release(3), answer: false, after: [[free(3)], []] },
  { state: held(3), input: release(3), answer: UNKNOWN, after: both(free(3)) },
  { state: held(3), input: release(3), answer: 3, after: both() },
  { state: held(3), input: release(2), answer: true, after: both() },
  { state: held(3), input: release(2), answer: false, after: both(held(3)) },
  { state: free(3), input: release(3), answer: true, after: both() },
  { state: free(3), input: release(3), answer: false, after: both(free(3)) },
  { state: heldUnknown(3), input: release(5), answer: true, after: both(free(5)) },
  { state: heldUnknown(3), input: release(5), answer: UNKNOWN, after: both(heldUnknown(3), free(5)) },
  { state: heldUnknown(3), input: release(3), answer: true, after: both() },
  { state: heldUnknown(3), input: release(3), answer: UNKNOWN, after: both(heldUnknown(3)) },
  { state: held(3), input: renew(3), answer: true, after: both(held(3)) },
  { state: held(3), input: renew(3), answer: false, after: [[free(3)], []] },
  { state: held(3), input: renew(2), answer: true, after: both() },
  { state: heldUnknown(3), input: renew(5), answer: true, after: both(held(5)) },
];

for (const { state, input, answer, after } of rows) {
  for (const [i, leases] of [true, false].entries()) {
    const model = fencedLock({ leases });
    const told = `${model.describeState?.(state)}: ${model.describe?.(input, answer)}`;
    const left = after[i]?.map((each) => model.describeState?.(each)).join('; or ') || 'nothing';
    test(`${leases ? 'leases, ' : ''}${told} leaves ${left}`, () => {
      assert.deepEqual(model.next(state, input, answer), after[i]);
    });
  }
}

test('two who acquired the lock at once without a lease are told apart by the explanation', () => {
  const call = { name: 'acquire', type: 'ok', invokedMs: 0, endedMs: 5 } as const;
  const history: Operation[] = [
    { ...call, id: 0, client: 'ann', input: { owner: 'ann' }, value: 1 },
    { ...call, id: 1, client: 'ben', input: { owner: 'ben' }, value: 1 },
  ];
  const { verdict, message } = linearizable(fencedLock(), history);
  assert.equal(verdict, 'illegal');
  assert.match(message, /acquired the lock as ann with token 1/);
  assert.match(message, /acquired the lock as ben with token 1/);
});

test('an unknown answer to acquire is told as such', () => {
  assert.equal(fencedLock().describe?.(acquire, UNKNOWN), 'asked to acquire the lock as a, outcome unknown');
});
