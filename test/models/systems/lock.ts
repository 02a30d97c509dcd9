// A lock as a service.

import { lock, lockOperations, type LockInput, type LockOutput } from '../../../src/models.ts';
import { simulated } from '../simulated.ts';
import { service, type Kept } from './service.ts';

interface Stored {
  holder: string | null;
}

export const keptLock: Kept<Stored, LockInput, LockOutput> = {
  initial: () => ({ holder: null }),
  apply(state, input) {
    if (input.name === 'holder') return state.holder;
    const before = input.name === 'acquire' ? null : input.owner;
    if (state.holder !== before) return false;
    state.holder = input.name === 'acquire' ? input.owner : null;
    return true;
  },
  reads: ({ name }) => name === 'holder',
};

/** Frees the lock for whoever asks. */
const keptForAnybody: typeof keptLock = {
  ...keptLock,
  apply(state, input) {
    if (input.name !== 'release' || state.holder === null) return keptLock.apply(state, input);
    state.holder = null;
    return true;
  },
};

export const lockModel = simulated({
  model: lock(),
  operations: (client) => lockOperations({ owners: [client] }),
  closing: [{ name: 'holder' }],
  correct: service(keptLock),
  faulty: [
    {
      what: 'takes no lock itself',
      hosts: service(keptLock, 'takes no lock'),
      names: [/(acquired|released) the lock as \w+/, /no order explains \w+ (acquired|released|asked)/],
    },
    {
      what: 'does not ask who releases',
      hosts: service(keptForAnybody),
      names: [/no order explains (\w+) released the lock as \1/, /acquired the lock as/],
    },
    {
      what: 'answers before it syncs',
      hosts: service(keptLock, 'answers before it syncs'),
      names: [/(acquired|released) the lock as \w+/],
    },
    {
      what: 'takes a repeated request for a new one',
      hosts: service(keptLock, 'takes a repeated request for a new one'),
      names: [
        /no order explains \w+ asked (to (acquire|release) the lock as \w+, and was refused|who holds)/,
      ],
    },
  ],
});
