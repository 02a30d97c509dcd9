// The failure of a system under test, as explorations and replays throw it.

import type { Statistics } from '../report/document.ts';
import type { RunResult, ViolationCode } from '../scenario/result.ts';

/** A counterexample: shrunk, explained, and replayable. */
export class CheckFailure extends Error {
  override readonly name: string;
  readonly code: ViolationCode;
  /** The run that fails, shrunk and recorded. */
  readonly result: RunResult;
  /** Makes the run again: `replay(scenario, token)`. */
  readonly token: string;
  /** What to paste into a shell. */
  readonly replayLine: string;
  /** How many runs were made before it was found, and how many to shrink it. */
  readonly runs: { readonly explored: number; readonly shrinking: number };
  /** What the runs of the exploration showed until then; not of a replay. */
  readonly statistics: Statistics | undefined;

  constructor(
    message: string,
    details: {
      result: RunResult;
      token: string;
      replayLine: string;
      runs: { explored: number; shrinking: number };
      statistics?: Statistics | undefined;
    },
  ) {
    super(message);
    const [violation] = details.result.violations;
    this.code = violation?.code ?? 'WT_INVARIANT';
    this.name = `CheckFailure [${this.code}]`;
    this.result = details.result;
    this.token = details.token;
    this.replayLine = details.replayLine;
    this.runs = details.runs;
    this.statistics = details.statistics;
    if (violation?.error !== undefined) this.cause = violation.error;
  }
}
