// A compare-and-set register.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linearizable, type Operation } from '../../src/checkers.ts';
import { casOperations, casRegister, UNKNOWN, type CasInput } from '../../src/models.ts';
import { prove } from './proof.ts';
import { referenceOf } from './reference.ts';
import { keptCasRegister } from './systems/cas-register.ts';
import { tabled } from './table.ts';

type Input = CasInput<number>;
const read: Input = { name: 'read' };
const write = (value: number): Input => ({ name: 'write', value });
const cas = (from: number, to: number): Input => ({ name: 'cas', from, to });

prove<number, Input, number | boolean | null | undefined, { value: number }>({
  model: casRegister(0),
  reference: referenceOf(keptCasRegister),
  inputs: [read, write(1), cas(0, 1), cas(1, 2)],
  absurd: [9],
  operations: casOperations(),
});

tabled<number, Input, number | boolean | undefined>(casRegister(0), [
  [3, read, 3, [3]],
  [3, read, 0, []],
  [3, write(5), undefined, [5]],
  [3, cas(3, 5), true, [5]],
  [3, cas(3, 5), false, []],
  [3, cas(4, 5), false, [3]],
  [3, cas(4, 5), true, []],
  [3, cas(3, 5), UNKNOWN, [5]],
  [3, cas(4, 5), UNKNOWN, [3]],
]);

test('a compare-and-set register compares values by content', () => {
  const model = casRegister<readonly number[]>([1]);
  assert.deepEqual(model.next([1], { name: 'cas', from: [1], to: [2] }, true), [[2]]);
});

test('a mismatch that a system reports as a failure tells that the value was another', () => {
  const failed: Operation = {
    ...{ id: 0, client: 'ann', name: 'cas', input: { from: 0, to: 1 } },
    ...{ invokedMs: 0, endedMs: 1, type: 'fail' },
  };
  assert.equal(linearizable(casRegister(0), [failed]).verdict, 'ok');
  const reading = { failure: ({ name }: Operation) => (name === 'cas' ? false : undefined) };
  assert.equal(linearizable(casRegister(0), [failed], reading).verdict, 'illegal');
  assert.equal(linearizable(casRegister(7), [failed], reading).verdict, 'ok');
});
