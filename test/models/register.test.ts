// A register.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { register, registerOperations, UNKNOWN, type RegisterInput } from '../../src/models.ts';
import { prove } from './proof.ts';
import { referenceOf } from './reference.ts';
import { tabled } from './table.ts';
import { keptRegister } from './systems/register.ts';

const write = (value: number): RegisterInput<number> => ({ name: 'write', value });
const read: RegisterInput<number> = { name: 'read' };

prove({
  model: register(0),
  reference: referenceOf(keptRegister),
  inputs: [read, write(1), write(2)],
  absurd: [9],
  operations: registerOperations(),
});

tabled(register(0), [
  [0, read, 0, [0]],
  [3, read, 3, [3]],
  [3, read, 0, []],
  [3, read, UNKNOWN, [3]],
  [3, write(5), undefined, [5]],
  [3, write(5), UNKNOWN, [5]],
]);

test('a register of records compares them by content', () => {
  const model = register({ to: 'ann', lines: [1] });
  assert.equal(model.next(model.initial, { name: 'read' }, { to: 'ann', lines: [1] }).length, 1);
  assert.equal(model.next(model.initial, { name: 'read' }, { to: 'ann', lines: [2] }).length, 0);
  assert.equal(model.describe?.({ name: 'read' }, model.initial), 'read { to: "ann", lines: [1] }');
});

test('operations on a register write the values that they are given', () => {
  const operations = fc.sample(registerOperations({ values: fc.constantFrom(70, 71) }), {
    seed: 1,
    numRuns: 50,
  });
  const values = new Set(operations.flatMap((each) => (each.name === 'write' ? [each.value] : [])));
  assert.deepEqual(values, new Set([70, 71]));
});
