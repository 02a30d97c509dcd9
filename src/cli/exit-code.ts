// The exit codes of the command line, and the error for words that it does not understand.

import type { ScenarioReport } from '../report/document.ts';

/** What the process says to the shell. */
export const ExitCode = {
  passed: 0,
  counterexample: 1,
  usage: 2,
  stale: 3,
  /** A fault of wavetank itself: EX_SOFTWARE of sysexits.h. */
  internal: 70,
  interrupted: 130,
} as const;

/** What each outcome of an exploration means for the exit code. */
export const EXPLORE_CODES: Readonly<Record<ScenarioReport['outcome'], number>> = {
  passed: ExitCode.passed,
  interrupted: ExitCode.interrupted,
  escaped: ExitCode.usage,
  failed: ExitCode.counterexample,
  unmet: ExitCode.counterexample,
  vacuous: ExitCode.counterexample,
  diverged: ExitCode.counterexample,
  stale: ExitCode.counterexample,
};

/** The code of two explorations: a counterexample says more than a set-up that is to be mended. */
export function worstCode(left: number, right: number): number {
  return left === ExitCode.counterexample || right === ExitCode.passed ? left : right;
}

/** The words on the command line are wrong. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
