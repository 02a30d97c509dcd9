// The message of a failure: what, where, how far it was shrunk, the timeline, and the line that replays it.

import { chanceTexts } from '../faults/explain.ts';
import type { Fault, FaultPlan } from '../faults/fault.ts';
import { describeCore } from '../faults/core.ts';
import { describeFault } from '../faults/describe.ts';
import type { Evidence } from '../history/evidence.ts';
import type { Operation } from '../history/operation.ts';
import type { TraceEntry } from '../history/trace.ts';
import type { RemainingFault } from './document.ts';
import { messageKey, timeline } from './timeline.ts';

/** What was violated, and where. */
interface FailedPromise {
  readonly code: string;
  readonly name: string;
  readonly message: string;
  readonly atMs: number;
  readonly step: number;
  readonly host: string;
  /** What shows it, where a checker found it. */
  readonly evidence?: Evidence;
}

/** The recorded run that a failure is about; a part of what `simulate` returns. */
export interface FailedRun {
  readonly scenario: string;
  readonly seed: number;
  readonly violations: readonly FailedPromise[];
  readonly history: readonly Operation[];
  readonly ledger: readonly Fault[];
  readonly plan: Omit<FaultPlan, 'latency'>;
  readonly trace?: readonly TraceEntry[];
}

/** How a failure was found. */
export interface Finding {
  readonly run: FailedRun;
  /** The run as it was first found; absent for a replay. */
  readonly found?: FailedRun;
  /** Runs that shrinking took. */
  readonly shrinkRuns?: number;
  readonly replayLine: string;
  /** What happens without each fault, where somebody tried; in the order of the plan. */
  readonly faults?: readonly RemainingFault[];
  /** Anything else worth a line. */
  readonly remarks?: readonly string[];
}

const FAULTS_SHOWN_MAX = 12;
const PASSES = 'it passes';

/** Writes the message, without the class name and code before it. */
export function failureText(finding: Finding): string {
  const { run, replayLine, remarks = [] } = finding;
  const [violation] = run.violations;
  if (violation === undefined) return `scenario \`${run.scenario}\` failed.`;
  const { message, atMs, step, host } = violation;
  const lines = [
    message,
    `  at ${thousands(atMs)} ms, step ${step}, host \`${host}\`, ` +
      `scenario \`${run.scenario}\`, seed ${run.seed}`,
    ...shrunkLine(finding),
    ...remarks.map((remark) => `  ${remark}`),
    ...faultLines(run.plan, finding.faults ?? []),
    ...coreLines(run.plan),
    '',
  ];
  return [...lines, ...storyOf(run), '', `  replay: ${replayLine}`].join('\n');
}

/** The timeline of a failed run, as the message of its failure shows it. */
export function storyOf({ plan, trace = [], violations }: FailedRun): string[] {
  const [violation] = violations;
  if (violation === undefined) return timeline(trace);
  const { code, atMs, step, host } = violation;
  const delays = new Map<string, number>();
  for (const fault of plan.faults) if (fault.kind === 'delay') delays.set(messageKey(fault), fault.byMs);
  const ending = { atMs, step, host, text: endingOf(violation) };
  const hasStorm = code === 'WT_LIVENESS' || plan.faults.length > 0;
  return timeline(trace, { ending, delays, hasStorm });
}

function shrunkLine({ run, found, shrinkRuns }: Finding): string[] {
  if (found === undefined) return [];
  const changes = [
    ...fewer('operation', found.history.length, run.history.length),
    ...fewer('fault', found.ledger.length, run.plan.faults.length),
  ];
  if (changes.length === 0) return [];
  return [`  shrunk ${changes.join(', ')}, in ${counted('run', shrinkRuns ?? 0)}`];
}

function fewer(what: string, before: number, after: number): string[] {
  return after < before ? [`${counted(what, before)} → ${after}`] : [];
}

function counted(what: string, count: number): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function faultLines(plan: FailedRun['plan'], tried: readonly RemainingFault[]): string[] {
  // A plan that was shrunk has no chances any more.
  const chances = chanceTexts(plan).map((text) => `  chance: ${text}`);
  if (plan.faults.length + chances.length > 0) return [...shownFaults(plan.faults, tried), ...chances];
  if (plan.order === 'drawn')
    return ['  no fault is needed, only this order of what happens at the same time'];
  return plan.core === undefined ? ['  it fails without any injected fault'] : [];
}

function coreLines({ core }: FailedRun['plan']): string[] {
  return core === undefined ? [] : [`  ${describeCore(core)}`];
}

function shownFaults(faults: readonly Fault[], tried: readonly RemainingFault[]): string[] {
  const shown = faults
    .slice(0, FAULTS_SHOWN_MAX)
    .flatMap((fault, i) => [`  fault: ${describeFault(fault)}`, ...withoutLine(tried[i])]);
  const rest = faults.length - FAULTS_SHOWN_MAX;
  return rest > 0 ? [...shown, `  ... and ${rest} more`] : shown;
}

/** Nothing where the run passes: a fault that remains is one without which it does. */
function withoutLine(tried: RemainingFault | undefined): string[] {
  const { without = PASSES } = tried ?? {};
  return without === PASSES ? [] : [`         without it, ${without.replace(/^then /, '')}`];
}

/** What a person calls the end of the run. */
function endingOf({ code, name, message }: FailedPromise): string {
  switch (code) {
    case 'WT_INVARIANT':
      return `\`${name}\``;
    case 'WT_LIVENESS':
      return `\`${name}\` has not come true`;
    case 'WT_UNREACHABLE':
      return `\`${name}\` was reached`;
    case 'WT_CHECK_THREW':
      return `the check \`${name}\` failed`;
    case 'WT_UNCAUGHT':
      return 'nobody handled the error';
    case 'WT_DEADLOCK':
      return 'nothing is left to happen';
    case 'WT_HANG':
      return 'did not give the thread back';
    default:
      return message;
  }
}

function thousands(ms: number): string {
  const [whole = '0', part] = String(ms).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return part === undefined ? grouped : `${grouped}.${part}`;
}
