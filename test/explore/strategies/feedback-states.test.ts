// States that a scenario tells, as news: a search that learns goes on from runs that came to a new one.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blocksOf } from '../../../src/explore/blocks.ts';
import { featuresOf } from '../../../src/explore/corpus/features.ts';
import { defineScenario, handler, latency, swarm, type Scenario } from '../../../src/index.ts';
import { hashString } from '../../../src/random/hash.ts';
import { makeBlocks, type Made } from './course.ts';

/** A door that opens behind a door, of which nothing but the scenario's `state` tells. */
function stairs(state?: (floor: number) => unknown, steps = 6): Scenario {
  let floor = 0;
  return defineScenario({
    name: 'stairs',
    hosts: { door: handler(() => () => new Response('open')) },
    network: { latency: latency.constant(1) },
    faults: swarm({ drop: true }),
    async drive(world) {
      floor = 0;
      await world.client('guest', async () => {
        for (let i = 1; i <= steps; i++) {
          const signal = AbortSignal.timeout(20);
          const isLost = await fetch('http://door/', { signal }).then(
            () => false,
            () => true,
          );
          if (isLost && floor === i - 1) floor = i;
        }
      });
    },
    ...(state === undefined ? {} : { state: () => state(floor) }),
  });
}

const blocks = [...blocksOf({ seed: 4, strategy: 'feedback', runsMax: 100 })];
const told = ({ harvest }: Made): string[] => harvest.map(({ why }) => why);

test('a state that was not there before is news, also where nothing else is', async () => {
  const { runs, harvest } = await makeBlocks(
    stairs((floor) => ({ floor })),
    blocks,
  );
  const seen = new Set(runs.flatMap(({ result }) => result.states?.seen ?? []));
  assert.ok(seen.size >= 3, `${seen.size} states`);
  const shown = new Set(harvest.flatMap(({ shows }) => shows));
  for (const state of seen) assert.ok(shown.has(hashString(`came to state ${state}`)), state);
  const without = await makeBlocks(stairs(), blocks);
  assert.ok(without.runs.every(({ result }) => result.states === undefined));
  assert.doesNotMatch(told(without).join('\n'), /state/);
  // The last state of a run counts, and every one on the way.
  const climbed = runs.find(({ result }) => (result.states?.seen.length ?? 0) > 2)?.result;
  assert.ok(climbed !== undefined);
  const features = [...featuresOf(climbed).values()];
  assert.equal(
    features.filter((each) => each.startsWith('came to state')).length,
    climbed.states?.seen.length,
  );
  assert.equal(features.filter((each) => each.startsWith('ended in state')).length, 1);
  assert.equal(climbed.states?.last, climbed.states?.seen.at(-1));
});

test('runs are the same whether they are asked for their states or not', async () => {
  const hashes = async (strategy: string, scenario: Scenario): Promise<string[]> => {
    const { runs } = await makeBlocks(scenario, [...blocksOf({ seed: 4, strategy, runsMax: 5 })]);
    return runs.map(({ result }) => result.hash);
  };
  const expected = await hashes('timed-random', stairs());
  assert.deepEqual(
    await hashes(
      'feedback',
      stairs((floor) => floor),
    ),
    expected,
  );
});

test('of a long run there are not more states than it takes, and the last one', async () => {
  let asked = 0;
  const { runs } = await makeBlocks(
    stairs(() => asked++, 800),
    blocks.slice(0, 1).map((block) => ({ ...block, runs: 1 })),
  );
  const [run] = runs;
  assert.ok(run !== undefined && run.result.steps > 1_000);
  assert.equal(run.result.states?.seen.length, 64);
  assert.ok(run.result.states.last !== undefined && !run.result.states.seen.includes(run.result.states.last));
  // It is asked less and less often. Both times that the first run is made count.
  assert.ok(asked / 2 < run.result.steps * 0.9, `asked ${asked / 2} times in ${run.result.steps} steps`);
});

test('a state that cannot be told fails no run', async () => {
  const { runs } = await makeBlocks(
    stairs(() => {
      throw new Error('not now');
    }),
    blocks.slice(0, 1),
  );
  assert.equal(runs.length, 50);
  assert.deepEqual(runs[0]?.result.states, { seen: ['unknown'], last: 'unknown' });
});
