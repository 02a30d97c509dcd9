// `test.sim` for node:test: its time-out, its signal and its diagnostics.

import { test as nodeTest, type TestContext } from 'node:test';
import type { Scenario } from '../scenario/scenario.ts';
import { callAtCaller } from './call-at-caller.ts';
import { simTest, type SimOptions } from './sim-test.ts';
import { withSim } from './with-sim.ts';

/** Declares a test that explores a scenario. */
export interface DeclareSim {
  /**
   * @param options - Those of `explore`, and `timeoutMs`.
   * @returns What `test` of `node:test` returns.
   * @throws {OptionError} If `timeoutMs` or a variable of the environment is out of range.
   */
  <Workload>(name: string, scenario: Scenario<Workload>, options?: SimOptions): Promise<void>;
}

/** `test.sim`. */
export interface NodeSim extends DeclareSim {
  /** With `--test-only`, only such tests run. */
  readonly only: DeclareSim;
  /** The test is not run. */
  readonly skip: DeclareSim;
  /** The test is run, and may fail. */
  readonly todo: DeclareSim;
}

/**
 * `test` of `node:test`, with `test.sim` for scenarios. The time-out of the runner (`timeoutMs`, a suite's,
 * `--test-timeout`) ends the exploration, and is told with how far it came.
 *
 * @example
 * import { test } from 'wavetank/node-test';
 * test.sim('checkout keeps its promises', checkout, { runs: 300 });
 */
export const test: typeof nodeTest & { readonly sim: NodeSim } = withSim(
  nodeTest,
  Object.assign(declaredBy(nodeTest), {
    only: declaredBy(nodeTest.only),
    skip: declaredBy(nodeTest.skip),
    todo: declaredBy(nodeTest.todo),
  }),
);

type Declare = (
  name: string,
  options: { timeout?: number },
  body: (context: TestContext) => Promise<void>,
) => Promise<void>;

function declaredBy(declare: typeof nodeTest.only): DeclareSim {
  return (name, scenario, options) => {
    const sim = simTest(scenario, options);
    const timeout = sim.runnerTimeoutMs === undefined ? {} : { timeout: sim.runnerTimeoutMs };
    const body = (context: TestContext): Promise<void> =>
      sim.run(context.signal, (text) => context.diagnostic(text));
    return callAtCaller(declare as Declare, [name, timeout, body]);
  };
}
