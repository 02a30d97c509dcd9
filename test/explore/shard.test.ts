// Shards: together they make the runs of the whole, and what they made is joined as if one had made it.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { exploreWith, type Exploration } from '../../src/explore/explore.ts';
import { storedBlocks, type ExplorationPart, type Shard } from '../../src/explore/shard.ts';
import { expectLatency } from '../../src/checkers.ts';
import {
  CheckFailure,
  OptionError,
  defineScenario,
  explore,
  handler,
  latency,
  swarm,
  type ExploreOptions,
  type Scenario,
} from '../../src/index.ts';

/** A counter that two clients add to; a lost answer makes one add twice, a crash forgets. */
function counting(options: { limit?: number; p99Ms?: number; isSlow?: boolean } = {}): {
  scenario: Scenario<number>;
  seeds: number[];
} {
  const { limit = Number.POSITIVE_INFINITY, p99Ms } = options;
  const seeds: number[] = [];
  const scenario = defineScenario<number>({
    name: 'counting',
    hosts: {
      counter: handler((host) => {
        let count = 0;
        host.expose({ count: () => count });
        return () => new Response(String(++count));
      }),
    },
    network: { latency: latency.uniform({ minMs: 1, maxMs: 20 }) },
    faults: swarm({ drop: true, crash: ['counter'], delay: true }),
    workload: fc.integer({ min: 1, max: 4 }),
    async drive(world, adds) {
      seeds.push(world.seed);
      let seen = 0;
      await world.client('adder', async () => {
        for (let i = 0; i < adds; i++) {
          for (let tries = 0; tries < 3; tries++) {
            const signal = AbortSignal.timeout(100);
            const answer = await fetch('http://counter/add', { method: 'POST', signal }).catch(
              () => undefined,
            );
            if (answer?.ok !== true) continue;
            const count = Number(await answer.text());
            // A crash forgets.
            if (Number.isFinite(limit)) assert(count > seen, `${count} after ${seen}`);
            seen = count;
            break;
          }
        }
      });
    },
    always: {
      'not too often': (world) => {
        const { count } = (world.host('counter').exports ?? { count: () => 0 }) as { count: () => number };
        return count() <= limit || `added ${count()} times`;
      },
    },
    serviceLevels: p99Ms === undefined ? [] : [expectLatency('POST /add', { p99Ms, during: 'all' })],
  });
  return { scenario, seeds };
}

const OPTIONS: ExploreOptions = { runs: 400, seed: 7, bail: false, statistics: true, regressions: 'off' };

async function cameOf(scenario: Scenario<number>, options: ExploreOptions): Promise<unknown> {
  return explore(scenario, { ...OPTIONS, ...options }).catch((error: unknown) => error);
}

function explorationOf(came: unknown): Exploration {
  return (
    came instanceof Error ? (came as Error & { exploration: Exploration }).exploration : came
  ) as Exploration;
}

async function partsOf(scenario: Scenario<number>, of: number): Promise<ExplorationPart[]> {
  const parts: ExplorationPart[] = [];
  for (let index = 1; index <= of; index++) {
    const { part } = explorationOf(await cameOf(scenario, { shard: { index, of } }));
    assert(part !== undefined);
    parts.push(JSON.parse(JSON.stringify(part)) as ExplorationPart);
  }
  return parts;
}

/** All that is told of an exploration, but for the story, which has its own tests. */
function told(came: unknown): unknown {
  const exploration = explorationOf(came);
  if (!(came instanceof Error)) return { exploration };
  const { name, message } = came;
  const others = came instanceof CheckFailure ? came.others : [];
  return { exploration, name, message, others };
}

describe('shards', () => {
  test('together make the same runs as the whole, each once', async () => {
    const whole = counting();
    await cameOf(whole.scenario, {});
    const shared = counting();
    const parts = await partsOf(shared.scenario, 4);
    const made = (seeds: readonly number[]): number[] => [...new Set(seeds)].toSorted((a, b) => a - b);
    assert.deepEqual(made(shared.seeds), made(whole.seeds));
    assert(parts.every(({ blocks }) => blocks.length > 0));
    const numbers = parts.flatMap(({ blocks }) =>
      blocks.map((block) => (block as { number: number }).number),
    );
    assert.equal(new Set(numbers).size, numbers.length);
  });

  for (const [title, options, name] of [
    ['that pass', {}, undefined],
    ['that fail in two ways', { limit: 4 }, 'CheckFailure [WT_ASSERTION]'],
    ['that break a service level together', { p99Ms: 60 }, 'LevelFailure [WT_LEVEL]'],
  ] as const) {
    test(`of runs ${title} are joined as if one had made them`, async () => {
      const { scenario } = counting(options);
      const whole = await cameOf(scenario, {});
      assert.equal(whole instanceof Error ? whole.name : undefined, name);
      for (const of of [2, 3]) {
        const parts = await partsOf(scenario, of);
        const joining = exploreWith(scenario, OPTIONS, storedBlocks(parts.toReversed()));
        const joined = await joining.catch((error: unknown) => error);
        assert.deepEqual(told(joined), told(whole));
      }
      if (whole instanceof CheckFailure)
        assert.deepEqual(whole.others.map(({ name: other }) => other).length, 1);
    });
  }

  test('do not judge what only the whole shows', async () => {
    const { scenario } = counting({ p99Ms: 60 });
    const never = { ...scenario, sometimes: new Map([['never reached', undefined]]) };
    assert(!((await cameOf(never, { shard: { index: 2, of: 2 } })) instanceof Error));
    const parts = await partsOf(never, 2);
    await assert.rejects(exploreWith(never, OPTIONS, storedBlocks(parts)), {
      code: 'WT_LEVEL',
    });
  });

  test('are refused where there is no such part', async () => {
    const { scenario, seeds } = counting();
    for (const shard of [
      { index: 0, of: 2 },
      { index: 3, of: 2 },
      { index: 1.5, of: 2 },
      { index: 1 },
      'x',
      null,
    ]) {
      await assert.rejects(explore(scenario, { shard: shard as Shard }), OptionError);
    }
    assert.deepEqual(seeds, []);
  });
});
