// The search that learns: what it keeps, what it does with it, and that it finds what takes several steps.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { blocksOf } from '../../../src/explore/blocks.ts';
import type { Entry } from '../../../src/explore/corpus/entry.ts';
import { defineScenario, handler, latency, swarm, type Scenario } from '../../../src/index.ts';
import { sometimes } from '../../../src/markers.ts';
import { inputsAndHashes, makeBlocks } from './course.ts';
import { shopOf, storm } from './shop.ts';

const given = { seed: 1, strategy: 'feedback' };

test('begins with drawn runs, then alters those that showed something new', async () => {
  const { runs, harvest } = await makeBlocks(shopOf(storm), [...blocksOf({ ...given, runsMax: 50 })]);
  assert.ok(runs.slice(0, 6).every(({ proposal }) => proposal.isSteered !== true));
  const altered = runs.filter(({ proposal }) => proposal.isSteered === true);
  assert.ok(altered.length > 10 && altered.length < 44, `${altered.length}`);
  const plans = new Set(runs.map(({ proposal }) => proposal.plan));
  assert.equal(plans.size, runs.length, 'each run notes what struck on a plan of its own');
  assert.ok(harvest.length > 0);
  const shown = harvest.flatMap(({ shows }) => shows);
  assert.equal(new Set(shown).size, shown.length, 'nothing is new twice');
});

test('what it proposes stays within the budget', async () => {
  const blocks = [...blocksOf({ ...given, runsMax: 150 })];
  const { runs } = await makeBlocks(shopOf(storm), blocks);
  assert.deepEqual(
    runs.filter(({ result }) => result.crashed['shop'] !== undefined),
    [],
  );
  for (const { proposal } of runs) {
    for (const { kind, links } of proposal.plan.chances ?? []) {
      assert.deepEqual(links, kind === 'delay' ? ['shop -> bank'] : undefined);
    }
  }
});

test('a block makes the same runs by itself as after the blocks before it', async () => {
  const blocks = [...blocksOf({ ...given, runsMax: 100 })];
  const together = inputsAndHashes(await makeBlocks(shopOf(storm), blocks));
  const alone = inputsAndHashes(await makeBlocks(shopOf(storm), blocks.slice(-1)));
  assert.deepEqual(alone, together.slice(-alone.length));
});

test('a corpus is where it begins, and what is in it is no news', async () => {
  const blocks = [...blocksOf({ ...given, runsMax: 50 })];
  const first = await makeBlocks(shopOf(storm), blocks);
  const stored = JSON.parse(JSON.stringify(first.harvest)) as Entry[];
  const again = await makeBlocks(shopOf(storm), [...blocksOf({ ...given, seed: 2, runsMax: 50 })], stored);
  assert.ok(
    again.runs.slice(0, 6).some(({ proposal }) => proposal.isSteered === true),
    'it alters at once',
  );
  const known = new Set(stored.flatMap(({ shows }) => shows));
  assert.deepEqual(
    again.harvest.flatMap(({ shows }) => shows).filter((feature) => known.has(feature)),
    [],
  );
});

/** A door that opens behind a door: each step is reached by the loss of one answer after the other. */
function stairs(steps: number): Scenario {
  return defineScenario({
    name: 'stairs',
    hosts: { door: handler(() => () => new Response('open')) },
    network: { latency: latency.constant(1) },
    faults: swarm({ drop: true }),
    workload: fc.constant(steps),
    async drive(world) {
      await world.client('guest', async () => {
        let reached = 0;
        for (let i = 1; i <= steps; i++) {
          const signal = AbortSignal.timeout(20);
          const isLost = await fetch(`http://door/${'abcdefgh'[i]}`, { signal }).then(
            () => false,
            () => true,
          );
          if (isLost && reached === i - 1) sometimes(`step ${++reached}`);
        }
      });
    },
    never: { 'the last step is reached': () => false },
  });
}

test('climbs stairs on which each step is news, higher than what is drawn', async () => {
  const highest = async (strategy: string): Promise<number> => {
    const { runs } = await makeBlocks(stairs(7), [...blocksOf({ seed: 4, strategy, runsMax: 150 })]);
    return Math.max(...runs.map(({ result }) => Object.keys(result.reached).length));
  };
  const [drawn, learnt] = [await highest('timed-random'), await highest('feedback')];
  assert.ok(learnt > drawn, `${learnt} steps against ${drawn}`);
});
