// The failure of a system under test, as explorations and replays throw it.

import type { ReportOptions } from '../scenario/report-options.ts';
import type { RunResult, ViolationCode } from '../scenario/result.ts';
import type { Explanation } from './explanation.ts';
import type { Exploration } from './explore.ts';

/** What a failure carries. */
export interface FailureDetails {
  readonly result: RunResult;
  readonly token: string;
  readonly replayLine: string;
  readonly runs: { readonly explored: number; readonly shrinking: number };
  readonly found?: { readonly operations: number; readonly faults: number };
  readonly exploration?: Exploration;
  readonly explanation: Explanation;
  readonly remarks: readonly string[];
  readonly report: ReportOptions;
  /** Undefined where nothing was thrown. */
  readonly cause: unknown;
}

/**
 * A counterexample: shrunk, explained, and replayable. Its message and its `cause` show no secrets. `result`,
 * `explanation` and `exploration` are the data of the program itself, secrets and all; they are not
 * enumerable, so that test runners do not print them.
 */
export class CheckFailure extends Error {
  override readonly name: string;
  readonly code: ViolationCode;
  /** The run that fails, shrunk and recorded. */
  declare readonly result: RunResult;
  /** Makes the run again: `replay(scenario, token)`. */
  readonly token: string;
  /** What to paste into a shell. */
  readonly replayLine: string;
  /** How many runs were made before it was found, and how many to shrink it. */
  readonly runs: { readonly explored: number; readonly shrinking: number };
  /** How large it was when it was found; absent for a replay. */
  readonly found?: { readonly operations: number; readonly faults: number };
  /** What else is worth a line: whether a replay was the very run of its token. */
  readonly remarks: readonly string[];
  /** What the exploration had counted by then; undefined for a replay. */
  declare readonly exploration: Exploration | undefined;
  /** What happens without each of its faults, and the nearest run that passes. */
  declare readonly explanation: Explanation;
  /** What its reports may show. */
  declare readonly report: ReportOptions;

  constructor(message: string, details: FailureDetails) {
    super(message, details.cause === undefined ? {} : { cause: details.cause });
    this.code = details.result.violations[0]?.code ?? 'WT_INVARIANT';
    this.name = `CheckFailure [${this.code}]`;
    this.token = details.token;
    this.replayLine = details.replayLine;
    this.runs = details.runs;
    if (details.found !== undefined) this.found = details.found;
    this.remarks = details.remarks;
    const { result, exploration, explanation, report } = details;
    for (const [name, value] of Object.entries({ result, exploration, explanation, report })) {
      Object.defineProperty(this, name, { value, enumerable: false });
    }
  }
}
