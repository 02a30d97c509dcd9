// `test.sim` for Jest: its time-out. Jest tells a test nothing of its end, so ours comes first.

import { test as jestTest } from '@jest/globals';
import type { Scenario } from '../scenario/scenario.ts';
import { simTest, type SimOptions } from './sim-test.ts';
import { withSim } from './with-sim.ts';

/** Declares a test that explores a scenario. */
export interface DeclareSim {
  /**
   * @param options - Those of `explore`, and `timeoutMs`.
   * @throws {OptionError} If `timeoutMs` or a variable of the environment is out of range.
   */
  <Workload>(name: string, scenario: Scenario<Workload>, options?: SimOptions): void;
}

/** `test.sim`. */
export interface JestSim extends DeclareSim {
  /** Only such tests of the file run. */
  readonly only: DeclareSim;
  /** The test is not run. */
  readonly skip: DeclareSim;
  /** The test is yet to be written: its scenario is not run. */
  readonly todo: (name: string, ...later: unknown[]) => void;
}

/** Real milliseconds besides `budgetMs`: Jest's own five seconds are meant for a test that runs once. */
const EXTRA_MS = 60_000;

/**
 * `test` of Jest, with `test.sim` for scenarios. The test file runs in the environment
 * `wavetank/jest-environment`: see docs/guide/test-runners.md.
 *
 * @example
 * // @jest-environment wavetank/jest-environment (in a docblock, at the top of the file)
 * const { test } = require('wavetank/jest');
 * test.sim('checkout keeps its promises', checkout, { runs: 300 });
 */
export const test: typeof jestTest & { readonly sim: JestSim } = withSim(
  jestTest,
  Object.assign(declaredBy(jestTest), {
    only: declaredBy(jestTest.only),
    skip: declaredBy(jestTest.skip),
    todo: (name: string) => jestTest.todo(name),
  }),
);

type Declare = (name: string, body: () => Promise<unknown>, timeoutMs?: number) => void;

function declaredBy(declare: Declare): DeclareSim {
  return (name, scenario, options) => {
    const sim = simTest(scenario, options, EXTRA_MS);
    declare(name, () => sim.run(), sim.runnerTimeoutMs);
  };
}
