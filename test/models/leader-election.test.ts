// Leader election, where the deposed may lead on and where they step down.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { linearizable, type Operation } from '../../src/checkers.ts';
import { electionOperations, leaderElection, UNKNOWN } from '../../src/models.ts';
import type { Answer, ElectionInput, ElectionOutput, ElectionState } from '../../src/models.ts';
import type { Reference } from './reference.ts';
import { compareSequences, judgeHistories } from './sequences.ts';

const campaign = (node: string): ElectionInput => ({ name: 'campaign', node });
const elected = (node: string, term: number): ElectionInput => ({ name: 'elected', node, term });
const leading = (node: string, term: number): ElectionInput => ({ name: 'leading', node, term });

/** Who won each term, whether anybody knows or not. */
type Kept = readonly { readonly term: number; readonly node: string }[];
/** More than the answers that are tried, also between them: a term that nobody learned may be any. */
const TERMS = [0.5, 1, 1.5, 2, 2.5, 3];

function reference(stepsDown: boolean): Reference<Kept, ElectionInput, ElectionOutput> {
  const isOver = (wins: Kept, term: number): boolean => stepsDown && wins.some((each) => each.term > term);
  const canWin = (wins: Kept, term: number): boolean =>
    !isOver(wins, term) && !wins.some((each) => each.term === term);
  return {
    initial: [],
    outcomes(wins, input) {
      const { node } = input;
      if (input.name === 'campaign') {
        const terms = TERMS.filter((term) => canWin(wins, term));
        return [[null, wins], ...terms.map((term) => [term, [...wins, { term, node }]] as const)];
      }
      const { term } = input;
      if (input.name === 'elected') return canWin(wins, term) ? [[null, [...wins, { term, node }]]] : [];
      const mayAct = !isOver(wins, term) && wins.some((each) => each.term === term && each.node === node);
      return mayAct
        ? [
            [true, wins],
            [null, wins],
            [false, wins],
          ]
        : [[false, wins]];
    },
  };
}

for (const deposed of ['may lead on', 'steps down'] as const) {
  describe(`a leader election in which the deposed ${deposed}`, () => {
    const pair = { model: leaderElection({ deposed }), reference: reference(deposed === 'steps down') };

    test('allows the sequences that the brute-force list allows', () => {
      const inputs = [campaign('a'), campaign('b'), leading('a', 1), leading('b', 2), leading('b', 1)];
      const answers = [1, 2, null, true, false] as const;
      const { allowed, refused } = compareSequences({ ...pair, inputs, answers }, 3);
      assert.ok(allowed > 100 && refused > 100, `${allowed} allowed, ${refused} refused`);
    });

    test('judges histories as a search through all orders does', () => {
      const operations = electionOperations({ termMax: 2, nodes: ['a', 'b'] });
      const wrong = [1, 2, null, true, false] as const;
      const { accepted, rejected } = judgeHistories({ ...pair, wrong, forgets: true }, operations);
      assert.ok(accepted > 10 && rejected > 50, `${accepted} accepted, ${rejected} rejected`);
    });
  });
}

const won = (leaders: Record<number, string>, ...unsettled: string[]): ElectionState => ({
  leaders,
  unsettled,
});

type Row = {
  readonly state: ElectionState;
  readonly input: ElectionInput;
  readonly answer: Answer<ElectionOutput>;
  /** Where the deposed may lead on, and where they step down. */
  readonly after: readonly [leadOn: readonly ElectionState[], stepDown: readonly ElectionState[]];
};

const both = (...after: readonly ElectionState[]): Row['after'] => [after, after];

const rows: readonly Row[] = [
  { state: won({}), input: campaign('a'), answer: 1, after: both(won({ 1: 'a' })) },
  { state: won({ 1: 'a' }), input: campaign('b'), answer: 1, after: both() },
  { state: won({ 1: 'a' }), input: campaign('a'), answer: 1, after: both() },
  { state: won({ 2: 'a' }), input: campaign('b'), answer: 1, after: [[won({ 1: 'b', 2: 'a' })], []] },
  { state: won({ 1: 'a' }), input: campaign('b'), answer: null, after: both(won({ 1: 'a' })) },
  { state: won({ 1: 'a' }), input: campaign('b'), answer: true, after: both() },
  { state: won({}), input: campaign('b'), answer: UNKNOWN, after: both(won({}, 'b')) },
  { state: won({}), input: elected('a', 3), answer: undefined, after: both(won({ 3: 'a' })) },
  { state: won({ 3: 'a' }), input: elected('b', 3), answer: undefined, after: both() },
  { state: won({ 3: 'a' }), input: elected('a', 3), answer: undefined, after: both() },
  { state: won({ 3: 'a' }), input: leading('a', 3), answer: undefined, after: both(won({ 3: 'a' })) },
  { state: won({ 3: 'a' }), input: leading('b', 3), answer: true, after: both() },
  { state: won({ 3: 'a' }), input: leading('b', 3), answer: false, after: both(won({ 3: 'a' })) },
  { state: won({}), input: leading('a', 1), answer: true, after: both() },
  {
    state: won({ 1: 'a', 2: 'b' }),
    input: leading('a', 1),
    answer: true,
    after: [[won({ 1: 'a', 2: 'b' })], []],
  },
  { state: won({}, 'a'), input: leading('a', 4), answer: true, after: both(won({ 4: 'a' })) },
  { state: won({}, 'a'), input: leading('b', 4), answer: true, after: both() },
  {
    state: won({}, 'a'),
    input: leading('a', 4),
    answer: UNKNOWN,
    after: both(won({}, 'a'), won({ 4: 'a' })),
  },
  // Whoever acts has not been deposed by what nobody learned.
  {
    state: won({ 1: 'b' }, 'a'),
    input: leading('b', 1),
    answer: true,
    after: [[won({ 1: 'b' }, 'a')], [won({ 1: 'b' })]],
  },
];

for (const { state, input, answer, after } of rows) {
  for (const [i, deposed] of (['may lead on', 'steps down'] as const).entries()) {
    const model = leaderElection({ deposed });
    const told = `${model.describeState?.(state)}: ${model.describe?.(input, answer)}`;
    const left = after[i]?.map((each) => model.describeState?.(each)).join('; or ') || 'nothing';
    test(`the deposed ${deposed}: ${told} leaves ${left}`, () => {
      assert.deepEqual(model.next(state, input, answer), after[i]);
    });
  }
}

describe('a history of observations', () => {
  const seen = (id: number, input: ElectionInput, atMs: number): Operation => ({
    ...{ id, client: input.node, name: input.name, input },
    ...{ invokedMs: atMs, endedMs: atMs, type: 'ok' },
  });

  test('with two leaders of one term is illegal, and both are named', () => {
    const history = [
      seen(0, elected('n1', 4), 10),
      seen(1, leading('n1', 4), 20),
      seen(2, elected('n2', 4), 30),
    ];
    const { verdict, message } = linearizable(leaderElection(), history);
    assert.equal(verdict, 'illegal');
    assert.match(message, /no order explains n2 said that n2 won term 4/);
    assert.match(message, /term 4 won by n1/);
  });

  test('with a leader that was deposed and leads on is illegal only where it must step down', () => {
    const history = [
      seen(0, elected('n1', 4), 10),
      seen(1, elected('n2', 5), 20),
      seen(2, leading('n1', 4), 30),
    ];
    assert.equal(linearizable(leaderElection(), history).verdict, 'ok');
    assert.equal(linearizable(leaderElection({ deposed: 'steps down' }), history).verdict, 'illegal');
  });
});
