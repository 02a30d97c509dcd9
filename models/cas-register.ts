// A register with compare-and-set.

import { UNKNOWN, type Answer, type Model } from './model.ts';

/** What a client asks of the register. */
export type CasInput<Value> =
  | { readonly name: 'read' }
  | { readonly name: 'write'; readonly value: Value }
  | { readonly name: 'cas'; readonly from: Value; readonly to: Value };

/** Makes the model. A `read` answers the value, `cas` whether it matched. */
export function casRegister<Value>(
  initial: Value,
): Model<Value, CasInput<Value>, Value | boolean | undefined> {
  return {
    name: 'compare-and-set register',
    initial,
    isReader: ({ name }) => name === 'read',
    next(state, input, answer: Answer<Value | boolean | undefined>) {
      if (input.name === 'write') return [input.value];
      if (input.name === 'read') return answer === UNKNOWN || answer === state ? [state] : [];
      const isMatch = state === input.from;
      if (answer !== UNKNOWN && answer !== isMatch) return [];
      return [isMatch ? input.to : state];
    },
  };
}
