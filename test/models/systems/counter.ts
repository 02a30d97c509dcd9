// A counter as a service.

import { counter, counterOperations, type CounterInput } from '../../../src/models.ts';
import { simulated, type SimulatedModel } from '../simulated.ts';
import { service, type Kept } from './service.ts';

export const keptCounter: Kept<{ count: number }, CounterInput, number | undefined> = {
  initial: () => ({ count: 0 }),
  apply(state, input) {
    if (input.name !== 'get') state.count += input.by;
    return input.name === 'add' ? undefined : state.count;
  },
};

export const counterModel: SimulatedModel = simulated({
  model: counter(),
  operations: () => counterOperations(),
  closing: [{ name: 'get' }],
  correct: service(keptCounter),
  faulty: [
    {
      what: 'takes a repeated request for a new one',
      hosts: service(keptCounter, 'takes a repeated request for a new one'),
      names: [/no order explains \w+ (counted \d|added \d, which made \d)/],
    },
    {
      what: 'takes no lock',
      hosts: service(keptCounter, 'takes no lock'),
      names: [/no order explains \w+ (counted \d|added \d, which made \d)/, /added \d.*added \d/],
    },
  ],
});
