// A lock.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { lock, lockOperations, UNKNOWN, type LockInput } from '../../src/models.ts';
import { prove } from './proof.ts';
import { referenceOf } from './reference.ts';
import { keptLock } from './systems/lock.ts';

const acquire = (owner: string): LockInput => ({ name: 'acquire', owner });
const release = (owner: string): LockInput => ({ name: 'release', owner });
const holder: LockInput = { name: 'holder' };

prove({
  model: lock(),
  reference: referenceOf(keptLock),
  inputs: [acquire('a'), acquire('b'), release('a'), release('b'), holder],
  absurd: ['nobody'],
  operations: lockOperations(),
});

const rows = [
  { state: null, input: acquire('a'), answer: true, after: ['a'] },
  { state: null, input: acquire('a'), answer: false, after: [] },
  { state: 'a', input: acquire('b'), answer: false, after: ['a'] },
  { state: 'a', input: acquire('b'), answer: true, after: [] },
  // It is not reentrant.
  { state: 'a', input: acquire('a'), answer: true, after: [] },
  { state: 'a', input: acquire('a'), answer: false, after: ['a'] },
  { state: 'a', input: release('a'), answer: true, after: [null] },
  { state: 'a', input: release('a'), answer: UNKNOWN, after: [null] },
  { state: 'a', input: release('b'), answer: true, after: [] },
  { state: 'a', input: release('b'), answer: false, after: ['a'] },
  { state: 'a', input: release('b'), answer: UNKNOWN, after: ['a'] },
  { state: null, input: release('a'), answer: true, after: [] },
  { state: null, input: holder, answer: null, after: [null] },
  { state: 'a', input: holder, answer: null, after: [] },
  { state: 'a', input: holder, answer: 'a', after: ['a'] },
] as const;

for (const { state, input, answer, after } of rows) {
  const model = lock();
  const left = after.map((each) => model.describeState?.(each)).join() || 'nothing';
  test(`${model.describeState?.(state)}: ${model.describe?.(input, answer)} leaves ${left}`, () => {
    assert.deepEqual(model.next(state, input, answer), after);
  });
}

test('locks with names are parts of their own, and told by name', () => {
  const operations = fc.sample(lockOperations({ locks: ['l1', 'l2'] }), { seed: 1, numRuns: 50 });
  const model = lock();
  assert.deepEqual(new Set(operations.map((each) => model.partOf?.(each))), new Set(['l1', 'l2']));
  assert.equal(model.partOf?.(holder), '');
  const input: LockInput = { name: 'acquire', owner: 'a', lock: 'l1' };
  assert.equal(model.describe?.(input, true), 'acquired lock l1 as a');
});
