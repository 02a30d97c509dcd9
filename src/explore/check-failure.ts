// The failure of a system under test, as explorations and replays throw it.

import { inspect } from 'node:util';
import { errorJson } from '../errors.ts';
import type { Statistics } from '../report/document.ts';
import type { ReportOptions } from '../scenario/report-options.ts';
import type { RunResult, ViolationCode } from '../scenario/result.ts';
import type { Explanation } from './explanation.ts';
import type { Exploration } from './explore.ts';

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
export class CheckFailure extends Error {
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
    super(message, details.cause === undefined ? {} : { cause: details.cause });
    this.code = details.result.violations[0]?.code ?? 'WT_INVARIANT';
    // Test runners print every property that can be listed; the message says it all, and the run is long.
    const { cause: _, ...hidden } = { ...details, name: `CheckFailure [${this.code}]` };
    for (const [name, value] of Object.entries(hidden)) {
      if (value !== undefined)
        Object.defineProperty(this, name, { value, configurable: true, writable: true });
    }
    calledFrom(this, []);
  }

  /** What test runners show of it in another process: the message, and no run. */
  toJSON(): object {
    return errorJson(this);
  }

  /** What the runs of the exploration showed until then; not of a replay. */
  get statistics(): Statistics | undefined {
    return this.exploration?.statistics;
  }
}

// Shown by `console.log` and by test runners as its stack alone.
Object.defineProperty(CheckFailure.prototype, inspect.custom, {
  value(this: CheckFailure): string {
    return this.stack ?? this.message;
  },
});

/**
 * Makes the stack of a failure lead to the code that asked for the runs. Where it was made is inside of
 * wavetank, and tells nobody anything.
 *
 * @param lines - Of a stack, from the innermost on.
 */
export function calledFrom<Thrown>(error: Thrown, lines: readonly string[]): Thrown {
  if (!(error instanceof CheckFailure)) return error;
  const value = [`${error.name}: ${error.message}`, ...lines].join('\n');
  Object.defineProperty(error, 'stack', { value, configurable: true, writable: true });
  return error;
}
