// A leader election as a service that gives leadership for a while; whoever is deposed steps down.

import { electionOperations, leaderElection } from '../../../src/models.ts';
import type { ElectionInput, ElectionOutput } from '../../../src/models.ts';
import { simulated, type Heard } from '../simulated.ts';
import { service, type Kept } from './service.ts';

interface Stored {
  term: number;
  leader: string | null;
  untilMs: number;
}

const LEASE_MS = 50;

export const keptElection: Kept<Stored, ElectionInput, ElectionOutput> = {
  initial: () => ({ term: 0, leader: null, untilMs: 0 }),
  apply(state, input) {
    if (input.name === 'campaign') {
      if (state.untilMs > Date.now()) return null;
      Object.assign(state, { term: state.term + 1, leader: input.node, untilMs: Date.now() + LEASE_MS });
      return state.term;
    }
    if (state.term !== input.term || state.leader !== input.node) return false;
    state.untilMs = Date.now() + LEASE_MS;
    return true;
  },
};

/** Lets everybody act who ever led. */
const keptForTheDeposed: typeof keptElection = {
  ...keptElection,
  apply: (state, input) =>
    input.name === 'campaign' ? keptElection.apply(state, input) : input.term <= state.term,
};

/** Gives the leadership on, and the term with it. */
const keptTerm: typeof keptElection = {
  ...keptElection,
  apply(state, input) {
    if (input.name === 'campaign' && state.term > 0 && state.untilMs <= Date.now()) state.term -= 1;
    return keptElection.apply(state, input);
  },
};

/** A node acts in the last term that it won. */
export function inOwnTerm(
  wanted: ElectionInput,
  heard: readonly Heard<ElectionInput, ElectionOutput>[],
): ElectionInput | undefined {
  if (wanted.name === 'campaign') return wanted;
  const won = heard.findLast(({ input, output }) => input.name === 'campaign' && output !== null);
  return won === undefined ? undefined : { ...wanted, term: won.output as number };
}

export const electionModel = simulated({
  model: leaderElection({ deposed: 'steps down' }),
  operations: (client) => electionOperations({ nodes: [client] }),
  ask: inOwnTerm,
  closing: [{ name: 'campaign', node: 'zoe' }],
  operationsMax: 8,
  correct: service(keptElection),
  faulty: [
    {
      what: 'forgets terms in a crash',
      hosts: service(keptElection, 'answers before it syncs'),
      names: [/won term \d+ as \w+|acted as/],
    },
    {
      what: 'gives a term on to the next leader',
      hosts: service(keptTerm),
      names: [/no order explains \w+ won term (\d+) as \w+.*term \1 won by/],
    },
    {
      what: 'lets deposed leaders act',
      hosts: service(keptForTheDeposed),
      names: [/no order explains (\w+) acted as \1, leader of term (\d+)/, /term \d+ won by/],
    },
    {
      what: 'takes no lock',
      hosts: service(keptElection, 'takes no lock'),
      names: [/won term (\d+) as/],
    },
  ],
});
