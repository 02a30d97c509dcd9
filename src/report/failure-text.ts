// The story of a failure: what, where, how far it was shrunk, the faults, what led to it, what it changed,
// and the line that replays it.

import { chanceTexts } from '../faults/explain.ts';
import type { Fault, FaultPlan } from '../faults/fault.ts';
import { describeCore } from '../faults/core.ts';
import { describeFault } from '../faults/describe.ts';
import { describeOrder } from '../faults/order.ts';
import type { RemainingFault } from './document.ts';
import { sliceOf } from './slice/slice.ts';
import { isEndless, type FailedPromise, type SlicedRun } from './slice/sliced-run.ts';
import { messageKey } from './slice/trace-index.ts';
import { stateDifference } from './state-difference.ts';
import { BLANK, lineOf, plainLine, type Role, type StoryLine } from './story.ts';
import { timeline } from './timeline.ts';
import { visibleLines, visibleText } from './visible-text.ts';

/** The recorded run that a failure is about; a part of what `simulate` returns. */
export interface FailedRun extends SlicedRun {
  readonly scenario: string;
  readonly seed: number;
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
  return failureStory(finding).map(plainLine).join('\n');
}

/**
 * Tells a failure in lines. What happened is a table of at most 80 columns; sentences, the line that replays
 * it, and the frames of a stack are as long as they are, to be searched for and copied.
 */
export function failureStory(finding: Finding): StoryLine[] {
  const { run, replayLine, remarks = [] } = finding;
  const [violation] = run.violations;
  if (violation === undefined)
    return [lineOf('headline', visibleText(`scenario \`${run.scenario}\` failed.`))];
  const { atMs, step, host } = violation;
  return [
    ...headline(violation),
    paragraph('where', `at ${thousands(atMs)} ms, step ${step}, host \`${host}\``),
    paragraph('where', `scenario \`${run.scenario}\`, seed ${run.seed}`),
    ...shrunkLine(finding).map((text) => paragraph('where', text)),
    ...remarks.map((remark) => paragraph('where', remark)),
    ...faultLines(run.plan, finding.faults ?? []).map((text) => paragraph('fault', text, 'fault')),
    ...coreLines(run.plan).map((text) => paragraph('fault', text, 'fault')),
    BLANK,
    ...storyOf(run),
    BLANK,
    { part: 'replay', spans: [{ text: '  replay: ' }, { text: visibleText(replayLine), role: 'command' }] },
  ];
}

/** What is wrong, in lines as they are: who searches a log for a sentence finds it whole. */
export function headline({ message }: Pick<FailedPromise, 'message'>): StoryLine[] {
  return visibleLines(message).map((line, i) =>
    lineOf('headline', line, i > 0 && /^ +at /.test(line) ? 'muted' : undefined),
  );
}

/** A line of its own, indented. */
export function paragraph(part: StoryLine['part'], text: string, role?: Role): StoryLine {
  return lineOf(part, `  ${visibleText(text)}`, role);
}

/** What happened, and the state that it changed: the heart of the message. */
export function storyOf(run: FailedRun): StoryLine[] {
  const [violation] = run.violations;
  const { trace = [], history } = run;
  if (violation === undefined) return timeline(trace, { history });
  const { code, atMs, step, host } = violation;
  const delays = new Map<string, number>();
  for (const fault of run.plan.faults) if (fault.kind === 'delay') delays.set(messageKey(fault), fault.byMs);
  const ending = { atMs, step, host, text: endingOf(violation) };
  const hasStorm = code === 'WT_LIVENESS' || run.plan.faults.length > 0;
  const beside = isEndless(violation) ? 'earlier events' : 'more events';
  const slice = sliceOf(run);
  const difference = stateDifference(trace, step, slice);
  return [
    ...timeline(trace, { ending, delays, hasStorm, history, slice, beside }),
    ...(difference.length === 0 ? [] : [BLANK, ...difference]),
  ];
}

function shrunkLine({ run, found, shrinkRuns }: Finding): string[] {
  if (found === undefined) return [];
  const changes = [
    ...fewer('operation', found.history.length, run.history.length),
    ...fewer('fault', found.ledger.length, run.plan.faults.length),
  ];
  if (changes.length === 0) return [];
  return [`shrunk ${changes.join(', ')}, in ${counted('run', shrinkRuns ?? 0)}`];
}

function fewer(what: string, before: number, after: number): string[] {
  return after < before ? [`${counted(what, before)} → ${after}`] : [];
}

function counted(what: string, count: number): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function faultLines(plan: FailedRun['plan'], tried: readonly RemainingFault[]): string[] {
  // A plan that was shrunk has no chances any more.
  const chances = chanceTexts(plan).map((text) => `chance: ${text}`);
  if (plan.faults.length + chances.length > 0) return [...shownFaults(plan.faults, tried), ...chances];
  if (plan.order === 'drawn') return ['no fault is needed, only this order of what happens at the same time'];
  const order = describeOrder(plan.order);
  if (order !== undefined) return [`no fault is needed, only this order: ${order}`];
  return plan.core === undefined ? ['it fails without any injected fault'] : [];
}

function coreLines({ core }: Pick<FaultPlan, 'core'>): string[] {
  return core === undefined ? [] : [describeCore(core)];
}

function shownFaults(faults: readonly Fault[], tried: readonly RemainingFault[]): string[] {
  const shown = faults
    .slice(0, FAULTS_SHOWN_MAX)
    .map((fault, i) => `fault: ${describeFault(fault)}${withoutText(tried[i])}`);
  const rest = faults.length - shown.length;
  return rest > 0 ? [...shown, `... and ${rest} more`] : shown;
}

/** Nothing where the run passes: a fault that remains is one without which it does. */
function withoutText(tried: RemainingFault | undefined): string {
  const { without = PASSES } = tried ?? {};
  return without === PASSES ? '' : `; without it, ${without.replace(/^then /, '')}`;
}

/** What a person calls the end of the run. */
function endingOf({ code, name, message }: FailedPromise): string {
  switch (code) {
    case 'WT_INVARIANT':
      return `broken: \`${name}\``;
    case 'WT_LIVENESS':
      return `has not come true: \`${name}\``;
    case 'WT_UNREACHABLE':
      return `was reached: \`${name}\``;
    case 'WT_CHECK_THREW':
      return `the check itself failed: \`${name}\``;
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

/** Groups digits: `1,107.5`. */
export function thousands(ms: number): string {
  const [whole = '0', part] = String(ms).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return part === undefined ? grouped : `${grouped}.${part}`;
}
