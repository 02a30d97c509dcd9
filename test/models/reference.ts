// An object as simple as can be, against which a model is proven: for each state and operation the list of
// all answers, each with the state that it leaves.

import { canonicalText } from '../../src/checkers/canonical-text.ts';
import type { Operation } from '../../src/history/operation.ts';

/** All that may come of an operation: answers, and the states after them. */
export interface Reference<Kept, Input, Output> {
  readonly initial: Kept;
  outcomes(state: Kept, input: Input): readonly (readonly [output: Output, after: Kept])[];
}

/** The reference of an object that is kept by plain code without choices. */
export function referenceOf<Kept, Input, Output>(kept: {
  initial(): Kept;
  apply(state: Kept, input: Input): Output;
}): Reference<Kept, Input, Output> {
  return {
    initial: kept.initial(),
    outcomes(state, input) {
      const after = structuredClone(state);
      const output = kept.apply(after, input);
      return [[output, after]];
    },
  };
}

/** The states in which an answer may leave the object; none if it cannot answer so. */
export function afterAnswer<Kept, Input, Output>(
  reference: Reference<Kept, Input, Output>,
  states: readonly Kept[],
  [input, answer]: readonly [Input, Output],
): Kept[] {
  const text = canonicalText(answer);
  const after = new Map<string, Kept>();
  for (const state of states) {
    for (const [output, next] of reference.outcomes(state, input)) {
      if (canonicalText(output) === text) after.set(canonicalText(next), next);
    }
  }
  return [...after.values()];
}

/** Tries every order that real time allows. The `input` of an operation is that of the model. */
export function isLinearizableByTrying<Kept, Input, Output>(
  reference: Reference<Kept, Input, Output>,
  history: readonly Operation[],
): boolean {
  const candidates = history.filter(({ type }) => type !== 'fail');
  const search = (states: readonly Kept[], placed: readonly Operation[]): boolean => {
    const left = candidates.filter((each) => !placed.includes(each));
    if (left.every(({ type }) => type !== 'ok')) return true;
    return left.some((next) => {
      const isFirst = left.every(
        (each) => each === next || each.type !== 'ok' || (each.endedMs ?? 0) >= next.invokedMs,
      );
      if (!isFirst) return false;
      const input = next.input as Input;
      const after =
        next.type === 'ok'
          ? afterAnswer(reference, states, [input, next.value as Output])
          : states.flatMap((state) => reference.outcomes(state, input).map(([, kept]) => kept));
      return after.length > 0 && search(after, [...placed, next]);
    });
  };
  return search([reference.initial], []);
}
