// Shrinks a run that failed: asks fast-check for smaller inputs, and keeps the smallest that fails alike.

import fc from 'fast-check';
import type { RunResult } from '../scenario/result.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { runOnce } from '../scenario/simulate.ts';
import type { LiveFailure } from './block-result.ts';
import { RunCases, type RunCase } from './run-cases.ts';

/** How shrinking goes. */
export interface ShrinkOptions {
  readonly runsMax: number;
  readonly signal: AbortSignal | undefined;
  /** Told of each run. */
  readonly onRun: (result: RunResult) => void;
}

/** The smallest run that fails like the one that was found. */
export interface Shrunk<Workload> {
  readonly input: RunCase<Workload>;
  readonly result: RunResult<Workload>;
}

/** Shrinks what was found, until nothing smaller fails alike or no more runs may be made. */
export async function shrink<Workload>(
  scenario: Scenario<Workload>,
  { value, result: found }: LiveFailure<Workload>,
  { runsMax, signal, onRun }: ShrinkOptions,
): Promise<Shrunk<Workload>> {
  if (runsMax === 0) return { input: value.value, result: found };
  let smallest = found;
  let runs = -1;
  let broken: Error | undefined;
  const failsAlike = async ([plan, workload, seed]: RunCase<Workload>): Promise<boolean> => {
    // What was found is the first: it need not be made again.
    if (++runs === 0) return true;
    if (broken !== undefined || signal?.aborted === true || runs > runsMax) return false;
    try {
      const result = await runOnce({ scenario, seed, workload, plan, isRecorded: false });
      onRun(result);
      // Beyond the budget a failure is no bug.
      if (result.verdict === 'unsurvivable' || !isAlike(result, found)) return false;
      smallest = result;
      return true;
    } catch (error) {
      // A fault of our own, or of the scenario: no counterexample, so nothing to shrink.
      broken = error as Error;
      return false;
    }
  };
  const property = fc.asyncProperty(
    new RunCases(scenario).given(value),
    async (input) => !(await failsAlike(input)),
  );
  const { counterexample } = await fc.check(property, { numRuns: 1 });
  if (broken !== undefined) throw broken;
  return { input: counterexample?.[0] ?? value.value, result: smallest };
}

/** Two runs fail alike when the first that is violated is the same. */
function isAlike(left: RunResult, right: RunResult): boolean {
  const [one, other] = [left.violations[0], right.violations[0]];
  return one !== undefined && one.code === other?.code && one.name === other.name;
}
