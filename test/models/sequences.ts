// Holds a model against a reference where one state of the model stands for several, because the
// specification leaves much open: by the sequences of answers that both allow, not by their states.

import assert from 'node:assert/strict';
import fc, { type Arbitrary } from 'fast-check';
import { isEqual } from '../../models/equal.ts';
import { UNKNOWN, type Answer, type Model } from '../../models/model.ts';
import { linearizable, type Operation } from '../../src/checkers.ts';
import { canonicalText } from '../../src/checkers/canonical-text.ts';
import { isLinearizableByTrying, type Reference } from './reference.ts';

/** A model, and what it is held against. */
export interface Pair<State, Kept, Input, Output> {
  readonly model: Model<State, Input, Output>;
  readonly reference: Reference<Kept, Input, Output>;
  /** After an unknown answer the model may allow more than the reference. Default false. */
  readonly forgets?: boolean;
}

function distinct<Value>(values: readonly Value[]): Value[] {
  return [...new Map(values.map((value) => [canonicalText(value), value])).values()];
}

/** The states in which both may be. */
interface Reached<State, Kept> {
  readonly states: readonly State[];
  readonly kept: readonly Kept[];
}

type Told<Input, Output> = readonly [input: Input, answer: Answer<Output>];

function after<State, Kept, Input, Output>(
  { model, reference }: Pair<State, Kept, Input, Output>,
  { states, kept }: Reached<State, Kept>,
  [input, answer]: Told<Input, Output>,
): Reached<State, Kept> {
  const outcomes = kept.flatMap((state) => reference.outcomes(state, input));
  const fitting = outcomes.filter(([output]) => answer === UNKNOWN || isEqual(output, answer));
  return {
    states: distinct(states.flatMap((state) => model.next(state, input, answer))),
    kept: distinct(fitting.map(([, state]) => state)),
  };
}

/**
 * Tries all operations with all answers, and with an unknown one, one after another up to a length.
 *
 * @returns how many were allowed, and how many refused.
 */
export function compareSequences<State, Kept, Input, Output>(
  pair: Pair<State, Kept, Input, Output> & {
    readonly inputs: readonly Input[];
    readonly answers: readonly Output[];
  },
  length: number,
): { allowed: number; refused: number } {
  const { model, reference, inputs, answers, forgets = false } = pair;
  const counts = { allowed: 0, refused: 0 };
  const all: readonly Answer<Output>[] = [...answers, UNKNOWN];
  const tries = inputs.flatMap((input) => all.map((answer): Told<Input, Output> => [input, answer]));
  const visit = (reached: Reached<State, Kept>, before: readonly Told<Input, Output>[]): void => {
    for (const told of tries) {
      const sequence = [...before, told];
      const next = after(pair, reached, told);
      const isAllowed = next.states.length > 0;
      const isPossible = next.kept.length > 0;
      const mayAllowMore = forgets && sequence.some(([, answer]) => answer === UNKNOWN);
      const inWords = sequence.map(([input, answer]) => model.describe?.(input, answer)).join('; ');
      if (!(isAllowed && mayAllowMore)) assert.equal(isAllowed, isPossible, inWords);
      counts[isPossible ? 'allowed' : 'refused']++;
      if (isPossible && sequence.length < length) visit(next, sequence);
    }
  };
  visit({ states: [model.initial], kept: [reference.initial] }, []);
  return counts;
}

/** One operation of a history in the making. */
interface Draft<Input> {
  readonly input: Input;
  readonly client: number;
  readonly fate: 'ok' | 'info' | 'pending' | 'fail' | 'no effect';
  readonly choice: number;
  readonly early: number;
  readonly late: number;
}

const CLIENTS = 3;
const APART_MS = 10;

/** Histories of three clients that a service could have made which follows the reference. */
function histories<Kept, Input, Output>(
  reference: Reference<Kept, Input, Output>,
  operations: Arbitrary<Input>,
  { sizeMax, hasUnknown }: { readonly sizeMax: number; readonly hasUnknown: boolean },
): Arbitrary<Operation[]> {
  const rare = hasUnknown ? (['info', 'pending', 'fail', 'no effect'] as const) : (['fail'] as const);
  const part = fc.integer({ min: 0, max: 100 }).map((percent) => percent / 100);
  const draft: Arbitrary<Draft<Input>> = fc.record({
    input: operations,
    client: fc.nat(CLIENTS - 1),
    fate: fc.oneof({ weight: 6, arbitrary: fc.constant('ok' as const) }, fc.constantFrom(...rare)),
    choice: fc.nat(),
    early: part,
    late: part,
  });
  return fc
    .array(draft, { minLength: 2, maxLength: sizeMax, size: 'max' })
    .map((drafts) => historyOf(reference, drafts));
}

/** Each operation takes effect at a moment of its own, within its interval. */
function historyOf<Kept, Input, Output>(
  reference: Reference<Kept, Input, Output>,
  drafts: readonly Draft<Input>[],
): Operation[] {
  let state = reference.initial;
  const freeMs = Array.from({ length: CLIENTS }, () => 0);
  return drafts.flatMap(({ input, client, fate, choice, early, late }, i): Operation[] => {
    const effectMs = APART_MS * (i + 1);
    const next = drafts.findIndex((each, at) => at > i && each.client === client);
    const nextMs = APART_MS * ((next === -1 ? drafts.length : next) + 1);
    const invokedMs = effectMs - early * (effectMs - (freeMs[client] as number));
    const endedMs = effectMs + late * 0.9 * (nextMs - effectMs);
    freeMs[client] = endedMs + 0.01;
    const outcomes = reference.outcomes(state, input);
    const chosen = outcomes[choice % outcomes.length];
    if (chosen === undefined) return [];
    const { name } = input as { readonly name: string };
    const began = { id: i, client: `c${client}`, name, input, invokedMs };
    if (fate === 'fail') return [{ ...began, type: 'fail', endedMs }];
    if (fate === 'no effect') return [{ ...began, type: 'info', endedMs }];
    state = chosen[1];
    if (fate === 'pending') return [{ ...began, type: 'pending' }];
    return [{ ...began, type: fate, endedMs, ...(fate === 'ok' ? { value: chosen[0] } : {}) }];
  });
}

const RUNS = 300;

/**
 * Lets the checker judge random histories: correct ones are accepted, and those of which one answer was
 * altered exactly if a search through all orders finds one.
 *
 * @param pair.wrong - What answers are altered to.
 */
export function judgeHistories<State, Kept, Input, Output>(
  pair: Pair<State, Kept, Input, Output> & { readonly wrong: readonly Output[] },
  operations: Arbitrary<Input>,
): { accepted: number; rejected: number } {
  const { model, reference, wrong, forgets = false } = pair;
  const options = { input: ({ input }: Operation): Input => input as Input };
  const long = histories(reference, operations, { sizeMax: 20, hasUnknown: true });
  for (const history of fc.sample(long, { numRuns: RUNS, seed: 1 })) {
    const { verdict, message } = linearizable(model, history, options);
    assert.equal(verdict, 'ok', message);
  }
  const counts = { accepted: 0, rejected: 0 };
  const short = histories(reference, operations, { sizeMax: 6, hasUnknown: !forgets });
  for (const [i, history] of fc.sample(short, { numRuns: RUNS, seed: 2 }).entries()) {
    const answered = history.filter(({ type }) => type === 'ok');
    const altered = answered[i % answered.length];
    if (altered === undefined) continue;
    const others = wrong.filter((each) => !isEqual(each, altered.value));
    const changed = history.map((each) =>
      each === altered ? { ...each, value: others[i % others.length] } : each,
    );
    const { verdict } = linearizable(model, changed, options);
    const expected = isLinearizableByTrying(reference, changed) ? 'ok' : 'illegal';
    assert.equal(verdict, expected, JSON.stringify(changed));
    counts[verdict === 'ok' ? 'accepted' : 'rejected']++;
  }
  return counts;
}
