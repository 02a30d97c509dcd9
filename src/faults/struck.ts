// What the last run under a plan came to, kept with the plan itself: shrinking starts from what really
// happened, and fast-check hands its shrinkers the very value that was run.

import type { Fault, FaultPlan, MessageRef, TimedFault } from './fault.ts';

/** Messages of one kind and label between two hosts. */
export type MessageTopic = Omit<MessageRef, 'nth'>;

/** What a run tells a shrinker. */
export interface Struck {
  readonly ledger: readonly Fault[];
  /** The clients of the run, in the order in which they began. */
  readonly clients: readonly string[];
  /** When a fault of the plan began, in virtual milliseconds; undefined if it did not. */
  beganMs(fault: TimedFault): number | undefined;
  /** Lists what was sent. */
  topics(): MessageTopic[];
  /** Lists how many of each were sent. */
  sent?(): (MessageTopic & { readonly count: number })[];
}

const STRUCK = Symbol.for('wavetank.struck');

/** Notes on a plan what came of it. It stays out of sight: the plan is still plain data. */
export function noteStruck(plan: FaultPlan, struck: Struck): void {
  if (!Object.isExtensible(plan)) return;
  Object.defineProperty(plan, STRUCK, { value: struck, configurable: true, enumerable: false });
}

/** What came of a plan when it was last run; undefined before the first time. */
export function struckOf(plan: FaultPlan): Struck | undefined {
  return (plan as unknown as Record<symbol, Struck | undefined>)[STRUCK];
}
