// The faults of a counterexample in words, with whatever else in its plan is not calm.

import { describeCore } from '../faults/core.ts';
import { describeFault } from '../faults/describe.ts';
import { chanceTexts } from '../faults/explain.ts';
import type { FaultPlan } from '../faults/fault.ts';
import { describeOrder } from '../faults/order.ts';
import type { RemainingFault } from './document.ts';

/**
 * Lists the faults of a plan, in its order; then `chance` for what is left to chance, `order` where events
 * run in another order than that of queueing, and `core` where only some hosts come back.
 */
export function faultsInWords(plan: Omit<FaultPlan, 'latency'>): RemainingFault[] {
  return [
    ...plan.faults.map((fault) => ({ kind: fault.kind, text: describeFault(fault) })),
    ...chanceTexts(plan).map((text) => ({ kind: 'chance', text })),
    ...orderInWords(plan),
    ...(plan.core === undefined ? [] : [{ kind: 'core', text: describeCore(plan.core) }]),
  ];
}

function orderInWords({ order }: Pick<FaultPlan, 'order'>): RemainingFault[] {
  if (order === 'calm') return [];
  if (order === 'drawn')
    return [{ kind: 'order', text: 'what happens at the same time happens in this order' }];
  return [{ kind: 'order', text: describeOrder(order) ?? '' }];
}
