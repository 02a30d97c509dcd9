// How `explore` runs: its options, how many runs it makes and which, what stops it, and what it gives back.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  EnvironmentError,
  OptionError,
  VacuousError,
  calmPlan,
  defineScenario,
  explore,
  handler,
  latency,
  simulate,
  swarm,
  type ExploreOptions,
  type Progress,
  type Scenario,
} from '../../src/index.ts';
import { sometimes } from '../../src/markers.ts';

/** A scenario that passes, and tells which seeds and workloads it was run with. */
function passing(options: { sometimes?: string[] } = {}): {
  scenario: Scenario<number>;
  runs: [seed: number, workload: number][];
} {
  const runs: [number, number][] = [];
  const scenario = defineScenario({
    name: 'passing',
    hosts: {
      echo: handler(() => async (request) => {
        const text = await request.text();
        sometimes('a big number', Number(text) > 90);
        return new Response(text);
      }),
    },
    network: { latency: latency.uniform({ minMs: 1, maxMs: 9 }) },
    faults: swarm({ drop: true, delay: true }),
    workload: fc.nat({ max: 100 }),
    async drive(world, workload) {
      runs.push([world.seed, workload]);
      await world.client('client', (client) =>
        client.operation('say', workload, () => {
          const signal = AbortSignal.timeout(100);
          return fetch('http://echo/', { method: 'POST', body: String(workload), signal });
        }),
      );
    },
    ...(options.sometimes === undefined ? {} : { sometimes: options.sometimes }),
  });
  return { scenario, runs };
}

/** Spins until the real clock shows another time than before. */
function spinMs(ms: number): void {
  const endMs = performance.now() + ms;
  while (performance.now() < endMs);
}

describe('explore', { concurrency: false }, () => {
  const { scenario } = passing();

  for (const options of [
    { runs: 0 },
    { runs: 1.5 },
    { runs: Number.NaN },
    { runs: Infinity },
    { runs: '10' },
    { budgetMs: 0 },
    { budgetMs: -1 },
    { budgetMs: Infinity },
    { seed: -1 },
    { seed: 2 ** 32 },
    { seed: 0.5 },
    { repeatEvery: 0 },
    { shrinkRunsMax: -1 },
    { onProgress: 'yes' },
    { signal: {} },
  ]) {
    const [[name, value]] = Object.entries(options) as [[string, unknown]];
    test(`refuses ${name}: ${String(value)}, before anything runs`, async () => {
      const { scenario: fresh, runs } = passing();
      const isRefused = (error: unknown): boolean =>
        error instanceof OptionError && error.code === 'WT_OPTION' && error.message.includes(`\`${name}\``);
      await assert.rejects(explore(fresh, options as unknown as ExploreOptions), isRefused);
      assert.deepEqual(runs, []);
    });
  }

  test('names the option that was meant', async () => {
    const options = { run: 10 } as unknown as ExploreOptions;
    await assert.rejects(explore(scenario, options), /unknown option "run": did you mean "runs"\?/);
  });

  test('refuses what is no scenario, and no options', async () => {
    await assert.rejects(explore({ name: 'x' } as unknown as Scenario), OptionError);
    await assert.rejects(explore(scenario, null as unknown as ExploreOptions), OptionError);
  });

  test('refuses to run inside of a simulation', async () => {
    const nested = defineScenario({
      name: 'nested',
      hosts: { echo: handler(() => () => new Response()) },
      drive: async () => void (await explore(scenario)),
    });
    const { violations } = await simulate(nested, { plan: calmPlan });
    assert.ok(violations[0]?.error instanceof EnvironmentError);
  });

  for (const wanted of [1, 7, 50, 51, 120]) {
    test(`makes as many runs as it is asked for: ${wanted}`, async () => {
      const { scenario: fresh, runs } = passing();
      // Which makes no runs besides those, to see what is there.
      const options = { strategy: 'timed-random', runs: wanted, repeatEvery: 25 };
      const { runs: made, repeated } = await explore(fresh, options);
      assert.equal(made, wanted);
      assert.equal(repeated, Math.ceil(wanted / 25));
      assert.equal(runs.length, wanted + repeated);
    });
  }

  test('makes 100 runs when it is not told how many', async () => {
    assert.equal((await explore(scenario)).runs, 100);
  });

  test('makes the same runs with one seed, and others with another', async () => {
    const runsWith = async (options: ExploreOptions) => {
      const { scenario: fresh, runs } = passing();
      await explore(fresh, { strategy: 'timed-random', ...options });
      return runs;
    };
    const runs = await runsWith({ runs: 60, seed: 5 });
    assert.deepEqual(await runsWith({ runs: 60, seed: 5 }), runs);
    assert.deepEqual((await runsWith({ runs: 120, seed: 5 })).slice(0, 40), runs.slice(0, 40));
    assert.notDeepEqual(await runsWith({ runs: 60, seed: 6 }), runs);
    assert.ok(new Set(runs.map(([seed]) => seed)).size >= 57, 'each run has a seed of its own');
    assert.deepEqual(await runsWith({ runs: 3 }), await runsWith({ runs: 3, seed: 1 }));
  });

  test('begins no run after its time is over, not even within a batch', async () => {
    const progress: Progress[] = [];
    const onProgress = (each: Progress): void => {
      progress.push(each);
      if (each.runs === 3) spinMs(10_000 / progress.length);
    };
    const { runs } = await explore(scenario, { budgetMs: 3_000, onProgress });
    assert.equal(runs, 3);
    assert.equal(progress.length, 3);
  });

  test('stops after the run in which its signal is aborted, and says so', async () => {
    const interrupt = new AbortController();
    const { scenario: fresh } = passing({ sometimes: ['what never happens'] });
    const exploration = await explore(fresh, {
      runs: 100,
      signal: interrupt.signal,
      onProgress: ({ runs }) => {
        if (runs === 7) interrupt.abort();
      },
    });
    assert.deepEqual([exploration.runs, exploration.isInterrupted], [7, true]);
    assert.deepEqual((await explore(fresh, { signal: AbortSignal.abort() })).runs, 0);
  });

  test('tells how far it got after each run', async () => {
    const progress: Progress[] = [];
    const exploration = await explore(scenario, { runs: 55, onProgress: (each) => void progress.push(each) });
    assert.deepEqual(
      progress.map(({ phase, runs, shrinkRuns }) => [phase, runs, shrinkRuns]),
      Array.from({ length: 55 }, (_, i) => ['exploring', i + 1, 0]),
    );
    assert.equal(progress.at(-1)?.virtualMs, exploration.virtualMs);
  });

  test('counts what was reached and what struck', async () => {
    const { reached, struck, steps, virtualMs, seed } = await explore(scenario, { runs: 100, seed: 9 });
    assert.ok((reached['a big number'] ?? 0) > 0);
    assert.deepEqual(Object.keys(struck).toSorted(), ['delay', 'drop']);
    assert.ok(steps > 100 && virtualMs > 100);
    assert.equal(seed, 9);
  });

  test('is vacuous when a declared marker was never reached, and names it', async () => {
    const { scenario: fresh } = passing({ sometimes: ['a big number', 'a huge number'] });
    await assert.rejects(explore(fresh, { runs: 60 }), (error) => {
      assert.ok(error instanceof VacuousError);
      assert.deepEqual(error.missing, ['a huge number']);
      assert.match(error.message, /passed 60 runs without ever reaching `a huge number`/);
      assert.match(error.message, /\n +\d+ {2}a big number\n +0 {2}a huge number\n/);
      return true;
    });
    await explore(passing({ sometimes: ['a big number'] }).scenario, { runs: 60 });
  });

  test('is vacuous when a declared check never came true', async () => {
    const scenarioOf = (max: number): Scenario<undefined> =>
      defineScenario({
        name: 'predicates',
        hosts: { echo: handler(() => () => new Response()) },
        drive: () => new Promise((resolve) => setTimeout(resolve, 10)),
        sometimes: { 'it is late': (world) => world.nowMs > max },
      });
    await explore(scenarioOf(5), { runs: 2 });
    await assert.rejects(explore(scenarioOf(50), { runs: 2 }), { missing: ['it is late'] });
  });

  test('explores several scenarios at once as it does one after another', async () => {
    const options = (seed: number): ExploreOptions => ({ runs: 30, seed });
    const others = (): Promise<unknown>[] => [explore(scenario, options(1)), explore(scenario, options(2))];
    const failing = defineScenario({
      name: 'failing',
      hosts: { echo: handler(() => () => new Response()) },
      workload: fc.nat(),
      drive: (_, number) => assert.ok(number < 1_000, 'big'),
    });
    const outcomeOf = (promise: Promise<unknown>): Promise<unknown> =>
      promise.catch((error: unknown) => (error as Error).message);
    const alone: unknown[] = [];
    for (const make of [() => others()[0]!, () => others()[1]!, () => explore(failing)]) {
      alone.push(await outcomeOf(make()));
    }
    const together = await Promise.all([...others(), explore(failing)].map(outcomeOf));
    assert.deepEqual(together, alone);
    assert.match(String(together[2]), /AssertionError: big/);
  });

  test('leaves code that goes on after it as much time as it likes', async () => {
    const quick = defineScenario({
      name: 'quick',
      hosts: { echo: handler(() => () => new Response()) },
      drive() {},
      limits: { hangMs: 1_000 },
    });
    // More than a host may take: but the code here is no host's.
    await explore(quick, { runs: 1 });
    spinMs(1_100);
    await simulate(quick);
    spinMs(1_100);
  });

  test('leaves what is done between two runs more time than hosts get', async () => {
    const hasty = defineScenario({
      name: 'hasty',
      hosts: { echo: handler(() => () => new Response()) },
      drive() {},
      limits: { hangMs: 20 },
    });
    const { runs } = await explore(hasty, { runs: 3, onProgress: () => spinMs(100) });
    assert.equal(runs, 3);
  });
});
