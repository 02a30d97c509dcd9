// Smaller plans in which another moment makes up for a fault that is left out: a crash that needs a lost
// answer at the time when it came needs nothing else a few milliseconds before.

import { isTimedFault, type Fault, type FaultPlan, type TimedFault } from '../faults/fault.ts';

/** With more faults than this the search would take too long. */
const FAULTS_MAX = 3;
/** Moments at which something may have just begun, in virtual milliseconds. */
const MOMENTS_MS: readonly number[] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 20, 30, 50, 100];

/** Yields the plan without one of its few faults, and with another one at each of some moments. */
export function* retimedPlans(plan: FaultPlan): Generator<FaultPlan> {
  const { faults } = plan;
  if (faults.length < 2 || faults.length > FAULTS_MAX) return;
  for (const left of faults) {
    const rest = faults.filter((fault) => fault !== left);
    for (const [i, fault] of rest.entries()) {
      if (!isTimedFault(fault)) continue;
      for (const atMs of MOMENTS_MS) yield { ...plan, faults: rest.with(i, at(fault, atMs)) };
    }
  }
}

function at(fault: TimedFault, atMs: number): Fault {
  const { after: _, ...untriggered } = fault;
  return { ...untriggered, atMs };
}
