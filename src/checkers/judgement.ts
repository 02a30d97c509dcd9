// What every checker answers. A scenario's check may return it as it is.

import type { Evidence } from '../history/evidence.ts';

/** The answer of a checker. `unknown`: it ran out of its budget, or nothing was there to judge. */
export interface Judgement {
  readonly verdict: 'ok' | 'illegal' | 'unknown';
  /** What is wrong, or why nobody knows, in sentences; empty for `ok`. */
  readonly message: string;
  /** What shows it, as data; reports draw it, and look for its causes. */
  readonly evidence?: Evidence;
}
