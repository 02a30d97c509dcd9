// Sagas of three steps as a service.

import { saga, sagaOperations, type SagaInput, type SagaOutput } from '../../../src/models.ts';
import { simulated } from '../simulated.ts';
import { service, type Kept } from './service.ts';

export const STEPS = ['reserve', 'charge', 'ship'] as const;

interface Stored {
  /** Of each saga, and whether it was turned back. */
  [saga: string]: { effects: string[]; isTurnedBack: boolean };
}

export const keptSagas: Kept<Stored, SagaInput, SagaOutput> = {
  initial: () => ({}),
  apply(state, input) {
    const one = (state[input.saga] ??= { effects: [], isTurnedBack: false });
    const isComplete = one.effects.length === STEPS.length;
    switch (input.name) {
      case 'do':
        if (one.isTurnedBack || STEPS[one.effects.length] !== input.step) return false;
        one.effects.push(input.step);
        return true;
      case 'compensate':
        if (!one.isTurnedBack || one.effects.at(-1) !== input.step) return false;
        one.effects.pop();
        return true;
      case 'abort':
        one.isTurnedBack ||= !isComplete;
        return one.isTurnedBack;
      case 'effects':
        return [...one.effects];
      default:
        if (one.isTurnedBack) return one.effects.length === 0 ? 'compensated' : null;
        return isComplete ? 'completed' : null;
    }
  },
  reads: ({ name }) => name === 'outcome' || name === 'effects',
};

/** Says that a step was compensated, and leaves its effect. */
const keptEffects: typeof keptSagas = {
  ...keptSagas,
  apply(state, input) {
    const output = keptSagas.apply(state, input);
    if (input.name === 'compensate' && output === true) state[input.saga]?.effects.push(input.step);
    return output;
  },
};

/** Compensates whatever is in effect, in any order. */
const keptInAnyOrder: typeof keptSagas = {
  ...keptSagas,
  apply(state, input) {
    const one = state[input.saga];
    if (input.name !== 'compensate' || one?.isTurnedBack !== true) return keptSagas.apply(state, input);
    if (!one.effects.includes(input.step)) return false;
    one.effects = one.effects.filter((step) => step !== input.step);
    return true;
  },
};

/** Goes forward after it was turned back. */
const keptGoingOn: typeof keptSagas = {
  ...keptSagas,
  apply(state, input) {
    const one = state[input.saga];
    if (input.name === 'do' && one !== undefined) one.isTurnedBack = false;
    return keptSagas.apply(state, input);
  },
};

export const sagaModel = simulated({
  model: saga(STEPS),
  operations: () => sagaOperations({ steps: STEPS, sagas: ['s1'] }),
  closing: [
    { name: 'effects', saga: 's1' },
    { name: 'outcome', saga: 's1' },
  ],
  operationsMax: 10,
  correct: service(keptSagas),
  faulty: [
    {
      what: 'skips a compensation',
      hosts: service(keptEffects),
      names: [/asked (which steps of saga s1 are in effect|how saga s1 ended)|compensated step/],
    },
    {
      what: 'compensates in any order',
      hosts: service(keptInAnyOrder),
      names: [/no order explains \w+ compensated step reserve of saga s1/, /charge/],
    },
    {
      what: 'goes forward after it was turned back',
      hosts: service(keptGoingOn),
      names: [/no order explains \w+ (did|compensated|turned|asked)/, /turned (saga s1 )?back/],
    },
    {
      what: 'answers before it syncs',
      hosts: service(keptSagas, 'answers before it syncs'),
      names: [/no order explains \w+ (did|compensated|turned|asked)/, /in effect/],
    },
    {
      what: 'takes a repeated request for a new one',
      hosts: service(keptSagas, 'takes a repeated request for a new one'),
      names: [/no order explains \w+ asked/],
    },
  ],
});
