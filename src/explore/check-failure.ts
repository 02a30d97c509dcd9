// The failure of a system under test, as explorations and replays throw it.

import type { RunResult, ViolationCode } from '../scenario/result.ts';
import type { Exploration } from './explore.ts';

/** What a failure carries. */
export interface FailureDetails {
  readonly result: RunResult;
  readonly token: string;
  readonly replayLine: string;
  readonly runs: { readonly explored: number; readonly shrinking: number };
  readonly found?: { readonly operations: number; readonly faults: number };
  readonly exploration?: Exploration;
}

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
  /** How large it was when it was found; absent for a replay. */
  readonly found?: { readonly operations: number; readonly faults: number };
  /** What the exploration had counted by then; absent for a replay. */
  readonly exploration?: Exploration;

  constructor(message: string, details: FailureDetails) {
    super(message);
    const [violation] = details.result.violations;
    this.code = violation?.code ?? 'WT_INVARIANT';
    this.name = `CheckFailure [${this.code}]`;
    this.result = details.result;
    this.token = details.token;
    this.replayLine = details.replayLine;
    this.runs = details.runs;
    if (details.found !== undefined) this.found = details.found;
    if (details.exploration !== undefined) this.exploration = details.exploration;
    if (violation?.error !== undefined) this.cause = violation.error;
  }
}
