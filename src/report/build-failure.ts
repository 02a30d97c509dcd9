// A counterexample as a report has it: the run that failed, what it depends on, and the run beside it that
// passes.

import { buildRun } from './build-run.ts';
import type { FailureReport, NeighbourReport, RemainingFault } from './document.ts';
import { storyOf } from './failure-text.ts';
import { faultsInWords } from './faults-in-words.ts';
import type { Mask } from './masking/mask.ts';
import type { MaskOptions } from './masking/secret-names.ts';
import { maskFor, showRun, type ReportedRun } from './shown-run.ts';
import { sliceOf } from './slice/slice.ts';
import { plainLine } from './story.ts';

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
  readonly found?: { readonly operations: number; readonly faults: number };
  readonly remarks?: readonly string[];
  readonly explanation?: ReportedExplanation;
  /** Which names stand for secrets. */
  readonly report?: MaskOptions;
}

/** Builds the report of a counterexample. */
export function buildFailure(failure: ReportedFailure, hosts: readonly string[]): FailureReport {
  const { code, result, token, replayLine, found, remarks = [], explanation, report } = failure;
  const passing = explanation?.passing;
  const mask = maskFor(report, hosts, passing === undefined ? [result] : [result, passing.result]);
  const shown = showRun(result, mask);
  const [violation] = shown.violations;
  const story = storyOf(shown);
  const { name = '', message = '', atMs = 0, step = 0, host = '', evidence } = violation ?? {};
  return {
    ...{ code, name, message, atMs, step, host, token, replayLine },
    ...(found === undefined ? {} : { found: { ...found } }),
    ...(remarks.length === 0 ? {} : { remarks: remarks.map((remark) => mask.text(remark)) }),
    faults: maskedFaults(explanation?.faults ?? faultsInWords(result.plan), mask),
    story: story.map(plainLine),
    storyLines: story,
    run: buildRun(shown, hosts),
    // Of the run itself: what a mask makes alike may not be.
    slice: sliceOf(result),
    ...(evidence === undefined ? {} : { evidence }),
    ...neighbourOf(passing, hosts, mask),
  };
}

/** The words about faults, masked. */
export function maskedFaults(faults: readonly RemainingFault[], mask: Mask): RemainingFault[] {
  return faults.map(({ kind, text, without }) => ({
    kind,
    text: mask.text(text),
    ...(without === undefined ? {} : { without: mask.text(without) }),
  }));
}

function neighbourOf(
  passing: ReportedExplanation['passing'],
  hosts: readonly string[],
  mask: Mask,
): { neighbour?: NeighbourReport } {
  if (passing === undefined) return {};
  const { without, result, difference } = passing;
  const shown =
    difference === undefined ? {} : { difference: { ...difference, text: mask.text(difference.text) } };
  return { neighbour: { without, run: buildRun(showRun(result, mask), hosts), ...shown } };
}
