// The failure of a system under test, as explorations and replays throw it.

import type { Statistics } from '../report/document.ts';
import type { ReportOptions } from '../scenario/report-options.ts';
import type { RunResult, ViolationCode } from '../scenario/result.ts';
import type { Explanation } from './explanation.ts';
import type { Exploration } from './explore.ts';
import { QuietFailure, calledFrom } from './quiet-failure.ts';

/** What else failed in an exploration, in another way: the first run of its kind, shrunk. */
export interface OtherFailure {
  /** What makes failures alike: code and name. */
  readonly signature: string;
  readonly code: ViolationCode;
  readonly name: string;
  /** How many runs failed like it. */
  readonly runs: number;
  /** That of the run which the token makes again. */
  readonly seed: number;
  /** Without secrets. */
  readonly message: string;
  /** Empty where no token can carry its workload. */
  readonly token: string;
  readonly replayLine: string;
}

/** What a failure carries. */
export interface FailureDetails {
  readonly result: RunResult;
  readonly token: string;
  readonly replayLine: string;
  readonly runs: { readonly explored: number; readonly shrinking: number };
  readonly found?: { readonly operations: number; readonly faults: number };
  readonly others: readonly OtherFailure[];
  readonly exploration?: Exploration;
  readonly explanation: Explanation;
  readonly remarks: readonly string[];
  readonly report: ReportOptions;
  /** Undefined where nothing was thrown. */
  readonly cause: unknown;
}

/**
 * A counterexample: shrunk, explained, and replayable. Its message and its `cause` show no secrets. `result`,
 * `explanation` and `exploration` are the data of the program itself, secrets and all; nothing but `code` is
 * enumerable, so that test runners print the message alone.
 */
export class CheckFailure extends QuietFailure {
  declare readonly name: string;
  readonly code: ViolationCode;
  /** The run that fails, shrunk and recorded. */
  declare readonly result: RunResult;
  /** Makes the run again: `replay(scenario, token)`. */
  declare readonly token: string;
  /** What to paste into a shell. */
  declare readonly replayLine: string;
  /** How many runs were made before it was found, and how many to shrink it. */
  declare readonly runs: { readonly explored: number; readonly shrinking: number };
  /** How large it was when it was found; absent for a replay. */
  declare readonly found?: { readonly operations: number; readonly faults: number };
  /** What failed in other ways, in an exploration that went on (`bail: false`). */
  declare readonly others: readonly OtherFailure[];
  /** What else is worth a line: whether a replay was the very run of its token. */
  declare readonly remarks: readonly string[];
  /** What the exploration had counted by then; undefined for a replay. */
  declare readonly exploration: Exploration | undefined;
  /** What happens without each of its faults, and the nearest run that passes. */
  declare readonly explanation: Explanation;
  /** What its reports may show. */
  declare readonly report: ReportOptions;

  constructor(message: string, details: FailureDetails) {
    const code = details.result.violations[0]?.code ?? 'WT_INVARIANT';
    const { cause, ...carried } = { ...details, name: `CheckFailure [${code}]` };
    super(message, carried, cause === undefined ? {} : { cause });
    this.code = code;
    calledFrom(this, []);
  }

  /** What the runs of the exploration showed until then; not of a replay. */
  get statistics(): Statistics | undefined {
    return this.exploration?.statistics;
  }
}
