// What is done with a run that failed, whoever tells of it: it is shrunk, made once more, recorded, kept, and
// named by a token.

import { RegressionsError } from '../errors.ts';
import { withReportOptions } from '../scenario/report-options.ts';
import type { RunResult, Violation } from '../scenario/result.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { runOnce } from '../scenario/simulate.ts';
import type { LiveFailure } from './block-result.ts';
import { divergenceOf } from './divergence.ts';
import { explain } from './explanation.ts';
import type { Exploration } from './explore.ts';
import type { CheckedExploreOptions } from './explore-options.ts';
import type { KnownFailures } from './memory/known-failures.ts';
import { refuseEscape } from './refuse-escape.ts';
import { replayLineOf } from './replay.ts';
import type { RunCase } from './run-cases.ts';
import { shrink, type Shrunk } from './shrink.ts';
import { toldBriefly } from './told-failure.ts';
import { encodeToken, type Ticket } from './token.ts';

/** What making a failure needs of the exploration. */
export interface Finding<Workload> {
  readonly scenario: Scenario<Workload>;
  readonly options: CheckedExploreOptions;
  readonly known: KnownFailures<Workload>;
  /** Told of each run that shrinks. */
  readonly onShrinkRun: (result: RunResult, found: RunResult) => void;
  /** What the exploration counted, those runs included. */
  readonly soFar: () => {
    readonly explored: number;
    readonly shrinking: number;
    readonly exploration: Exploration;
  };
}

/** A run with what makes it again. */
export interface Replayable {
  readonly token: string;
  readonly replayLine: string;
  readonly remarks: readonly string[];
}

/** Shrinks a run that failed. */
export function shrunkOf<Workload>(
  { scenario, options, onShrinkRun }: Finding<Workload>,
  live: LiveFailure<Workload>,
): Promise<Shrunk<Workload>> {
  const onRun = (result: RunResult): void => onShrinkRun(result, live.result);
  return shrink(scenario, live, { runsMax: options.shrinkRunsMax, signal: options.signal, onRun });
}

/** A run once more, recorded; or why it is none. */
export type Recorded =
  | { readonly stop: Error }
  | { readonly result: RunResult; readonly explanation: Awaited<ReturnType<typeof explain>> };

/** Makes a run that failed once more, recorded. */
export async function recorded<Workload>(
  { scenario, options }: Finding<Workload>,
  [plan, workload, seed]: RunCase<Workload>,
  before: RunResult<Workload>,
): Promise<Recorded> {
  const input = { scenario, seed, workload, plan, isRecorded: true };
  const result = await runOnce(input);
  // Recorded runs are watched: one may show an escape that went unseen before.
  refuseEscape(result);
  if (before.hash !== result.hash) return { stop: await divergenceOf(input, before, result) };
  return { result, explanation: await explain(scenario, result, options.signal) };
}

/** Keeps a counterexample for later explorations. @returns what is worth a line. */
export function kept<Workload>(
  { scenario, options, known }: Finding<Workload>,
  token: string,
  result: RunResult,
): string[] {
  try {
    const report = withReportOptions(scenario.report, options.report);
    return known.keep({ token, result, ...toldBriefly(result, { hosts: scenario.hosts.keys(), report }) });
  } catch (error) {
    if (!(error instanceof RegressionsError)) throw error;
    // The failure is worth more than its file.
    return [`not kept: ${error.message}`];
  }
}

/** The token of a run, and the line that replays it. */
export function replayOf<Workload>(
  { scenario, options, soFar }: Pick<Finding<Workload>, 'scenario' | 'options' | 'soFar'>,
  run: Pick<RunResult, 'seed' | 'workload' | 'plan' | 'hash'> & {
    readonly violations: readonly Pick<Violation, 'code' | 'name'>[];
  },
): Replayable {
  const { seed, workload, plan, hash, violations } = run;
  const [violation] = violations;
  const failure: Ticket['failure'] = violation === undefined ? undefined : [violation.code, violation.name];
  try {
    const token = encodeToken({ scenario: scenario.name, seed, workload, plan, hash, failure });
    return { token, replayLine: replayLineOf(scenario, token), remarks: [] };
  } catch (error) {
    const replayLine = `await explore(scenario, { seed: ${options.seed}, runs: ${soFar().explored} })`;
    return {
      token: '',
      replayLine,
      remarks: [`no token: ${(error as Error).message}; exploring again finds it again`],
    };
  }
}
