// A semaphore.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { semaphore, semaphoreOperations, UNKNOWN } from '../../src/models.ts';
import type { Answer, Permits, SemaphoreInput, SemaphoreOutput } from '../../src/models.ts';
import { prove } from './proof.ts';
import { referenceOf } from './reference.ts';
import { keptSemaphore } from './systems/semaphore.ts';

const acquire = (holder: string, permits?: number): SemaphoreInput =>
  permits === undefined ? { name: 'acquire', holder } : { name: 'acquire', holder, permits };
const release = (holder: string, permits?: number): SemaphoreInput =>
  permits === undefined ? { name: 'release', holder } : { name: 'release', holder, permits };
const available: SemaphoreInput = { name: 'available' };

prove({
  model: semaphore(3),
  reference: referenceOf(keptSemaphore),
  inputs: [acquire('a'), acquire('b', 2), release('a'), release('b'), release('b', 2), available],
  absurd: [9],
  operations: semaphoreOperations(),
});

type Row = {
  readonly state: Permits;
  readonly input: SemaphoreInput;
  readonly answer: Answer<SemaphoreOutput>;
  readonly after: readonly Permits[];
};

const rows: readonly Row[] = [
  { state: {}, input: acquire('a'), answer: true, after: [{ a: 1 }] },
  { state: {}, input: acquire('a'), answer: false, after: [] },
  { state: { a: 1 }, input: acquire('a', 2), answer: true, after: [{ a: 3 }] },
  { state: { a: 2 }, input: acquire('b', 2), answer: true, after: [] },
  { state: { a: 2 }, input: acquire('b', 2), answer: false, after: [{ a: 2 }] },
  { state: { a: 2 }, input: acquire('b', 2), answer: UNKNOWN, after: [{ a: 2 }] },
  { state: {}, input: acquire('a', 4), answer: false, after: [{}] },
  { state: {}, input: acquire('a', 0), answer: true, after: [] },
  { state: { a: 2, b: 1 }, input: release('a'), answer: true, after: [{ a: 1, b: 1 }] },
  { state: { a: 2, b: 1 }, input: release('b'), answer: true, after: [{ a: 2 }] },
  { state: { a: 2, b: 1 }, input: release('b', 2), answer: true, after: [] },
  { state: { a: 2, b: 1 }, input: release('b', 2), answer: false, after: [{ a: 2, b: 1 }] },
  { state: { a: 2 }, input: release('b'), answer: true, after: [] },
  { state: { a: 2 }, input: available, answer: 1, after: [{ a: 2 }] },
  { state: { a: 2 }, input: available, answer: 3, after: [] },
];

for (const { state, input, answer, after } of rows) {
  const model = semaphore(3);
  const left = JSON.stringify(after);
  test(`${model.describeState?.(state)}: ${model.describe?.(input, answer)} leaves ${left}`, () => {
    assert.deepEqual(model.next(state, input, answer), after);
  });
}

test('a semaphore has at least one permit, and a whole number of them', () => {
  for (const permits of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.throws(() => semaphore(permits), {
      code: 'WT_OPTION',
      message: /Expected `permits` to be an integer/,
    });
  }
});

test('semaphores with names are parts of their own', () => {
  assert.equal(semaphore(1).partOf?.({ name: 'available', semaphore: 'db' }), 'db');
  assert.equal(semaphore(1).partOf?.(available), '');
});
