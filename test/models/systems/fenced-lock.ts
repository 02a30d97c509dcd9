// A lock with fencing tokens and leases as a service.

import { fencedLock, fencedLockOperations } from '../../../src/models.ts';
import type { FencedLockInput, FencedLockOutput } from '../../../src/models.ts';
import { simulated, type Heard } from '../simulated.ts';
import { service, type Kept } from './service.ts';

interface Stored {
  token: number;
  /** Until when it is held by the last token; 0 where it is not. */
  untilMs: number;
}

const LEASE_MS = 80;

export const keptFencedLock: Kept<Stored, FencedLockInput, FencedLockOutput> = {
  initial: () => ({ token: 0, untilMs: 0 }),
  apply(state, input) {
    const isHeld = state.untilMs > Date.now();
    if (input.name === 'acquire') {
      if (isHeld) return null;
      state.token += 1;
      state.untilMs = Date.now() + LEASE_MS;
      return state.token;
    }
    if (!isHeld || input.token !== state.token) return false;
    state.untilMs = input.name === 'renew' ? Date.now() + LEASE_MS : 0;
    return true;
  },
};

/** Gives out the token of the lease that ended. */
const keptToken: typeof keptFencedLock = {
  ...keptFencedLock,
  apply(state, input) {
    const hasEnded = state.untilMs > 0 && state.untilMs <= Date.now();
    if (input.name !== 'acquire' || !hasEnded) return keptFencedLock.apply(state, input);
    state.untilMs = Date.now() + LEASE_MS;
    return state.token;
  },
};

/** Does not look at the token. */
const keptForAnybody: typeof keptFencedLock = {
  ...keptFencedLock,
  apply: (state, input) =>
    keptFencedLock.apply(state, input.name === 'acquire' ? input : { ...input, token: state.token }),
};

/** A release or a renewal shows the last token that the client was given. */
function withOwnToken(
  wanted: FencedLockInput,
  heard: readonly Heard<FencedLockInput, FencedLockOutput>[],
): FencedLockInput | undefined {
  if (wanted.name === 'acquire') return wanted;
  const given = heard.findLast(({ input, output }) => input.name === 'acquire' && output !== null);
  return given === undefined ? undefined : { ...wanted, token: given.output as number };
}

const grantOf = (token: string): RegExp => new RegExp(`acquired the lock as \\w+ with token ${token}`);

export const fencedLockModel = simulated({
  model: fencedLock(),
  operations: (client) => fencedLockOperations({ owners: [client] }),
  ask: withOwnToken,
  closing: [{ name: 'acquire', owner: 'zoe' }],
  operationsMax: 8,
  correct: service(keptFencedLock),
  faulty: [
    {
      what: 'forgets tokens in a crash',
      hosts: service(keptFencedLock, 'answers before it syncs'),
      names: [grantOf('\\d+')],
    },
    {
      what: 'gives the token of a lease that ended again',
      hosts: service(keptToken),
      names: [/no order explains \w+ acquired the lock as \w+ with token (\d+).* with token \1/],
    },
    {
      what: 'does not ask for the token',
      hosts: service(keptForAnybody),
      names: [/no order explains \w+ (released|renewed) the lock with token \d+/],
    },
    {
      what: 'takes no lock itself',
      hosts: service(keptFencedLock, 'takes no lock'),
      names: [grantOf('1')],
    },
  ],
});
