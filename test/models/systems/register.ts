// A register as a service.

import { register, registerOperations, type RegisterInput } from '../../../src/models.ts';
import { simulated, type SimulatedModel } from '../simulated.ts';
import { service, type Kept } from './service.ts';

export const keptRegister: Kept<{ value: number }, RegisterInput<number>, number | undefined> = {
  initial: () => ({ value: 0 }),
  apply(state, input) {
    if (input.name === 'read') return state.value;
    state.value = input.value;
    return undefined;
  },
  reads: ({ name }) => name === 'read',
};

export const registerModel: SimulatedModel = simulated({
  model: register(0),
  operations: () => registerOperations(),
  closing: [{ name: 'read' }],
  correct: service(keptRegister),
  faulty: [
    {
      what: 'answers before it syncs',
      hosts: service(keptRegister, 'answers before it syncs'),
      names: [/no order explains \w+ read 0/, /wrote [1-5]/],
    },
    {
      what: 'answers reads from a cache',
      hosts: service(keptRegister, 'answers reads from a cache'),
      names: [/no order explains \w+ read 0/, /wrote [1-5]/],
    },
  ],
});
