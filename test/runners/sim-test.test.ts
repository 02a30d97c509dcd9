// What a test that explores does with its time, and what it tells. The adapters are tried with the real
// runners in test/projects.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CheckFailure, defineScenario, handler, OptionError, TimeLimitError } from '../../src/index.ts';
import type { Scenario, ScenarioOptions } from '../../src/index.ts';
import { simTest, type SimOptions } from '../../src/runners/sim-test.ts';
import { withSim } from '../../src/runners/with-sim.ts';

function scenarioOf(more: Partial<ScenarioOptions<undefined>> = {}): Scenario<undefined> {
  return defineScenario({
    name: 'still',
    hosts: { idle: handler(() => () => new Response()) },
    async drive() {},
    ...more,
  });
}

const scenario = scenarioOf();
const failing = scenarioOf({ always: { 'it holds': () => false } });

async function thrownBy(running: Promise<void>): Promise<unknown> {
  return running.then(
    () => undefined,
    (error: unknown) => error,
  );
}

function withRuns<Result>(runs: string, make: () => Result): Result {
  process.env['WAVETANK_RUNS'] = runs;
  try {
    return make();
  } finally {
    delete process.env['WAVETANK_RUNS'];
  }
}

describe('a test that explores', { concurrency: false }, () => {
  test('passes what passes, and throws what explore throws', async () => {
    let runs = 0;
    await simTest(scenario, { runs: 7, onProgress: () => runs++ }).run();
    assert.equal(runs, 7);
    assert.ok((await thrownBy(simTest(failing, { runs: 5 }).run())) instanceof CheckFailure);
  });

  test('leads to the line that declares it', async () => {
    const sims = [simTest(failing, { runs: 5 }), simTest(scenario, { runs: 1e9, timeoutMs: 1 })];
    for (const sim of sims) {
      const error = await thrownBy(sim.run());
      const frames = (error as Error).stack?.split('\n').filter((line) => /^\s+at .*:\d+:\d+\)?$/.test(line));
      assert.match(frames?.[0] ?? '', /sim-test\.test\.ts:\d+:\d+/);
    }
  });

  test('ends with its time, and says how far it came', async () => {
    const error = await thrownBy(simTest(scenario, { runs: 1e9, timeoutMs: 50 }).run());
    assert.ok(error instanceof TimeLimitError);
    assert.equal(error.code, 'WT_TIME');
    assert.match(error.message, /within the time-out of 50 ms: \d+ of 1000000000 runs were made, and none/);
    assert.ok(error.exploration.isInterrupted);
    assert.deepEqual(Object.keys(error), ['code']);
    const plain = JSON.parse(JSON.stringify(error)) as object;
    assert.deepEqual(Object.keys(plain).toSorted(), ['code', 'message', 'name', 'stack']);
  });

  test('ends when the runner says so, and tells at once how far it came', async () => {
    const runner = new AbortController();
    const told: string[] = [];
    const onProgress = ({ runs }: { runs: number }): void => {
      if (runs === 3) runner.abort();
    };
    const running = simTest(scenario, { runs: 500, onProgress }).run(runner.signal, (text) =>
      told.push(text),
    );
    const error = await thrownBy(running);
    assert.deepEqual(told, ['exploration of `still`: 3 of 500 runs were made, and none of them failed']);
    assert.ok(error instanceof TimeLimitError);
    assert.match(error.message, /before the test runner ended the test: 3 of 500/);
    runner.signal.dispatchEvent(new Event('abort'));
    assert.equal(told.length, 1, 'it listens no longer');
  });

  test('tells the failure that it found, although the time is over', async () => {
    const runner = new AbortController();
    const faulty = scenarioOf({ always: { 'it holds': () => (runner.abort(), false) } });
    const error = await thrownBy(simTest(faulty, { runs: 5 }).run(runner.signal));
    assert.ok(error instanceof CheckFailure);
    assert.match(error.message, /the time-out of the test ended shrinking/);
  });

  for (const [what, options, extraMs, expected] of [
    ['that of the runner by default', {}, undefined, undefined],
    ['what it is given', { timeoutMs: 500 }, undefined, 30_500],
    ['the default of the adapter', {}, 60_000, 90_000],
    ['its budget and the default', { budgetMs: 5_000 }, 60_000, 95_000],
    ['what it is given, whatever the budget', { budgetMs: 5_000, timeoutMs: 10 }, 60_000, 30_010],
  ] as [string, SimOptions, number | undefined, number | undefined][]) {
    test(`the time-out is ${what}`, () => {
      assert.equal(simTest(scenario, options, extraMs).runnerTimeoutMs, expected);
    });
  }

  test('has more time for more runs, and no less for fewer', () => {
    const timeout = (options: SimOptions): unknown => simTest(scenario, options, 60_000).runnerTimeoutMs;
    assert.equal(
      withRuns('1000', () => timeout({ runs: 200, timeoutMs: 1_000 })),
      35_000,
    );
    assert.equal(
      withRuns('1000', () => timeout({})),
      630_000,
    );
    assert.equal(
      withRuns('10', () => timeout({})),
      90_000,
    );
    assert.equal(
      withRuns('1000', () => timeout({ budgetMs: 1_000 })),
      91_000,
    );
    assert.equal(
      withRuns('1000', () => timeout({ environment: false })),
      90_000,
    );
    assert.equal(
      withRuns('9007199254740991', () => timeout({})),
      2_000_030_000,
    );
  });

  for (const timeoutMs of [0, -1, Number.NaN, Infinity, '5', 2_000_000_001]) {
    test(`refuses a time-out of ${String(timeoutMs)}`, () => {
      assert.throws(() => simTest(scenario, { timeoutMs } as SimOptions), OptionError);
    });
  }

  test('refuses a signal, and what are no options', () => {
    const signal = { signal: AbortSignal.abort() } as SimOptions;
    assert.throws(() => simTest(scenario, signal), /unknown option "signal"/);
    assert.throws(() => simTest(scenario, 5 as SimOptions), OptionError);
  });
});

test('a test with `sim` is the test of the runner otherwise, which stays as it is', () => {
  const declare = Object.assign((name: string) => name, { only: (name: string) => `only ${name}` });
  const both = withSim(declare, () => 'sim');
  assert.deepEqual([both('a'), both.only('b'), both.sim()], ['a', 'only b', 'sim']);
  assert.ok(!('sim' in declare));
});
