// A row of the table of fault kinds: a system that breaks by exactly this kind of fault, and the same system
// written with care, which does not.

import type { FaultKind } from '../../../src/faults/fault.ts';
import type { Scenario } from '../../../src/scenario/scenario.ts';

/** What shows a kind of fault. */
export interface StormRow {
  readonly kind: FaultKind;
  /** What happens, and what it does to a naive program: `crash between two writes loses the second`. */
  readonly what: string;
  /** Fails by the fault. Both have the same hosts, checks and fault budget. */
  readonly naive: Scenario;
  /** Survives it. */
  readonly careful: Scenario;
  /** How many runs may be needed to find the failure of the naive one. Default 300. */
  readonly runs?: number;
}
