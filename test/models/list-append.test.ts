// A list-append store, which the checkers of isolation and of linearizability judge alike.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { isolated, linearizable, type Operation } from '../../src/checkers.ts';
import { listAppend, listAppendOperations, UNKNOWN } from '../../src/models.ts';
import type { ListAppend, ListAtom, ListRead, ListTransaction } from '../../src/models.ts';
import { prove } from './proof.ts';
import { referenceOf } from './reference.ts';
import { keptLists } from './systems/list-append.ts';

type Step = ListAppend | ListRead;

const append = (key: ListAtom, value: ListAtom): Step => ['append', key, value];
const read = (key: ListAtom, list: readonly ListAtom[] | null = null): Step => ['r', key, list];
const transaction = (...value: readonly Step[]): ListTransaction => ({ name: 'transaction', value });

prove({
  model: listAppend(),
  reference: referenceOf(keptLists),
  inputs: [
    transaction(append('x', 1)),
    transaction(read('x'), append('y', 2)),
    transaction(read('x'), read('y')),
  ],
  absurd: [[]],
  operations: listAppendOperations(),
  depth: 3,
});

const rows = [
  { state: {}, input: [read('x')], answer: [read('x', [])], after: [{}] },
  { state: {}, input: [read('x')], answer: [read('x', null)], after: [{}] },
  { state: {}, input: [append('x', 1)], answer: [append('x', 1)], after: [{ '"x"': [1] }] },
  { state: {}, input: [append('x', 1)], answer: [append('x', 2)], after: [] },
  { state: {}, input: [append('x', 1)], answer: [], after: [] },
  { state: {}, input: [append('x', 1)], answer: UNKNOWN, after: [{ '"x"': [1] }] },
  { state: { 1: [5] }, input: [read('1')], answer: [read('1', [])], after: [{ 1: [5] }] },
  { state: { 1: [5] }, input: [read(1)], answer: [read(1, [5])], after: [{ 1: [5] }] },
  { state: { 1: [5] }, input: [read(1)], answer: [read('1', [5])], after: [] },
  { state: { 1: [5] }, input: [read(1)], answer: [read(1, null)], after: [] },
  {
    state: { '"x"': [1] },
    input: [read('x'), append('x', 2), read('x')],
    answer: [read('x', [1]), append('x', 2), read('x', [1, 2])],
    after: [{ '"x"': [1, 2] }],
  },
  {
    state: { '"x"': [1] },
    input: [append('x', 2), read('x')],
    answer: [append('x', 2), read('x', [1])],
    after: [],
  },
] as const;

for (const { state, input, answer, after } of rows) {
  const model = listAppend();
  const told = model.describe?.(transaction(...input), answer);
  test(`lists ${JSON.stringify(state)}: ${told} leaves ${JSON.stringify(after)}`, () => {
    assert.deepEqual(model.next(state, transaction(...input), answer), after);
  });
}

describe('histories of a list-append store', () => {
  /** One after another, each as long as said. */
  const history = (
    ...asked: readonly (readonly [steps: readonly Step[], fromMs: number, toMs: number])[]
  ): Operation[] =>
    asked.map(([steps, invokedMs, endedMs], id) => ({
      ...{ id, client: `c${id}`, name: 'transaction', invokedMs, endedMs, type: 'ok' },
      input: steps.map(([kind, key, value]) => (kind === 'r' ? read(key) : append(key, value))),
      value: steps,
    }));
  const skew = history(
    [[read('x', []), append('y', 1)], 0, 10],
    [[read('y', []), append('x', 2)], 0, 10],
    [[read('x', [2]), read('y', [1])], 20, 30],
  );

  test('need no reading: what the checker of isolation reads, linearizable reads', () => {
    const good = history([[append('x', 1)], 0, 5], [[read('x', [1])], 6, 9]);
    assert.equal(isolated(good).verdict, 'ok');
    assert.equal(linearizable(listAppend(), good).verdict, 'ok');
  });

  test('with write skew are illegal to both', () => {
    assert.equal(isolated(skew).level, 'snapshot isolation');
    const decision = linearizable(listAppend(), skew);
    assert.equal(decision.verdict, 'illegal');
    assert.match(decision.message, /as a list-append store/);
    assert.match(decision.message, /read \[\] from "[xy]", then appended [12] to "[xy]"/);
  });
});

test('operations append no value twice, and shrink to no smaller values', () => {
  const drawn = fc.sample(listAppendOperations({ stepsMax: 6 }), { seed: 1, numRuns: 500 });
  const values = drawn.flatMap(({ value }) =>
    value.flatMap(([kind, , each]) => (kind === 'r' ? [] : [each])),
  );
  assert.ok(values.length > 200);
  assert.equal(new Set(values).size, values.length);
  const seen = new Set<unknown>();
  fc.check(
    fc.property(fc.array(listAppendOperations({ keys: ['x'] }), { minLength: 2 }), (all) => {
      const [first] = all[0]?.value ?? [];
      if (first?.[0] === 'append') seen.add(first[2]);
      return first?.[0] === 'r';
    }),
    { seed: 3, numRuns: 20 },
  );
  assert.ok(seen.size > 0 && [...seen].every((value) => (value as number) > 1_000), [...seen].join());
});
