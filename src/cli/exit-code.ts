// The exit codes of the command line, and the error for words that it does not understand.

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

/** The words on the command line are wrong. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
