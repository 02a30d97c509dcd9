// Sagas.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { saga, sagaOperations, UNKNOWN } from '../../src/models.ts';
import type { Answer, SagaInput, SagaOutput, SagaState } from '../../src/models.ts';
import { prove } from './proof.ts';
import { referenceOf, type Reference } from './reference.ts';
import { keptSagas, STEPS } from './systems/saga.ts';

const step = (name: 'do' | 'compensate', of: string): SagaInput => ({ name, saga: 's1', step: of });
const abort: SagaInput = { name: 'abort', saga: 's1' };
const outcome: SagaInput = { name: 'outcome', saga: 's1' };
const effects: SagaInput = { name: 'effects', saga: 's1' };

const kept = referenceOf(keptSagas);

/** Any step may be refused. */
const reference: Reference<ReturnType<typeof keptSagas.initial>, SagaInput, SagaOutput> = {
  initial: kept.initial,
  outcomes(state, input) {
    const done = kept.outcomes(state, input);
    return input.name === 'do' && done[0]?.[0] === true ? [...done, [false, state]] : done;
  },
};

prove({
  model: saga(STEPS),
  reference,
  inputs: [
    ...STEPS.slice(0, 2).flatMap((each) => [step('do', each), step('compensate', each)]),
    step('do', 'ship'),
    ...[abort, outcome, effects],
  ],
  absurd: [['ship']],
  operations: sagaOperations({ steps: STEPS, sagas: ['s1'] }),
  depth: 5,
});

const forward = (inEffect: number): SagaState => ({
  inEffect,
  isTurnedBack: false,
});
const back = (inEffect: number): SagaState => ({
  inEffect,
  isTurnedBack: true,
});

type Row = {
  readonly state: SagaState;
  readonly input: SagaInput;
  readonly answer: Answer<SagaOutput>;
  readonly after: readonly SagaState[];
};

const rows: readonly Row[] = [
  { state: forward(0), input: step('do', 'reserve'), answer: true, after: [forward(1)] },
  { state: forward(0), input: step('do', 'reserve'), answer: false, after: [forward(0)] },
  { state: forward(0), input: step('do', 'reserve'), answer: UNKNOWN, after: [forward(1), forward(0)] },
  { state: forward(0), input: step('do', 'charge'), answer: true, after: [] },
  { state: forward(0), input: step('do', 'charge'), answer: UNKNOWN, after: [forward(0)] },
  { state: back(1), input: step('do', 'charge'), answer: true, after: [] },
  { state: forward(1), input: abort, answer: true, after: [back(1)] },
  { state: back(1), input: abort, answer: true, after: [back(1)] },
  { state: forward(3), input: abort, answer: true, after: [] },
  { state: forward(3), input: abort, answer: false, after: [forward(3)] },
  { state: back(2), input: step('compensate', 'charge'), answer: true, after: [back(1)] },
  { state: back(2), input: step('compensate', 'charge'), answer: false, after: [] },
  { state: back(2), input: step('compensate', 'charge'), answer: UNKNOWN, after: [back(1)] },
  { state: back(2), input: step('compensate', 'reserve'), answer: true, after: [] },
  { state: back(2), input: step('compensate', 'reserve'), answer: false, after: [back(2)] },
  { state: forward(2), input: step('compensate', 'charge'), answer: true, after: [] },
  { state: back(0), input: step('compensate', 'reserve'), answer: true, after: [] },
  { state: forward(3), input: outcome, answer: 'completed', after: [forward(3)] },
  { state: forward(2), input: outcome, answer: null, after: [forward(2)] },
  { state: forward(0), input: outcome, answer: 'compensated', after: [] },
  { state: back(0), input: outcome, answer: 'compensated', after: [back(0)] },
  { state: back(1), input: outcome, answer: 'compensated', after: [] },
  { state: back(1), input: effects, answer: ['reserve'], after: [back(1)] },
  { state: back(1), input: effects, answer: [], after: [] },
];

for (const { state, input, answer, after } of rows) {
  const model = saga(STEPS);
  const left = after.map((each) => model.describeState?.(each)).join('; or ') || 'nothing';
  test(`saga ${model.describeState?.(state)}: ${model.describe?.(input, answer)} leaves ${left}`, () => {
    assert.deepEqual(model.next(state, input, answer), after);
  });
}

test('a saga has steps, no two alike', () => {
  for (const steps of [[], ['a', 'a'], 'a']) {
    assert.throws(() => saga(steps as string[]), { code: 'WT_OPTION', message: /no two alike/ });
  }
});

test('sagas are parts of their own', () => {
  assert.equal(saga(STEPS).partOf?.({ name: 'abort', saga: 's7' }), 's7');
});
