// A counter.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { counter, counterOperations, UNKNOWN, type CounterInput } from '../../src/models.ts';
import { prove } from './proof.ts';
import { referenceOf } from './reference.ts';
import { keptCounter } from './systems/counter.ts';
import { tabled } from './table.ts';

const get: CounterInput = { name: 'get' };
const add = (by: number): CounterInput => ({ name: 'add', by });
const addAndGet = (by: number): CounterInput => ({ name: 'addAndGet', by });

prove({
  model: counter(),
  reference: referenceOf(keptCounter),
  inputs: [get, add(1), add(-2), addAndGet(2)],
  absurd: [99],
  operations: counterOperations(),
});

tabled(counter(), [
  [4, get, 4, [4]],
  [4, get, 5, []],
  [4, add(3), undefined, [7]],
  [4, add(-5), UNKNOWN, [-1]],
  [4, addAndGet(3), 7, [7]],
  [4, addAndGet(3), 4, []],
  [4, addAndGet(3), UNKNOWN, [7]],
]);

test('a counter begins with what it is given', () => {
  assert.equal(counter(10).initial, 10);
});

test('operations on a counter add what they are given', () => {
  const operations = fc.sample(counterOperations({ by: fc.constant(-7) }), { seed: 1, numRuns: 50 });
  const added = operations.flatMap((each) => (each.name === 'get' ? [] : [each.by]));
  assert.deepEqual(new Set(added), new Set([-7]));
});
