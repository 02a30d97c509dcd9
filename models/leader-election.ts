// Leader election: terms, each with at most one leader; and what those who say that they lead may say.

import fc from 'fast-check';
import { UNKNOWN, type Answer, type Model } from './model.ts';
import { told } from './words.ts';

/** What happens in an election; the last two are observations, of what a node says of itself. */
export type ElectionInput =
  | { readonly name: 'campaign'; readonly node: string }
  | { readonly name: 'elected' | 'leading'; readonly node: string; readonly term: number };

/** `campaign`: the term that was won, or null. `leading`: false if it was refused. `elected`: anything. */
export type ElectionOutput = number | boolean | null | undefined;

/** Who won which term. */
export interface ElectionState {
  readonly leaders: Readonly<Record<number, string>>;
  /** Nodes that may have won a term that nobody learned, in the order of the alphabet. */
  readonly unsettled: readonly string[];
}

/**
 * Makes the model of a leader election.
 *
 * - `campaign`: a node asks to lead. It answers the term that the node won, which nobody has won before, or
 *   null if it did not win.
 * - `elected`: a node says that it won a term. So it is recorded where terms come to light in a log or a
 *   metric, rather than as an answer; one win is recorded as one or the other. A term is won once: a second
 *   time is a term that was forgotten, even by its leader.
 * - `leading`: a node acts as the leader of a term. It must have won it. Where the act can be refused, true
 *   is that it was not; false is always allowed, and says nothing.
 *
 * What a history of observations must satisfy: at most one node says `elected` or `leading` of a term, it
 * says `elected` once, and not after it said `leading`. What is left open: who wins, and whether anybody
 * does; how much terms grow; and, by default, whether a leader has heard of the next one. Messages are
 * slow, so a term may be won after a higher one, and a deposed leader may lead on: in Raft it does no harm.
 * Where it does, because leadership is a lease and work is done on its strength, say that the deposed step
 * down: then terms are won in their order, and nobody acts in a term once a higher one was won.
 *
 * Source: election safety of In Search of an Understandable Consensus Algorithm (Ongaro and Ousterhout,
 * 2014).
 *
 * @param options.deposed - What a leader does once a higher term was won. Default `may lead on`.
 */
export function leaderElection({
  deposed = 'may lead on',
}: { readonly deposed?: 'may lead on' | 'steps down' } = {}): Model<
  ElectionState,
  ElectionInput,
  ElectionOutput
> {
  const isBarred = ({ leaders }: ElectionState, term: number): boolean =>
    deposed === 'steps down' && Object.keys(leaders).some((other) => Number(other) > term);
  return {
    name: 'leader election',
    initial: { leaders: {}, unsettled: [] },
    next(state, input, answer) {
      if (input.name === 'campaign') {
        if (answer === null) return [state];
        // Having won a term that nobody learned forbids nothing that not having won allows.
        if (answer === UNKNOWN) return [withUnsettled(state, input.node)];
        return typeof answer === 'number' ? won(state, input.node, answer) : [];
      }
      const { name, node, term } = input;
      if (name === 'elected') return won(state, node, term);
      if (answer === false) return [state];
      if (typeof answer === 'number') return [];
      const acted = leads(state, node, term);
      return answer === UNKNOWN && !acted.includes(state) ? [state, ...acted] : acted;
    },
    describe,
    describeState,
  };

  function leads(state: ElectionState, node: string, term: number): readonly ElectionState[] {
    if (isBarred(state, term)) return [];
    const leader = state.leaders[term];
    if (leader !== undefined) return leader === node ? [settled(state)] : [];
    return state.unsettled.includes(node) ? won(withoutUnsettled(state, node), node, term) : [];
  }

  function won(state: ElectionState, node: string, term: number): readonly ElectionState[] {
    if (state.leaders[term] !== undefined || isBarred(state, term)) return [];
    return [{ ...settled(state), leaders: { ...state.leaders, [term]: node } }];
  }

  /** Where the deposed step down, whoever may have won a term before has not, or is deposed. */
  function settled(state: ElectionState): ElectionState {
    if (deposed === 'may lead on' || state.unsettled.length === 0) return state;
    return { ...state, unsettled: [] };
  }
}

function withUnsettled({ leaders, unsettled }: ElectionState, node: string): ElectionState {
  return { leaders, unsettled: [...unsettled, node].toSorted() };
}

function withoutUnsettled({ leaders, unsettled }: ElectionState, node: string): ElectionState {
  return { leaders, unsettled: unsettled.toSpliced(unsettled.indexOf(node), 1) };
}

function describe(input: ElectionInput, answer: Answer<ElectionOutput>): string {
  const { node } = input;
  if (input.name === 'campaign') {
    return told(answer, `campaigned as ${node}`, (term) =>
      term === null ? `campaigned as ${node}, and did not win` : `won term ${term} as ${node}`,
    );
  }
  if (input.name === 'elected') return `said that ${node} won term ${input.term}`;
  const what = `act as ${node}, leader of term ${input.term}`;
  return told(answer, `asked to ${what}`, (isDone) =>
    isDone === false ? `asked to ${what}, and was refused` : `acted as ${node}, leader of term ${input.term}`,
  );
}

function describeState({ leaders, unsettled }: ElectionState): string {
  const terms = Object.keys(leaders)
    .toSorted((left, right) => Number(left) - Number(right))
    .map((term) => `term ${term} won by ${leaders[Number(term)]}`);
  const unknown = unsettled.map((node) => `a term that nobody learned perhaps won by ${node}`);
  return terms.length + unknown.length === 0 ? 'no term won yet' : [...terms, ...unknown].join(', ');
}

/**
 * Operations of a leader election: campaigns, and acts in small terms from 1 on, which an election that
 * counts them gives out.
 *
 * @param options.nodes - Default: `a`, `b` and `c`.
 * @param options.termMax - The highest term in which a node acts. Default 4.
 */
export function electionOperations({
  nodes = ['a', 'b', 'c'],
  termMax = 4,
}: { readonly nodes?: readonly string[]; readonly termMax?: number } = {}): fc.Arbitrary<ElectionInput> {
  const plain = { noNullPrototype: true } as const;
  const node = fc.constantFrom(...nodes);
  const term = fc.integer({ min: 1, max: termMax });
  return fc.oneof(
    fc.record({ name: fc.constant('campaign' as const), node }, plain),
    fc.record({ name: fc.constant('leading' as const), node, term }, plain),
  );
}
