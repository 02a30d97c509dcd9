// A set as a service.

import { set, setOperations, type SetInput } from '../../../src/models.ts';
import { simulated, type SimulatedModel } from '../simulated.ts';
import { service, type Kept } from './service.ts';

export const keptSet: Kept<{ values: number[] }, SetInput<number>, boolean | readonly number[]> = {
  initial: () => ({ values: [] }),
  apply(state, input) {
    if (input.name === 'elements') return state.values.toSorted((left, right) => left - right);
    const at = state.values.indexOf(input.value);
    if (input.name === 'add' && at === -1) state.values.push(input.value);
    if (input.name === 'remove' && at !== -1) state.values.splice(at, 1);
    return input.name === 'add' ? at === -1 : at !== -1;
  },
};

/** Like it, but puts in again what is there already. */
const keptList: typeof keptSet = {
  ...keptSet,
  apply(state, input) {
    if (input.name !== 'add') return keptSet.apply(state, input);
    const isNew = !state.values.includes(input.value);
    state.values.push(input.value);
    return isNew;
  },
};

export const setModel: SimulatedModel = simulated({
  model: set<number>(),
  operations: () => setOperations(),
  closing: [{ name: 'elements' }],
  correct: service(keptSet),
  faulty: [
    {
      what: 'remembers requests in memory',
      hosts: service(keptSet, 'remembers requests in memory'),
      names: [/(added|removed) \d, which was/],
    },
    {
      what: 'keeps a value twice',
      hosts: service(keptList),
      names: [/no order explains \w+ (was told the elements|found \d)/, /added \d, which was there/],
    },
  ],
});
