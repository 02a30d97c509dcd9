// The kinds of timed faults, in the order in which a plan draws them: a new one comes last, so that what is
// drawn for the others stays.

import type { TimedFault } from '../fault.ts';
import type { TimedKind } from '../timed.ts';
import { crashKind } from './crash.ts';
import { partitionKind } from './partition.ts';
import { pauseKind } from './pause.ts';
import { stopKind } from './stop.ts';

/** All of them. */
export const TIMED_KINDS: readonly TimedKind[] = [
  crashKind,
  stopKind,
  pauseKind,
  partitionKind,
] as readonly unknown[] as readonly TimedKind[];

const byKind: ReadonlyMap<string, TimedKind> = new Map(TIMED_KINDS.map((each) => [each.kind, each]));

/** What there is to know of a fault's kind. */
export function kindOf(fault: TimedFault): TimedKind {
  return byKind.get(fault.kind) as TimedKind;
}

/** The same by its name; undefined for a kind that is none of these. */
export function timedKind(name: string): TimedKind | undefined {
  return byKind.get(name);
}
