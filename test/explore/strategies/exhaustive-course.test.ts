// The exhaustive search as a strategy of explorations: that it is complete it says, and only then.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  CheckFailure,
  daemon,
  defineScenario,
  explore,
  latency,
  replay,
  swarm,
  VacuousError,
  type Exploration,
  type ExploreOptions,
  type Scenario,
} from '../../../src/index.ts';
import { sometimes } from '../../../src/markers.ts';
import { BlockRuns } from '../../../src/explore/block-runs.ts';
import { blocksOf } from '../../../src/explore/blocks.ts';
import { checkExploreOptions } from '../../../src/explore/explore-options.ts';
import type { Proposal } from '../../../src/explore/strategies/strategy.ts';
import type { RunResult } from '../../../src/scenario/result.ts';
import { whileInstalled } from '../../../src/scenario/simulate.ts';
import { overtakenThrice } from './overtaken-thrice.ts';
import { searched } from './searching.ts';
import { tinySystem } from './tiny-systems.ts';
import { tokenHandover } from './token-handover.ts';

const strategy = 'exhaustive';
const exhaustive = { delayMs: 30 };
const repaired = tokenHandover(true);
const broken = tokenHandover(false);

async function failureOf(scenario: Scenario<undefined>, options: ExploreOptions): Promise<CheckFailure> {
  const came: unknown = await explore(scenario, { strategy, ...options }).catch((error: unknown) => error);
  assert.ok(came instanceof CheckFailure, String(came));
  return came;
}

describe('an exploration that makes all runs', { concurrency: false }, () => {
  test('says of a right protocol that it is complete, and within which bound', async () => {
    const { extent, runs } = await explore(repaired, { strategy, exhaustive });
    const { summary } = await searched(repaired, exhaustive);
    assert.deepEqual(extent, {
      ...summary,
      bound: 'every order of events; up to 1 fault (drop, duplicate after 10 ms, delay by 30 ms)',
      outside: [],
    });
    assert.ok(extent.isComplete);
    assert.equal(runs, summary.runs);
  });

  test('finds the bug of its broken twin, and says how much is left', async () => {
    const failure = await failureOf(broken, {});
    assert.equal(failure.result.violations[0]?.name, 'both own the token');
    assert.deepEqual(
      failure.result.plan.faults.map(({ kind }) => kind),
      ['duplicate'],
    );
    const extent = failure.exploration?.extent;
    assert.equal(extent?.isComplete, false);
    assert.ok(extent !== undefined && extent.left > 0 && extent.runs === failure.runs.explored);
    await assert.rejects(replay(broken, failure.token), (again: unknown) => {
      assert.ok(again instanceof CheckFailure && again.result.hash === failure.result.hash);
      return true;
    });
  });

  test('goes on behind a failure where it is to make all runs', async () => {
    const failure = await failureOf(broken, { bail: false, shrinkRunsMax: 0 });
    assert.equal(failure.exploration?.extent?.isComplete, true);
    assert.match(failure.exploration?.extent?.text ?? '', /^complete within this bound: /);
  });

  test('an order that fails ends as the few delays that it needs, and replays', async () => {
    const found = await failureOf(overtakenThrice, { shrinkRunsMax: 0 });
    assert.ok(typeof found.result.plan.order === 'object' && 'choices' in found.result.plan.order);
    const failure = await failureOf(overtakenThrice, {});
    const { plan, hash } = failure.result;
    assert.deepEqual([plan.order, plan.faults.map(({ kind }) => kind)], ['calm', Array(3).fill('delay')]);
    for (const [scenario, token, expected] of [
      [overtakenThrice, found.token, found.result.hash],
      [overtakenThrice, failure.token, hash],
    ] as const) {
      const again: unknown = await replay(scenario, token).catch((error: unknown) => error);
      assert.ok(again instanceof CheckFailure && again.result.hash === expected, String(again));
    }
  });

  test('cut off by a number of runs, or by a signal, it is not complete', async () => {
    // Without a limit of runs: an hour is enough.
    const { runs, extent } = await explore(repaired, { strategy, exhaustive, budgetMs: 3_600_000 });
    assert.ok(extent?.isComplete);
    const cut = await explore(repaired, { strategy, exhaustive, runs: runs - 1 });
    assert.deepEqual([cut.runs, cut.extent?.isComplete], [runs - 1, false]);
    assert.ok(cut.extent !== undefined && cut.extent.left >= 1);
    assert.match(cut.extent.text, /^not complete: .* at least \d+ runs? left, of about \d+ by estimate$/);
    const ending = new AbortController();
    const onProgress: ExploreOptions['onProgress'] = (far) => {
      assert.equal(far.runsLeft, undefined, 'nobody knows how many there are');
      if (far.runs === 5) ending.abort();
    };
    const ended = await explore(repaired, { strategy, exhaustive, onProgress, signal: ending.signal });
    assert.deepEqual([ended.isInterrupted, ended.runs, ended.extent?.runs], [true, 5, 5]);
    assert.equal(ended.extent?.isComplete, false);
    assert.equal((await explore(repaired, { strategy, exhaustive, runs })).extent?.isComplete, true);
  });

  test('comes to the same whenever it is made', async () => {
    const options = { strategy, exhaustive, statistics: true };
    const once = await explore(repaired, options);
    assert.deepEqual(await explore(repaired, options), once);
    assert.equal(once.statistics?.drawnRuns, 0);
    assert.ok(once.repeated > 1);
  });
});

describe('the runs of an exploration that makes all', { concurrency: false }, () => {
  /** Makes the one block of it. */
  async function made<Workload>(
    scenario: Scenario<Workload>,
    seed: number,
  ): Promise<{ proposal: Proposal; result: RunResult<Workload> }[]> {
    const runs: { proposal: Proposal; result: RunResult<Workload> }[] = [];
    const blocks = [...blocksOf({ seed, runsMax: 10_000, strategy })];
    assert.deepEqual(
      blocks.map(({ number, firstRun, runs: most }) => [number, firstRun, most]),
      [[0, 0, 10_000]],
    );
    await whileInstalled(scenario as Scenario, async () => {
      const maker = new BlockRuns(scenario, {
        ...{ repeatEvery: 1, hasStatistics: false, bail: false, isOver: () => false },
        onRun: (result, proposal) => runs.push({ proposal, result }),
      });
      const { error, extent } = await maker.make(blocks[0] as (typeof blocks)[number]);
      assert.equal(error, undefined);
      assert.equal(extent?.isComplete, true);
    });
    return runs;
  }

  /** Two clients that each add something to a box, which the workload says. */
  const adding = (workload: fc.Arbitrary<string[]>): Scenario<string[]> =>
    defineScenario({
      name: 'adding',
      hosts: {
        box: daemon((host) => host.onMessage(() => {})),
        ann: daemon((host) => host.send('box', 'ann', 'ann')),
        ben: daemon((host) => host.send('box', 'ben', 'ben')),
      },
      network: { latency: latency.uniform({ minMs: 1, maxMs: 9 }) },
      workload,
      async drive(world, words) {
        await world.client('guest', (client) => client.operation('add', words, () => {}));
        await new Promise((resolve) => setTimeout(resolve, 30));
      },
    });

  test('all have the first workload and seed', async () => {
    const drawn = fc.array(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 3 });
    const firsts = new Set<string>();
    for (const seed of [1, 2]) {
      const runs = await made(adding(drawn), seed);
      assert.ok(runs.length > 1, `${runs.length} runs`);
      const inputs = runs.map(({ result }) => JSON.stringify([result.seed, result.history[0]?.input]));
      assert.equal(new Set(inputs).size, 1, inputs.join('\n'));
      assert.ok(runs.every(({ proposal }) => proposal.isSteered === true && proposal.workload.nth === 0));
      firsts.add(inputs[0] as string);
    }
    assert.equal(firsts.size, 2, 'another seed, another workload');
  });

  test('it says that there was one workload, where others could be', async () => {
    const { extent } = await explore(adding(fc.constant(['a'])), { strategy });
    assert.equal(extent?.bound, 'every order of events; no faults; one workload');
  });
});

describe('what an exploration that makes all runs declares', { concurrency: false }, () => {
  const pausing = (names: readonly string[]): Scenario<undefined> =>
    defineScenario({
      name: 'pausing',
      hosts: {
        left: daemon((host) => host.onMessage(() => sometimes('it arrived'))),
        right: daemon((host) => host.send('left', 1, 'one')),
      },
      faults: swarm({ drop: true, pause: ['left'], partition: true }),
      sometimes: names,
      drive: () => new Promise((resolve) => setTimeout(resolve, 20)),
    });
  const vacuity = { faultRunsMin: 1 };

  test('kinds of faults that are not within the bound are named, and do not make it vacuous', async () => {
    const { extent, struck } = await explore(pausing(['it arrived']), { strategy, vacuity });
    assert.deepEqual(extent?.outside, ['pause', 'partition']);
    assert.equal(extent.bound, 'every order of events; up to 1 fault (drop)');
    assert.deepEqual(Object.keys(struck), ['drop']);
  });

  test('a marker that is not reached does', async () => {
    const exploring = explore(pausing(['it arrived', 'a pig flew']), { strategy, vacuity });
    const came = (await exploring.catch((error: unknown) => error)) as Error & { exploration: Exploration };
    assert.ok(came instanceof VacuousError, String(came));
    assert.deepEqual(came.missing, ['a pig flew']);
    assert.equal(came.exploration.extent?.isComplete, true);
  });
});

describe('the options of an exploration that makes all runs', () => {
  const scenario = tinySystem(69);

  test('a part of it is refused; all of it as one part is not', async () => {
    const shard = { index: 2, of: 3 };
    await assert.rejects(explore(scenario, { strategy, shard }), {
      code: 'WT_OPTION',
      message: /^shard: strategy "exhaustive" is one walk, .* got 2\/3\. Make it on one machine/,
    });
    const bound = { exhaustive: { faults: 0 }, shard: { index: 1, of: 1 } };
    const { extent, part } = await explore(scenario, { strategy, ...bound });
    assert.equal(extent?.isComplete, true);
    const [block] = (part?.blocks ?? []) as { readonly extent: unknown }[];
    assert.deepEqual(block?.extent, extent);
  });

  test('a bound that is none, or has no such search, is refused', async () => {
    await assert.rejects(explore(scenario, { strategy, exhaustive: { faults: 3 } }), {
      code: 'WT_OPTION',
      message: 'Expected `exhaustive.faults` to be 0, 1 or 2, got `3` (number).',
    });
    await assert.rejects(explore(scenario, { strategy, exhaustive: { fault: 1 } as never }), {
      code: 'WT_OPTION',
      message: /fault/,
    });
    await assert.rejects(explore(scenario, { strategy: 'pct', exhaustive: {} }), {
      code: 'WT_OPTION',
      message: /^exhaustive: is the bound of strategy "exhaustive", and the strategy is "pct"/,
    });
  });

  test('without a limit of runs it makes ten thousand, with a limit of time as many as there are', () => {
    const environment = false;
    assert.equal(checkExploreOptions({ strategy, environment }).runsMax, 10_000);
    assert.equal(checkExploreOptions({ environment }).runsMax, 100);
    assert.equal(checkExploreOptions({ strategy, environment, runs: 7 }).runsMax, 7);
    const timed = checkExploreOptions({ strategy, environment, budgetMs: 1_000 });
    assert.equal(timed.runsMax, Number.MAX_SAFE_INTEGER);
    assert.equal([...blocksOf(timed)].length, 1);
  });
});
