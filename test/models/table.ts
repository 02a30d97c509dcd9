// The semantics of a model as a table: a row says in which states an answer leaves it.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Answer, Model } from '../../src/models.ts';

/** In a state, an operation that is answered so leaves one of the states `after`; none if it cannot be. */
export type Row<State, Input, Output> = readonly [
  state: State,
  input: Input,
  answer: Answer<Output>,
  after: readonly State[],
];

/** Declares a test for each row, named by it in words. */
export function tabled<State, Input, Output>(
  model: Model<State, Input, Output>,
  rows: readonly Row<State, Input, Output>[],
): void {
  const inWords = (state: State): string => model.describeState?.(state) ?? JSON.stringify(state);
  void describe(`${model.name}, by table`, () => {
    for (const [state, input, answer, after] of rows) {
      const leaves = after.length === 0 ? 'cannot be' : `leaves ${after.map(inWords).join(' or ')}`;
      void test(`${inWords(state)}: ${model.describe?.(input, answer)} ${leaves}`, () => {
        assert.deepEqual(model.next(state, input, answer), after);
      });
    }
  });
}
