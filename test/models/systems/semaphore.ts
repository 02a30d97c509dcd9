// A semaphore of three permits as a service.

import { semaphore, semaphoreOperations } from '../../../src/models.ts';
import type { SemaphoreInput, SemaphoreOutput } from '../../../src/models.ts';
import { simulated } from '../simulated.ts';
import { service, type Kept } from './service.ts';

const PERMITS = 3;

/** Who holds each permit; null where nobody does. */
type Stored = (string | null)[];

export const keptSemaphore: Kept<Stored, SemaphoreInput, SemaphoreOutput> = {
  initial: () => Array.from({ length: PERMITS }, () => null),
  apply(state, input) {
    if (input.name === 'available') return state.filter((each) => each === null).length;
    const { name, holder, permits = 1 } = input;
    const [from, to] = name === 'acquire' ? [null, holder] : [holder, null];
    if (state.filter((each) => each === from).length < permits) return false;
    for (let count = 0; count < permits; count++) state[state.indexOf(from)] = to;
    return true;
  },
  reads: ({ name }) => name === 'available',
};

interface Counted {
  free: number;
}

/** Counts, and does not know who has what. */
const keptCount: Kept<Counted, SemaphoreInput, SemaphoreOutput> = {
  initial: () => ({ free: PERMITS }),
  apply(state, input) {
    if (input.name === 'available') return state.free;
    const { name, permits = 1 } = input;
    if (name === 'acquire' && state.free < permits) return false;
    state.free += name === 'acquire' ? -permits : permits;
    return true;
  },
};

export const semaphoreModel = simulated({
  model: semaphore(PERMITS),
  operations: (client) => semaphoreOperations({ holders: [client] }),
  closing: [{ name: 'available' }],
  correct: service(keptSemaphore),
  faulty: [
    {
      what: 'takes no lock',
      hosts: service(keptSemaphore, 'takes no lock'),
      names: [/(acquired|released) (a permit|2 permits) as \w+/],
    },
    {
      what: 'takes a repeated request for a new one',
      hosts: service(keptSemaphore, 'takes a repeated request for a new one'),
      names: [/no order explains \w+ (asked how many permits|asked to|acquired|released)/],
    },
    {
      what: 'does not ask who has a permit',
      hosts: service(keptCount),
      names: [/no order explains \w+ released (a permit|2 permits) as \w+/],
    },
  ],
});
