// A register behind a fence, whose reads may show their tokens, too.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fencedRegister, fencedRegisterOperations, UNKNOWN } from '../../src/models.ts';
import type { Answer, FencedRegisterInput, FencedRegisterState } from '../../src/models.ts';
import { prove } from './proof.ts';
import { referenceOf } from './reference.ts';
import { keptFencedRegister } from './systems/fenced-register.ts';

const write = (value: number, token: number): FencedRegisterInput<number> => ({
  name: 'write',
  value,
  token,
});
const read: FencedRegisterInput<number> = { name: 'read' };
const showing = (token: number): FencedRegisterInput<number> => ({ name: 'read', token });

prove({
  model: fencedRegister(0),
  reference: referenceOf(keptFencedRegister),
  inputs: [read, showing(1), showing(3), write(1, 1), write(2, 2), write(3, 2)],
  absurd: [9],
  operations: fencedRegisterOperations(),
});

type State = FencedRegisterState<number>;
type Row = {
  readonly state: State;
  readonly input: FencedRegisterInput<number>;
  readonly answer: Answer<number | boolean>;
  readonly after: readonly State[];
};

const rows: readonly Row[] = [
  { state: { value: 0, token: null }, input: write(5, 0), answer: true, after: [{ value: 5, token: 0 }] },
  { state: { value: 0, token: 3 }, input: write(5, 4), answer: true, after: [{ value: 5, token: 4 }] },
  { state: { value: 0, token: 3 }, input: write(5, 4), answer: false, after: [] },
  { state: { value: 0, token: 3 }, input: write(5, 3), answer: true, after: [{ value: 5, token: 3 }] },
  { state: { value: 0, token: 3 }, input: write(5, 2), answer: true, after: [] },
  { state: { value: 0, token: 3 }, input: write(5, 2), answer: false, after: [{ value: 0, token: 3 }] },
  { state: { value: 0, token: 3 }, input: write(5, 2), answer: UNKNOWN, after: [{ value: 0, token: 3 }] },
  { state: { value: 0, token: 3 }, input: read, answer: 0, after: [{ value: 0, token: 3 }] },
  { state: { value: 0, token: 3 }, input: read, answer: 5, after: [] },
  { state: { value: 0, token: null }, input: showing(1), answer: 0, after: [{ value: 0, token: 1 }] },
  { state: { value: 0, token: 3 }, input: showing(4), answer: 0, after: [{ value: 0, token: 4 }] },
  { state: { value: 0, token: 3 }, input: showing(4), answer: UNKNOWN, after: [{ value: 0, token: 4 }] },
  { state: { value: 0, token: 3 }, input: showing(3), answer: false, after: [] },
  { state: { value: 0, token: 3 }, input: showing(2), answer: false, after: [{ value: 0, token: 3 }] },
  { state: { value: 0, token: 3 }, input: showing(2), answer: 0, after: [] },
  { state: { value: 0, token: 3 }, input: showing(2), answer: UNKNOWN, after: [{ value: 0, token: 3 }] },
];

for (const { state, input, answer, after } of rows) {
  const model = fencedRegister(0);
  const told = `${model.describeState?.(state)}: ${model.describe?.(input, answer)}`;
  test(`register at ${told} leaves ${JSON.stringify(after)}`, () => {
    assert.deepEqual(model.next(state, input, answer), after);
  });
}

test('operations write the values that they are given', () => {
  const operations = fencedRegisterOperations({ values: fc.constantFrom('x', 'y'), tokenMax: 2 });
  const writes = fc.sample(operations, { seed: 1, numRuns: 50 }).filter(({ name }) => name === 'write');
  assert.deepEqual(new Set(writes.map((each) => ('value' in each ? each.value : ''))), new Set(['x', 'y']));
  assert.deepEqual(new Set(writes.map((each) => ('token' in each ? each.token : 0))), new Set([1, 2]));
});
