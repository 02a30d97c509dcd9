// What the causal slice is made from: a recorded run and what was violated in it.

import type { Fault, FaultPlan } from '../../faults/fault.ts';
import type { Evidence } from '../../history/evidence.ts';
import type { Operation } from '../../history/operation.ts';
import type { TraceEntry } from '../../history/trace.ts';

/** What was violated, and where. */
export interface FailedPromise {
  readonly code: string;
  readonly name: string;
  readonly message: string;
  readonly atMs: number;
  readonly step: number;
  readonly host: string;
  readonly evidence?: Evidence;
}

/** A recorded run that failed; a part of what `simulate` returns. */
export interface SlicedRun {
  readonly violations: readonly FailedPromise[];
  readonly history: readonly Operation[];
  readonly ledger: readonly Fault[];
  readonly plan: Omit<FaultPlan, 'latency'>;
  readonly trace?: readonly TraceEntry[];
}

/** The faults that struck: those of the plan, and where it left something to chance, what came of that. */
export function remainingFaults({ plan, ledger }: Pick<SlicedRun, 'plan' | 'ledger'>): readonly Fault[] {
  const { chances = [], answerChances = [], diskChances = [], buggify } = plan;
  const isDrawn = chances.length + answerChances.length + diskChances.length > 0 || buggify !== undefined;
  return isDrawn ? ledger : plan.faults;
}

const ENDLESS: readonly string[] = ['WT_STEPS', 'WT_VIRTUAL_TIME', 'WT_LIVELOCK'];

/** Whether a run failed because it did not end: then how it went last is all that there is to say. */
export function isEndless({ code }: Pick<FailedPromise, 'code'>): boolean {
  return ENDLESS.includes(code);
}
