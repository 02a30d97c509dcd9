// Sagas: steps that are done one after another, and that are undone in reverse order if not all can be.

import fc from 'fast-check';
import { OptionError } from '../src/errors.ts';
import { isEqual } from './equal.ts';
import { UNKNOWN, type Answer, type Model } from './model.ts';
import { shown, told } from './words.ts';

/** What is asked about a saga. `saga` is which one: sagas do not touch each other. */
export type SagaInput =
  | { readonly name: 'do' | 'compensate'; readonly saga: string; readonly step: string }
  | { readonly name: 'abort'; readonly saga: string }
  | { readonly name: 'outcome'; readonly saga: string }
  | { readonly name: 'effects'; readonly saga: string };

/** How a saga ended; null while it is under way. */
export type SagaOutcome = 'completed' | 'compensated' | null;

/** Whether it was done; for `outcome` how it ended, for `effects` the steps in effect. */
export type SagaOutput = boolean | SagaOutcome | readonly string[];

/** The steps in effect are always the first ones. */
export interface SagaState {
  readonly inEffect: number;
  readonly isTurnedBack: boolean;
}

/**
 * Makes the model of sagas, each with the same steps.
 *
 * - `do` answers true if the step was the next one and the saga goes forward: it is in effect then.
 * - `abort` turns the saga back, and answers true; false if all steps were done: it is complete, and stays
 *   so. A second `abort` answers true as well.
 * - `compensate` answers true if the saga was turned back and the step is the last one in effect: it is
 *   undone. In any other case it answers false, and changes nothing.
 * - `outcome` answers `completed` where all steps are in effect, `compensated` where the saga was turned
 *   back and none is, and null while it is under way.
 * - `effects` answers the steps in effect, in order. Others see a saga half done: it has no isolation.
 *
 * What is left open: `do` may answer false at any time, without effect: a step may be refused, and tried
 * again, and whoever leads the saga decides when to turn back. A compensation is never refused in its turn.
 * So a saga that ended is complete or undone as a whole; that it ends at all is asked by reading its
 * `outcome` when all is quiet, and expecting no null.
 *
 * Source: Sagas (Garcia-Molina and Salem, SIGMOD 1987).
 *
 * @param steps - Their names, in order; no two alike.
 * @throws {OptionError} If there is no step, or two are alike.
 */
export function saga(steps: readonly string[]): Model<SagaState, SagaInput, SagaOutput> {
  if (!Array.isArray(steps) || steps.length === 0 || new Set(steps).size !== steps.length) {
    throw OptionError.expected('steps', 'a list of names, no two alike', steps);
  }
  const outcomeOf = ({ inEffect, isTurnedBack }: SagaState): SagaOutcome => {
    if (isTurnedBack) return inEffect === 0 ? 'compensated' : null;
    return inEffect === steps.length ? 'completed' : null;
  };
  return {
    name: 'saga',
    initial: { inEffect: 0, isTurnedBack: false },
    partOf: (input) => input.saga,
    isReader: ({ name }) => name === 'outcome' || name === 'effects',
    next(state, input, answer) {
      const { inEffect, isTurnedBack } = state;
      if (input.name === 'outcome') return answer === UNKNOWN || answer === outcomeOf(state) ? [state] : [];
      if (input.name === 'effects') {
        return answer === UNKNOWN || isEqual(answer, steps.slice(0, inEffect)) ? [state] : [];
      }
      if (input.name === 'do') {
        const isNext = !isTurnedBack && steps[inEffect] === input.step;
        const done = { inEffect: inEffect + 1, isTurnedBack };
        if (answer === UNKNOWN) return isNext ? [done, state] : [state];
        if (answer === false) return [state];
        return answer === true && isNext ? [done] : [];
      }
      const isDone =
        input.name === 'abort'
          ? inEffect < steps.length || isTurnedBack
          : isTurnedBack && inEffect > 0 && steps[inEffect - 1] === input.step;
      if (answer !== UNKNOWN && answer !== isDone) return [];
      if (!isDone) return [state];
      return [
        input.name === 'abort' ? { inEffect, isTurnedBack: true } : { inEffect: inEffect - 1, isTurnedBack },
      ];
    },
    describe,
    describeState(state) {
      const { inEffect, isTurnedBack } = state;
      const end = outcomeOf(state);
      const effects =
        inEffect === 0 ? 'nothing in effect' : `${steps.slice(0, inEffect).join(', ')} in effect`;
      return `${end ?? (isTurnedBack ? 'turned back' : 'going forward')}, ${effects}`;
    },
  };
}

/** What is asked for, and what is said of it once it is done. */
function wordsOf(
  input: Exclude<SagaInput, { name: 'outcome' | 'effects' }>,
): readonly [asked: string, done: string] {
  if (input.name === 'abort') return [`turn saga ${input.saga} back`, `turned saga ${input.saga} back`];
  const what = `step ${input.step} of saga ${input.saga}`;
  return input.name === 'do' ? [`do ${what}`, `did ${what}`] : [`compensate ${what}`, `compensated ${what}`];
}

function describe(input: SagaInput, answer: Answer<SagaOutput>): string {
  if (input.name === 'outcome') {
    const asked = `asked how saga ${input.saga} ended`;
    return told(answer, asked, (end) => `${asked}: ${end === null ? 'it has not' : String(end)}`);
  }
  if (input.name === 'effects') {
    const asked = `asked which steps of saga ${input.saga} are in effect`;
    return told(answer, asked, (steps) => `${asked}: ${shown(steps)}`);
  }
  const [asked, done] = wordsOf(input);
  return told(answer, `asked to ${asked}`, (isDone) =>
    isDone === true ? done : `asked to ${asked}, and was refused`,
  );
}

/**
 * Operations of sagas.
 *
 * @param options.steps - The steps of each saga, as the model has them.
 * @param options.sagas - Which sagas there are. Default: `s1` and `s2`.
 */
export function sagaOperations({
  steps,
  sagas = ['s1', 's2'],
}: {
  readonly steps: readonly string[];
  readonly sagas?: readonly string[];
}): fc.Arbitrary<SagaInput> {
  const plain = { noNullPrototype: true } as const;
  const named = { saga: fc.constantFrom(...sagas) };
  const step = fc.constantFrom(...steps);
  return fc.oneof(
    { weight: 4, arbitrary: fc.record({ name: fc.constant('do' as const), step, ...named }, plain) },
    { weight: 3, arbitrary: fc.record({ name: fc.constant('compensate' as const), step, ...named }, plain) },
    {
      weight: 4,
      arbitrary: fc.record({ name: fc.constantFrom('abort', 'outcome', 'effects'), ...named }, plain),
    },
  );
}
