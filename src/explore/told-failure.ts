// Makes the failure that explorations and replays throw: its message and its cause show no secrets, its data
// is all there.

import { maskedFaults } from '../report/build-failure.ts';
import { failureText, storyOf } from '../report/failure-text.ts';
import { otherFailureLines } from '../report/other-failures.ts';
import { plainLine } from '../report/story.ts';
import { maskedError } from '../report/masking/masked-error.ts';
import { maskFor, showRun } from '../report/shown-run.ts';
import type { ReportOptions } from '../scenario/report-options.ts';
import type { RunResult } from '../scenario/result.ts';
import { CheckFailure, type OtherFailure } from './check-failure.ts';
import type { Explanation } from './explanation.ts';
import type { Exploration } from './explore.ts';

/** What is to be told. */
export interface Told {
  readonly hosts: Iterable<string>;
  /** The run that fails, recorded. */
  readonly result: RunResult;
  /** The run as it was first found; absent for a replay. */
  readonly found?: RunResult;
  readonly explanation: Explanation;
  readonly token: string;
  readonly replayLine: string;
  readonly remarks: readonly string[];
  readonly runs: { readonly explored: number; readonly shrinking: number };
  /** What else failed. Default: nothing. */
  readonly others?: readonly OtherFailure[];
  readonly exploration?: Exploration;
  readonly report: ReportOptions;
}

/** What happened and why it is wrong, without how to go on: for who keeps it. */
export function toldBriefly(
  result: RunResult,
  { hosts, report }: Pick<Told, 'hosts' | 'report'>,
): { message: string; timeline: string[] } {
  const mask = maskFor(report, hosts, [result]);
  const message = mask.text(result.violations[0]?.message ?? '');
  const isRecorded = result.trace !== undefined;
  return { message, timeline: isRecorded ? storyOf(showRun(result, mask)).map(plainLine) : [] };
}

/** Makes a failure. */
export function toldFailure(told: Told): CheckFailure {
  const { hosts, result, found, explanation, token, replayLine, remarks, runs, exploration, report } = told;
  const { others = [] } = told;
  const { passing } = explanation;
  const mask = maskFor(report, hosts, passing === undefined ? [result] : [result, passing.result]);
  const message = failureText({
    run: showRun(result, mask),
    ...(found === undefined ? {} : { found, shrinkRuns: runs.shrinking }),
    faults: maskedFaults(explanation.faults, mask),
    replayLine,
    remarks: remarks.map((remark) => mask.text(remark)),
  });
  const alsoFailed = otherFailureLines(others).map((line) => `\n${plainLine(line)}`);
  return new CheckFailure(`${message}${alsoFailed.join('')}`, {
    ...{ result, token, replayLine, runs, explanation, remarks, report, others },
    ...(found === undefined
      ? {}
      : { found: { operations: found.history.length, faults: found.ledger.length } }),
    ...(exploration === undefined ? {} : { exploration }),
    cause: maskedError(result.violations[0]?.error, mask),
  });
}
