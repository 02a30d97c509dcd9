// A leader election by votes: three voters, each of which is also asked to campaign for a node. Whoever
// gets the votes of two leads the term.

import { handler, type Disk, type Host, type HostDefinition } from '../../../src/index.ts';
import { electionOperations, leaderElection } from '../../../src/models.ts';
import type { ElectionInput } from '../../../src/models.ts';
import { simulated } from '../simulated.ts';
import { inOwnTerm } from './leader-election.ts';
import type { Asked } from './service.ts';

const VOTERS = ['v1', 'v2', 'v3'] as const;
const MAJORITY = 2;
const TIMEOUT_MS = 12;

/** What one voter asks another: its vote for a node, in a term; or whether it gave it. */
interface Ballot {
  readonly kind: 'vote' | 'confirm';
  readonly node: string;
  readonly term: number;
}

/** Its answer, with the highest term that it knows. */
interface Vote {
  readonly isFor: boolean;
  readonly term: number;
}

type Mistake = 'votes twice' | 'needs no majority';

function voters(mistake?: Mistake): Readonly<Record<string, HostDefinition>> {
  const voter = handler((host) => {
    const one = new Voter(host, mistake);
    return async (request) => {
      const asked = (await request.json()) as Asked<ElectionInput> | Ballot;
      return Response.json('kind' in asked ? one.vote(asked) : { output: await one.answer(asked.input) });
    };
  });
  return Object.fromEntries(VOTERS.map((name) => [name, voter]));
}

class Voter {
  readonly #name: string;
  readonly #disk: Disk;
  readonly #mistake: Mistake | undefined;

  constructor({ name, disk }: Host, mistake: Mistake | undefined) {
    this.#name = name;
    this.#disk = disk;
    this.#mistake = mistake;
  }

  /** One vote a term, which is never given to another afterwards. */
  vote({ kind, node, term }: Ballot): Vote {
    const known = this.#term;
    const given = this.#disk.get(`vote ${term}`);
    if (kind === 'confirm') return { isFor: given === node, term: known };
    // Who asks for a vote again has lost count: it may have won the term already.
    const isFree = this.#mistake === 'votes twice' ? term >= known : term > known;
    if (!isFree) return { isFor: false, term: known };
    this.#disk.put('term', term);
    this.#disk.put(`vote ${term}`, node);
    this.#disk.sync();
    return { isFor: true, term };
  }

  /** Campaigns for a node, or finds out whether it may act. */
  async answer(input: ElectionInput): Promise<number | boolean | null> {
    const kind = input.name === 'campaign' ? 'vote' : 'confirm';
    const ballot: Ballot = { kind, node: input.node, term: 'term' in input ? input.term : this.#term + 1 };
    const votes = await Promise.all(VOTERS.map((voter) => this.#ask(voter, ballot)));
    const highest = Math.max(...votes.map((vote) => vote?.term ?? 0));
    const known = votes.filter((vote) => vote !== undefined);
    const needed = this.#mistake === 'needs no majority' ? known.length / 2 : MAJORITY;
    const isWon = known.filter(({ isFor }) => isFor).length >= needed;
    // A term that others have gone beyond is no term to try again.
    if (highest > this.#term) this.#disk.put('term', highest);
    if (kind === 'confirm') return isWon;
    return isWon ? ballot.term : null;
  }

  get #term(): number {
    return (this.#disk.get('term') as number | undefined) ?? 0;
  }

  async #ask(voter: string, ballot: Ballot): Promise<Vote | undefined> {
    if (voter === this.#name) return this.vote(ballot);
    try {
      const body = JSON.stringify(ballot);
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      const response = await fetch(`http://${voter}/`, { method: 'POST', body, signal });
      return (await response.json()) as Vote;
    } catch {
      return undefined;
    }
  }
}

export const votedElectionModel = simulated({
  model: { ...leaderElection(), name: 'leader election by votes' },
  operations: (client) => electionOperations({ nodes: [client] }),
  ask: inOwnTerm,
  entries: VOTERS,
  faults: { partition: true },
  correct: voters(),
  faulty: [
    {
      what: 'votes twice in a term',
      hosts: voters('votes twice'),
      names: [/no order explains \w+ (won term|acted)/],
    },
    {
      what: 'takes half of the votes that it hears for a majority',
      hosts: voters('needs no majority'),
      names: [/no order explains \w+ (won term|acted)/],
    },
  ],
});
