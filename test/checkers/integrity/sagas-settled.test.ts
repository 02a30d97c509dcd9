// Sagas that are done or undone, and nothing in between.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sagasSettled, type SagaStep } from '../../../src/checkers.ts';
import { assertIllegal, assertNamed, OK, table } from './tables.ts';

interface Saga {
  states: readonly SagaStep['state'][];
  isOver?: boolean;
}
const NAMES = ['stock', 'payment', 'parcel'];
const steps = ({ states }: Saga): SagaStep[] =>
  states.map((state, i) => ({ name: NAMES[i] as string, state }));

test('accepts what is done and what is undone', () => {
  const of = table<Saga>({
    a: { states: ['done', 'done', 'done'] },
    b: { states: ['compensated', 'compensated', 'idle'] },
    c: { states: ['idle', 'idle', 'idle'] },
    d: { states: [] },
  });
  assert.deepEqual(sagasSettled({ of, steps }), OK);
});

test('names a saga that is half done, its steps, and the message that wrote it', () => {
  const of = table<Saga>({
    a: { states: ['done', 'done', 'done'] },
    b: { states: ['compensated', 'done', 'idle'] },
  });
  const answer = sagasSettled({ of, steps });
  const said = /^saga `b` is half done: `payment` is done, `stock` is undone, `parcel` is not done:/;
  assertIllegal(answer, said, ['b']);
  assertNamed(answer, 'b', 2);
});

test('leaves sagas alone that are not over', () => {
  const of = table<Saga>({ a: { states: ['done', 'idle', 'idle'], isOver: false } });
  assert.deepEqual(sagasSettled({ of, steps, isOver: (saga) => saga.isOver !== false }), OK);
  assertIllegal(sagasSettled({ of, steps }), /half done: `stock` is done/, ['a']);
});

test('is undecided while the sagas or their steps cannot be seen', () => {
  assert.equal(sagasSettled<Saga>({ of: undefined, steps }).verdict, 'unknown');
  assert.equal(sagasSettled({ of: table({ a: {} }), steps: () => undefined }).verdict, 'unknown');
});
