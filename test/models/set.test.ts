// A set.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linearizable, type Operation } from '../../src/checkers.ts';
import { set, setOperations, UNKNOWN, type Answer, type SetInput } from '../../src/models.ts';
import { prove } from './proof.ts';
import { referenceOf } from './reference.ts';
import { keptSet } from './systems/set.ts';
import { tabled } from './table.ts';

type Input = SetInput<number>;
const add = (value: number): Input => ({ name: 'add', value });
const remove = (value: number): Input => ({ name: 'remove', value });
const contains = (value: number): Input => ({ name: 'contains', value });
const elements: Input = { name: 'elements' };

prove({
  model: set<number>(),
  reference: referenceOf(keptSet),
  inputs: [add(1), add(2), remove(1), contains(2), elements],
  absurd: [[1, 1], [9]],
  operations: setOperations(),
});

tabled<readonly number[], Input, boolean | readonly number[]>(set<number>(), [
  [[], add(2), true, [[2]]],
  [[], add(2), false, []],
  [[2], add(2), false, [[2]]],
  [[2], add(1), true, [[1, 2]]],
  [[2], add(1), UNKNOWN, [[1, 2]]],
  [[1, 2], remove(1), true, [[2]]],
  [[1, 2], remove(3), false, [[1, 2]]],
  [[1, 2], remove(3), true, []],
  [[1, 2], remove(1), UNKNOWN, [[2]]],
  [[1, 2], contains(2), true, [[1, 2]]],
  [[1, 2], contains(2), false, []],
  [[1, 2], elements, [2, 1], [[1, 2]]],
  [[1, 2], elements, [1], []],
  [[1, 2], elements, [1, 2, 2], []],
  [[1, 2], elements, true, []],
]);

test('equal sets are equal states, whatever was put in first', () => {
  const model = set<string | number>();
  const orders = [
    ['b', 2, 'a', 10],
    [10, 'a', 'b', 2],
  ];
  for (const order of orders) {
    let state = model.initial;
    for (const value of order) [state = []] = model.next(state, { name: 'add', value }, true);
    assert.deepEqual(state, [2, 10, 'a', 'b']);
  }
});

test('an answer that the system does not tell says nothing, but that there was an effect', () => {
  const asked = { client: 'ann', type: 'ok', input: { value: 1 } } as const;
  const added: Operation = { ...asked, id: 0, name: 'add', invokedMs: 0, endedMs: 1 };
  const looked: Operation = { ...asked, id: 1, name: 'contains', invokedMs: 2, endedMs: 3, value: true };
  const output = ({ name, value }: Operation): Answer<boolean> =>
    name === 'add' ? UNKNOWN : (value as boolean);
  assert.equal(linearizable(set<number>(), [added, looked], { output }).verdict, 'ok');
  assert.equal(
    linearizable(set<number>(), [added, { ...looked, value: false }], { output }).verdict,
    'illegal',
  );
  assert.equal(linearizable(set<number>(), [added, looked]).verdict, 'illegal');
});
