import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { defineScenario, explore, handler, swarm } from '../../src/index.ts';
import type { SwarmOptions } from '../../src/faults/budget.ts';
import { VacuousError } from '../../src/errors.ts';
import type { ExploreOptions } from '../../src/explore/explore-options.ts';
import { declaredKinds } from '../../src/explore/vacuity.ts';
import { sleep } from '../scenario/driven.ts';

/** A server and an idle host; one request. */
function exploring(
  faults: SwarmOptions,
  options: ExploreOptions,
  sometimes: string[] = [],
): Promise<unknown> {
  const scenario = defineScenario({
    name: 'quiet',
    hosts: { server: handler(() => () => new Response('')), idle: handler(() => () => new Response('')) },
    faults: swarm(faults),
    sometimes,
    async drive(world) {
      await world.client('guest', async (client) => {
        await client.operation('ask', null, () =>
          fetch('http://server/', { signal: AbortSignal.timeout(100) }),
        );
        await sleep(10);
      });
    },
  });
  return explore(scenario, options).catch((error: unknown) => error);
}

const never: SwarmOptions = { drop: true, duplicate: ['guest -> idle'], crash: ['server'] };

describe('vacuity', () => {
  test('a declared fault that never struck fails the exploration with a table', async () => {
    const error = await exploring(never, { runs: 150 }, ['a pig flew']);
    assert.ok(error instanceof VacuousError);
    assert.deepEqual(error.missing, ['a pig flew', 'duplicate']);
    assert.match(error.message, /150 runs without ever reaching `a pig flew`, .* `duplicate` never struck/);
    assert.match(error.message, /reached:\n +0 {2}a pig flew\n/);
    assert.match(error.message, /struck:\n +[1-9]\d* {2}drop\n +0 {2}duplicate\n +[1-9]\d* {2}crash\n/);
    assert.match(error.message, /crashed:\n +[1-9]\d* {2}server\n +0 {2}idle\n/);
  });

  test('below the minimum of runs, or where it is off, it passes', async () => {
    for (const options of [
      { runs: 99 },
      { runs: 120, vacuity: { faultRunsMin: 121 } },
      { runs: 120, vacuity: false },
    ] as const) {
      const result = (await exploring(never, options)) as { runs: number };
      assert.equal(result.runs, options.runs, JSON.stringify(options));
    }
    assert.ok((await exploring(never, { runs: 20, vacuity: { faultRunsMin: 20 } })) instanceof VacuousError);
    const sometimes = ['a pig flew'];
    assert.ok((await exploring({}, { runs: 1 }, sometimes)) instanceof VacuousError);
    const options = { runs: 5, vacuity: { sometimesRunsMin: 6 } };
    assert.equal(((await exploring({}, options, sometimes)) as { runs: number }).runs, 5);
  });

  test('it tells how often each kind struck, each host crashed, and how many runs had a core', async () => {
    const faults: SwarmOptions = {
      crash: ['server'],
      survivable: { core: { of: ['server', 'idle'], size: 1 } },
    };
    const result = (await exploring(faults, { runs: 100 })) as Awaited<ReturnType<typeof explore>>;
    assert.ok((result.struck['crash'] ?? 0) > 0);
    assert.ok((result.struck['core'] ?? 0) > 10);
    assert.deepEqual(result.crashed, { server: result.struck['crash'], idle: 0 });
  });

  test('a check that could judge no run fails the exploration; one that could some is counted', async () => {
    const judging = (isKnown: (seed: number) => boolean) =>
      explore(
        defineScenario({
          name: 'judged',
          hosts: { server: handler(() => () => new Response('')) },
          drive: () => sleep(1),
          finally: {
            'it is in order': ({ seed }) => ({
              verdict: isKnown(seed) ? 'ok' : 'unknown',
              message: 'too long',
            }),
          },
        }),
        { runs: 20 },
      ).catch((error: unknown) => error);
    const none = await judging(() => false);
    assert.ok(none instanceof VacuousError);
    assert.match(none.message, /20 runs none of which `it is in order` could judge/);
    const some = (await judging((seed) => seed % 2 === 0)) as Awaited<ReturnType<typeof explore>>;
    const times = some.undecided['it is in order'] ?? 0;
    assert.ok(times > 0 && times < 20, String(times));
    assert.deepEqual(((await judging(() => true)) as typeof some).undecided, {});
  });

  test('refuses options that are none', async () => {
    assert.match(
      String(await exploring({}, { vacuity: true as never })),
      /`vacuity` to be false, or an object/,
    );
    assert.match(String(await exploring({}, { vacuity: { faultRunsMin: 0 } })), /`vacuity.faultRunsMin`/);
  });
});

test('what a budget turns off, or allows for nobody, is not declared', () => {
  const budget = swarm({
    drop: false,
    delay: true,
    crash: [],
    buggify: true,
    horizonMs: 10,
    survivable: { core: [['a'], ['b']] },
  });
  assert.deepEqual(declaredKinds(budget), ['delay', 'buggify', 'core']);
  assert.deepEqual(declaredKinds(undefined), []);
});
