// A corpus as data: what joining and pruning keep, and what is taken for an entry.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isEntry, mergeCorpora, pruneCorpus, type Entry } from '../../src/explore/corpus/entry.ts';
import { mutated } from '../../src/explore/corpus/mutations.ts';
import type { Proposal } from '../../src/explore/strategies/strategy.ts';
import { drawsOf } from '../../src/explore/strategies/draws.ts';
import { faultPlans } from '../../src/explore/fault-plans.ts';
import { checkPlan } from '../../src/faults/plan.ts';
import { withinBudget } from '../../src/faults/within-budget.ts';
import { calmPlan, defineScenario, handler, swarm } from '../../src/index.ts';

function entry(...shows: number[]): Entry {
  return { plan: calmPlan, seed: 1, workload: { seed: 1, nth: 0 }, why: 'x', shows };
}

const corpora = fc.array(
  fc.uniqueArray(fc.nat(12), { maxLength: 5 }).map((shows) => entry(...shows)),
  { maxLength: 12 },
);

function shownBy(corpus: readonly Entry[]): number[] {
  return [...new Set(corpus.flatMap(({ shows }) => shows))].toSorted((left, right) => left - right);
}

test('joining keeps what anything shows, and nothing that shows no more than those before it', () => {
  fc.assert(
    fc.property(corpora, corpora, (left, right) => {
      const joined = mergeCorpora(left, right);
      assert.deepEqual(shownBy(joined), shownBy([...left, ...right]));
      for (const [i, each] of joined.entries()) {
        const before = new Set(shownBy(joined.slice(0, i)));
        assert.ok(each.shows.some((feature) => !before.has(feature)));
      }
      assert.deepEqual(mergeCorpora(joined, right), joined, 'joining again adds nothing');
    }),
  );
});

test('pruning keeps what most is shown by, in its order, and never more than it may', () => {
  const [small, large, other] = [entry(1, 2), entry(1, 2, 3), entry(4)];
  assert.deepEqual(pruneCorpus([small, large, other]), [large, other]);
  assert.deepEqual(pruneCorpus([other, small, large], 1), [large]);
  fc.assert(
    fc.property(corpora, fc.nat(12), (corpus, most) => {
      assert.ok(pruneCorpus(corpus, most).length <= most);
      assert.deepEqual(shownBy(pruneCorpus(corpus)), shownBy(corpus));
    }),
  );
});

test('what was stored is an entry, and what was damaged is none', () => {
  const stored: unknown = JSON.parse(JSON.stringify(entry(1, 2)));
  assert.ok(isEntry(stored));
  const damaged: unknown[] = [
    ...[undefined, null, 1, 'x', [], {}],
    ...[{ plan: null }, { seed: 'x' }, { workload: { seed: 1 } }, { why: 7 }, { shows: [1.5] }].map(
      (wrong) => ({
        ...entry(1),
        ...wrong,
      }),
    ),
  ];
  for (const each of damaged) assert.ok(!isEntry(each), JSON.stringify(each));
});

test('altered and crossed plans are well-formed and within the budget', () => {
  const names = ['a', 'b', 'c'];
  const host = handler(() => () => new Response(''));
  const faults = swarm({
    ...{ drop: true, delay: true, crash: names, pause: names, partition: true, clockStep: names },
    ...{ hang: true, ioError: names, buggify: true },
    survivable: { hostsDown: 1, neverCrash: ['c'], partitionsHealWithinMs: 2_000 },
  });
  const scenario = defineScenario({
    name: 'abc',
    hosts: { a: host, b: host, c: host },
    faults,
    drive() {},
  });
  const proposals = fc
    .tuple(faultPlans(scenario), fc.nat(), fc.nat(9))
    .map(([plan, seed, nth]): Proposal => ({ plan, seed, workload: { seed: 1, nth } }));
  fc.assert(
    fc.property(proposals, proposals, proposals, fc.nat(), (parent, other, fresh, seed) => {
      const draw = drawsOf(seed);
      let made = parent;
      for (let i = 0; i < 8; i++) {
        made = mutated({ parent: made, ledger: other.plan.faults, other, fresh }, faults, draw);
        checkPlan(made.plan, names);
        assert.deepEqual(withinBudget(faults, made.plan.faults), made.plan.faults);
      }
    }),
  );
});
