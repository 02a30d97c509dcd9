// A compare-and-set register as a service.

import { casOperations, casRegister, type CasInput } from '../../../src/models.ts';
import { simulated, type SimulatedModel } from '../simulated.ts';
import { service, type Kept } from './service.ts';

export const keptCasRegister: Kept<{ value: number }, CasInput<number>, number | boolean | null> = {
  initial: () => ({ value: 0 }),
  apply(state, input) {
    switch (input.name) {
      case 'read':
        return state.value;
      case 'write':
        state.value = input.value;
        return null;
      default: {
        const isMatch = state.value === input.from;
        if (isMatch) state.value = input.to;
        return isMatch;
      }
    }
  },
};

export const casRegisterModel: SimulatedModel = simulated({
  model: casRegister(0),
  operations: () => casOperations(),
  closing: [{ name: 'read' }],
  correct: service(keptCasRegister),
  faulty: [
    {
      what: 'takes no lock',
      hosts: service(keptCasRegister, 'takes no lock'),
      names: [/(changed \d to \d|wrote \d).*(changed \d to \d|wrote \d)/],
    },
  ],
});
