// The short story of a scenario that did not pass, as lines of text: what a terminal, a JUnit report and an
// annotation show alike. Made of its report alone, so that stored reports tell it too.

import type { FailureReport, ScenarioReport } from './document.ts';
import { extentLines } from './extent-text.ts';
import { headline, paragraph, thousands } from './failure-text.ts';
import { otherFailureLines } from './other-failures.ts';
import { noFaultLine } from './own-disturbances.ts';
import { BLANK, lineOf, plainLine, type StoryLine } from './story.ts';
import { visibleLines, visibleText } from './visible-text.ts';

const FAULTS_SHOWN_MAX = 12;
const PASSES = 'it passes';
/** What else in a plan is not calm. */
const OTHERS: Readonly<Record<string, string>> = { chance: 'chance', order: 'order' };

/** The class and code of the error for each outcome in which no run failed. */
const ERRORS: Readonly<Record<ScenarioReport['outcome'], string>> = {
  passed: '',
  interrupted: '',
  failed: 'CheckFailure',
  unmet: 'LevelFailure [WT_LEVEL]',
  vacuous: 'VacuousError [WT_VACUOUS]',
  diverged: 'DivergenceError [WT_DIVERGED]',
  escaped: 'EscapeError [WT_ESCAPE]',
  stale: 'StaleReplayError [WT_STALE]',
};

/** Whether a scenario did not pass: neither passed, nor was interrupted before anything came of it. */
export function hasFailed({ outcome }: ScenarioReport): boolean {
  return outcome !== 'passed' && outcome !== 'interrupted';
}

/** What to call that a scenario did not pass: `CheckFailure [WT_INVARIANT]`. */
export function errorName({ outcome, failure }: ScenarioReport): string {
  return failure === undefined ? ERRORS[outcome] : `${ERRORS.failed} [${failure.code}]`;
}

/** Why it did not pass, in a line or a few. */
export function failureMessage({ message, failure, outcome }: ScenarioReport): string {
  return visibleLines(failure?.message ?? message ?? outcome).join('\n');
}

/** All of it, after the name of the error: message, place, faults, timeline, and the line that replays it. */
export function failureLines(scenario: ScenarioReport): string[] {
  return failureStory(scenario).map(plainLine);
}

/** The same with what each part of it is, for who colours it. */
export function failureStory(scenario: ScenarioReport): StoryLine[] {
  const { failure, name, extent, otherFailures = [] } = scenario;
  const extents = extent === undefined ? [] : extentLines(extent).map((text) => paragraph('where', text));
  if (failure === undefined)
    return [...visibleLines(failureMessage(scenario)).map((line) => lineOf('headline', line)), ...extents];
  const { message, atMs, step, host, remarks = [], story, storyLines, replayLine, run } = failure;
  return [
    ...headline({ message }),
    paragraph('where', `at ${thousands(atMs)} ms, step ${step}, host \`${host}\``),
    paragraph('where', `scenario \`${name}\`, seed ${run.seed}`),
    ...shrunkLine(scenario, failure).map((text) => paragraph('where', text)),
    ...extents,
    ...remarks.map((remark) => paragraph('where', remark)),
    ...faultLines(failure).map((text) => paragraph('fault', text, 'fault')),
    BLANK,
    // What was stored elsewhere may say anything.
    ...(storyLines ?? story.map((text) => lineOf('event', text))).map(visibleLine),
    BLANK,
    { part: 'replay', spans: [{ text: '  replay: ' }, { text: visibleText(replayLine), role: 'command' }] },
    ...otherFailureLines(otherFailures),
  ];
}

function visibleLine({ part, spans }: StoryLine): StoryLine {
  return { part, spans: spans.map((span) => ({ ...span, text: visibleText(span.text) })) };
}

function shrunkLine({ shrinkRuns }: ScenarioReport, { found, run, faults }: FailureReport): string[] {
  if (found === undefined) return [];
  const changes = [
    ...fewer('operation', found.operations, run.history.length),
    ...fewer('fault', found.faults, faults.length),
  ];
  if (changes.length === 0) return [];
  return [`shrunk ${changes.join(', ')}, in ${counted('run', shrinkRuns)}`];
}

function fewer(what: string, before: number, after: number): string[] {
  return after < before ? [`${counted(what, before)} → ${after}`] : [];
}

function counted(what: string, count: number): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function faultLines({ faults, run, step }: FailureReport): string[] {
  if (faults.length === 0) return [noFaultLine(run.trace, step)];
  const shown = faults.slice(0, FAULTS_SHOWN_MAX).map(faultLine);
  const rest = faults.length - shown.length;
  return rest > 0 ? [...shown, `... and ${rest} more`] : shown;
}

function faultLine({ kind, text, without = PASSES }: FailureReport['faults'][number]): string {
  const named = kind === 'core' ? text : `${OTHERS[kind] ?? 'fault'}: ${text}`;
  // That it passes goes without saying: a fault that remains is one without which it does.
  return without === PASSES ? named : `${named}; without it, ${without.replace(/^then /, '')}`;
}
