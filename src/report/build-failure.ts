// A counterexample as a report has it: the run that failed, what it depends on, and the run beside it that
// passes.

import type { Evidence } from '../history/evidence.ts';
import type { TraceEntry } from '../history/trace.ts';
import { buildRun, type ReportedRun } from './build-run.ts';
import type { FailureReport, NeighbourReport, RemainingFault } from './document.ts';
import { storyOf } from './failure-text.ts';
import type { Mask } from './masking/mask.ts';
import { remainingFaults } from './remaining-faults.ts';
import { shownText, shownValue } from './shown-value.ts';

/** Why a run failed: what happens without each of its faults, and the nearest run that passes. */
export interface ReportedExplanation {
  readonly faults: readonly RemainingFault[];
  readonly passing?: {
    /** The fault that it is without, as a place in `faults`. */
    readonly without: number;
    readonly result: ReportedRun;
    readonly difference?: NonNullable<NeighbourReport['difference']>;
  };
}

/** A `CheckFailure`, as far as a report needs it. */
export interface ReportedFailure {
  readonly code: string;
  readonly result: ReportedRun;
  readonly token: string;
  readonly replayLine: string;
  readonly remarks?: readonly string[];
  readonly found?: { readonly operations: number; readonly faults: number };
  readonly explanation?: ReportedExplanation;
}

const MESSAGE_MAX = 16_384;

/** Builds the report of a counterexample. */
export function buildFailure(failure: ReportedFailure, hosts: readonly string[], mask: Mask): FailureReport {
  const { code, result, token, replayLine, found, remarks = [], explanation } = failure;
  const [violation] = result.violations;
  const { name = '', message = '', atMs = 0, step = 0, host = '', evidence } = violation ?? {};
  const faults = explanation?.faults ?? remainingFaults(result.plan);
  const run = buildRun(result, hosts, mask);
  return {
    code,
    name: mask.text(name),
    message: mask.text(shownText(message, MESSAGE_MAX)),
    atMs,
    step,
    host,
    token,
    replayLine,
    ...(found === undefined ? {} : { found: { ...found } }),
    ...(remarks.length === 0 ? {} : { remarks: remarks.map((remark) => mask.text(remark)) }),
    faults: faults.map(({ kind, text, without }) => ({
      kind,
      text: mask.text(text),
      ...(without === undefined ? {} : { without: mask.text(without) }),
    })),
    story: storyOf(result).map((line) => mask.text(line)),
    run,
    slice: sliceOf(result.trace ?? []),
    ...(evidence === undefined ? {} : { evidence: mask.value(shownValue(evidence)) as Evidence }),
    ...neighbourOf(explanation, hosts, mask),
  };
}

/** What the failure depends on, as places in the trace. */
function sliceOf(trace: readonly TraceEntry[]): number[] {
  return trace.map((_, place) => place);
}

function neighbourOf(
  explanation: ReportedExplanation | undefined,
  hosts: readonly string[],
  mask: Mask,
): { neighbour?: NeighbourReport } {
  if (explanation?.passing === undefined) return {};
  const { without, result, difference } = explanation.passing;
  const shown =
    difference === undefined ? {} : { difference: { ...difference, text: mask.text(difference.text) } };
  return { neighbour: { without, run: buildRun(result, hosts, mask), ...shown } };
}
