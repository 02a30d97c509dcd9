// An append-only log.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  appendOnlyLog,
  logOperations,
  UNKNOWN,
  type Answer,
  type LogInput,
  type LogOutput,
} from '../../src/models.ts';
import { prove } from './proof.ts';
import { referenceOf } from './reference.ts';
import { keptLog } from './systems/append-only-log.ts';

const append = (entry: number): LogInput<number> => ({ name: 'append', entry });
const read = (from: number, limit?: number): LogInput<number> =>
  limit === undefined ? { name: 'read', from } : { name: 'read', from, limit };
const length: LogInput<number> = { name: 'length' };

prove({
  model: appendOnlyLog<number>(),
  reference: referenceOf(keptLog),
  inputs: [append(1), append(2), read(0), read(1), read(0, 1), length],
  absurd: [-1, [9]],
  operations: logOperations(),
});

type Row = {
  readonly state: readonly number[];
  readonly input: LogInput<number>;
  readonly answer: Answer<LogOutput<number>>;
  readonly after: readonly (readonly number[])[];
};

const rows: readonly Row[] = [
  { state: [], input: append(5), answer: 0, after: [[5]] },
  { state: [5], input: append(5), answer: 1, after: [[5, 5]] },
  { state: [5], input: append(6), answer: 0, after: [] },
  { state: [5], input: append(6), answer: 2, after: [] },
  { state: [5], input: append(6), answer: UNKNOWN, after: [[5, 6]] },
  { state: [], input: read(0), answer: [], after: [[]] },
  { state: [5, 6, 7], input: read(0), answer: [5, 6, 7], after: [[5, 6, 7]] },
  { state: [5, 6, 7], input: read(1), answer: [6, 7], after: [[5, 6, 7]] },
  { state: [5, 6, 7], input: read(1, 1), answer: [6], after: [[5, 6, 7]] },
  { state: [5, 6, 7], input: read(1, 1), answer: [6, 7], after: [] },
  { state: [5, 6, 7], input: read(0), answer: [5, 6], after: [] },
  { state: [5, 6, 7], input: read(0), answer: [5, 7, 6], after: [] },
  { state: [5], input: read(3), answer: [], after: [[5]] },
  { state: [5, 6], input: length, answer: 2, after: [[5, 6]] },
  { state: [5, 6], input: length, answer: 1, after: [] },
  { state: [5, 6], input: length, answer: UNKNOWN, after: [[5, 6]] },
];

for (const { state, input, answer, after } of rows) {
  const model = appendOnlyLog<number>();
  const left = after.map((each) => JSON.stringify(each)).join(' or ') || 'nothing';
  test(`log ${JSON.stringify(state)}: ${model.describe?.(input, answer)} leaves ${left}`, () => {
    assert.deepEqual(model.next(state, input, answer), after);
  });
}

test('a log of records compares them by content', () => {
  const model = appendOnlyLog<{ id: number }>();
  assert.equal(model.next([{ id: 1 }], { name: 'read', from: 0 }, [{ id: 1 }]).length, 1);
  assert.equal(model.next([{ id: 1 }], { name: 'read', from: 0 }, [{ id: 2 }]).length, 0);
});

test('logs with names are parts of their own', () => {
  const names = fc
    .sample(logOperations({ logs: ['a', 'b'] }), { seed: 1, numRuns: 50 })
    .map((input) => appendOnlyLog<number>().partOf?.(input));
  assert.deepEqual(new Set(names), new Set(['a', 'b']));
  assert.equal(appendOnlyLog<number>().partOf?.(length), '');
});

test('operations on a log append the entries that they are given', () => {
  const operations = fc.sample(logOperations({ entries: fc.constantFrom('x', 'y') }), {
    seed: 1,
    numRuns: 50,
  });
  const entries = operations.flatMap((each) => (each.name === 'append' ? [each.entry] : []));
  assert.deepEqual(new Set(entries), new Set(['x', 'y']));
});
