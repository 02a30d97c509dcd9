// A register behind a fence as a service.

import { fencedRegister, fencedRegisterOperations, type FencedRegisterInput } from '../../../src/models.ts';
import { simulated } from '../simulated.ts';
import { ownService, service, type Kept } from './service.ts';

interface Stored {
  value: number;
  token: number;
}

export const keptFencedRegister: Kept<Stored, FencedRegisterInput<number>, number | boolean> = {
  initial: () => ({ value: 0, token: 0 }),
  apply(state, input) {
    const { token = state.token } = input;
    if (token < state.token) return false;
    state.token = token;
    if (input.name === 'read') return state.value;
    state.value = input.value;
    return true;
  },
  reads: ({ name, token }) => name === 'read' && token === undefined,
};

/** Takes every token. */
const keptWithoutFence: typeof keptFencedRegister = {
  ...keptFencedRegister,
  apply(state, input) {
    if (input.name === 'write') state.token = 0;
    return keptFencedRegister.apply(state, input);
  },
};

/** Keeps the value on its disk, and the token where a crash takes it. */
const withTokenInMemory = ownService<FencedRegisterInput<number>, number | boolean>(({ disk }) => {
  let token = 0;
  return ({ id, input }) => {
    if (input.name === 'read') return (disk.get('value') as number | undefined) ?? 0;
    const before = disk.get(`answer ${id}`) as boolean | undefined;
    if (before !== undefined) return before;
    const isTaken = input.token >= token;
    if (isTaken) {
      disk.put('value', input.value);
      token = input.token;
    }
    disk.put(`answer ${id}`, isTaken);
    disk.sync();
    return isTaken;
  };
});

export const fencedRegisterModel = simulated({
  model: fencedRegister(0),
  operations: () => fencedRegisterOperations(),
  closing: [{ name: 'read' }],
  correct: service(keptFencedRegister),
  faulty: [
    {
      what: 'takes every token',
      hosts: service(keptWithoutFence),
      names: [/no order explains \w+ wrote \d with token 1/, /wrote \d with token 2/],
    },
    {
      what: 'looks at the token before it waits',
      hosts: service(keptFencedRegister, 'takes no lock'),
      names: [/wrote \d with token \d/],
    },
    {
      what: 'forgets the token in a crash',
      hosts: withTokenInMemory,
      names: [/no order explains \w+ wrote \d with token \d|read \d/, /the greatest token being \d/],
    },
  ],
});
