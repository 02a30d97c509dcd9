// `test.sim` for Vitest: its time-out, and its signal.

import { test as vitestTest, type TestAPI, type TestContext } from 'vitest';
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
export interface VitestSim extends DeclareSim {
  /** Only such tests of the file run. */
  readonly only: DeclareSim;
  /** The test is not run. */
  readonly skip: DeclareSim;
  /** The test is yet to be written: its scenario is not run. */
  readonly todo: (name: string, ...later: unknown[]) => void;
}

/** Real milliseconds besides `budgetMs`: Vitest's own five seconds are meant for a test that runs once. */
const EXTRA_MS = 60_000;

/**
 * `test` of Vitest, with `test.sim` for scenarios. The time-out and a cancelled run (`--bail`) end the
 * exploration.
 *
 * @example
 * import { test } from 'wavetank/vitest';
 * test.sim('checkout keeps its promises', checkout, { runs: 300 });
 */
export const test: TestAPI & { readonly sim: VitestSim } = withSim(
  vitestTest,
  Object.assign(declaredBy(vitestTest), {
    only: declaredBy(vitestTest.only),
    skip: declaredBy(vitestTest.skip),
    todo: (name: string) => vitestTest.todo(name),
  }),
);

type Declare = (name: string, options: { timeout: number }, body: (context: TestContext) => unknown) => void;

function declaredBy(declare: Declare): DeclareSim {
  return (name, scenario, options) => {
    const sim = simTest(scenario, options, EXTRA_MS);
    declare(name, { timeout: sim.runnerTimeoutMs ?? 0 }, (context) => sim.run(context.signal));
  };
}
