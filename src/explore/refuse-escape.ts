// A run in which a host was about to leave the simulation is no counterexample: its set-up is to be mended.

import { EscapeError } from '../errors.ts';
import type { RunResult } from '../scenario/result.ts';

/** @throws {EscapeError} If the run failed because of one; it says which run it was. */
export function refuseEscape({ scenario, seed, violations }: RunResult): void {
  const error = violations[0]?.error;
  if (violations[0]?.code !== 'WT_ESCAPE' || !(error instanceof EscapeError)) return;
  throw error.inRun(`scenario \`${scenario}\`, seed ${seed}`);
}
