// Why a run fails: what happens without each of the faults that remain, and the nearest run that passes.

import fc from 'fast-check';
import type { Fault, FaultPlan } from '../faults/fault.ts';
import type { TraceEntry } from '../history/trace.ts';
import type { RemainingFault } from '../report/document.ts';
import { firstDifference, type RunDifference } from '../report/first-difference.ts';
import { faultsInWords } from '../report/faults-in-words.ts';
import { messageKey } from '../report/slice/trace-index.ts';
import type { RunResult } from '../scenario/result.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { runOnce } from '../scenario/simulate.ts';
import { withoutText } from './without-text.ts';

/** Why a run fails. */
export interface Explanation {
  /** What is not calm in the plan: its faults, in their order, then an `order` or a `core`. */
  readonly faults: readonly RemainingFault[];
  /** The nearest run that passes; absent where none was found. */
  readonly passing?: PassingRun;
}

/** A run that passes, beside the one that fails. */
export interface PassingRun {
  /** What it is without, as a place in `faults`. */
  readonly without: number;
  /** Recorded. */
  readonly result: RunResult;
  /** Where they differ first, and what followed; absent where nothing that can be seen differs. */
  readonly difference?: RunDifference;
}

/** Runs without a fault: more tell nobody more. */
const RUNS_MAX = 12;
/** Steps of all those runs together; one run may take many, if it comes to no end. */
const STEPS_MAX = 2_000_000;

/**
 * Makes the runs without each of the first faults of a run that failed, then the nearest of those that pass
 * once more, recorded.
 *
 * Determinism: a function of (scenario, result), unless it is aborted; at most 13 runs.
 *
 * @param failed - Recorded.
 * @param signal - Begins no further run once it is aborted.
 */
export async function explain<Workload>(
  scenario: Scenario<Workload>,
  failed: RunResult<Workload>,
  signal?: AbortSignal,
): Promise<Explanation> {
  const { seed, workload, plan } = failed;
  const faults: RemainingFault[] = faultsInWords(plan);
  const passing: Candidate[] = [];
  let steps = 0;
  const run = async (candidate: Candidate, isRecorded: boolean): Promise<RunResult<Workload> | Error> => {
    try {
      const input = { scenario, seed, workload: fc.cloneIfNeeded(workload), plan: candidate.plan };
      return await runOnce({ ...input, isRecorded });
    } catch (error) {
      // The scenario's own code went wrong, where it never came before.
      return error as Error;
    }
  };
  for (const candidate of candidates(plan, faults).slice(0, RUNS_MAX)) {
    if (signal?.aborted === true || steps > STEPS_MAX) break;
    const came = await run(candidate, false);
    const fault = faults[candidate.without] as RemainingFault;
    faults[candidate.without] = { ...fault, without: withoutText(failed, came) };
    if (came instanceof Error) continue;
    steps += came.steps;
    if (came.verdict === 'ok') passing.push(candidate);
    // It waited for seconds of real time, and so might the next.
    if (came.violations[0]?.code === 'WT_HANG') break;
  }
  const nearest = nearestOf(passing, failed);
  if (nearest === undefined || signal?.aborted === true) return { faults };
  const result = await run(nearest, true);
  if (result instanceof Error || result.verdict !== 'ok') return { faults };
  const { without } = nearest;
  const isTimed = faults[without]?.kind !== 'order';
  const difference = firstDifference(failed.trace ?? [], result.trace ?? [], isTimed);
  return { faults, passing: { without, result, ...(difference === undefined ? {} : { difference }) } };
}

/** A plan that lacks one thing. */
interface Candidate {
  readonly without: number;
  readonly plan: FaultPlan;
}

function candidates(plan: FaultPlan, faults: readonly RemainingFault[]): Candidate[] {
  return faults.flatMap(({ kind }, without): Candidate[] => {
    if (without < plan.faults.length) {
      return [{ without, plan: { ...plan, faults: plan.faults.toSpliced(without, 1) } }];
    }
    if (kind === 'order') return [{ without, plan: { ...plan, latency: 'calm', order: 'calm' } }];
    const { core: _, ...whole } = plan;
    return kind === 'core' ? [{ without, plan: whole }] : [];
  });
}

/** The one that is without the fault that strikes last: it has most in common with the run that failed. */
function nearestOf(passing: readonly Candidate[], { plan, trace = [] }: RunResult): Candidate | undefined {
  const strikes = passing.map((candidate) => {
    const fault = plan.faults[candidate.without];
    return { candidate, at: fault === undefined ? -1 : placeOf(fault, candidate.without, trace) };
  });
  return strikes.toSorted((left, right) => right.at - left.at)[0]?.candidate;
}

/** Where in the trace a fault strikes first; 0 where nothing shows it. */
function placeOf(fault: Fault, nth: number, trace: readonly TraceEntry[]): number {
  const noted = trace.findIndex((entry) => entry.kind === 'fault' && entry.nth === nth);
  if (noted >= 0) return noted;
  if ('message' in fault) {
    const key = messageKey(fault);
    return Math.max(
      0,
      trace.findIndex((entry) => entry.kind === 'sent' && messageKey(entry) === key),
    );
  }
  if (!('atMs' in fault)) return 0;
  return Math.max(
    0,
    trace.findIndex(({ atUs }) => atUs >= fault.atMs * 1_000),
  );
}
