// The short story of a scenario that did not pass, as lines of text: what a terminal, a JUnit report and an
// annotation show alike. Made of its report alone, so that stored reports tell it too.

import type { FailureReport, ScenarioReport } from './document.ts';
import { printable } from './printable.ts';

const FAULTS_SHOWN_MAX = 12;

/** The class and code of the error for each outcome in which no run failed. */
const ERRORS: Readonly<Record<ScenarioReport['outcome'], string>> = {
  passed: '',
  interrupted: '',
  failed: 'CheckFailure',
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
  return printable(failure?.message ?? message ?? outcome);
}

/** All of it, after the name of the error: message, place, faults, timeline, and the line that replays it. */
export function failureLines(scenario: ScenarioReport): string[] {
  const { failure } = scenario;
  const message = failureMessage(scenario).split('\n');
  if (failure === undefined) return message;
  const { atMs, step, host, remarks = [], story, replayLine, run } = failure;
  const lines = [
    ...message,
    `  at ${thousands(atMs)} ms, step ${step}, host \`${host}\`, ` +
      `scenario \`${scenario.name}\`, seed ${run.seed}`,
    ...shrunkLine(scenario, failure),
    ...remarks.map((remark) => `  ${remark}`),
    ...faultLines(failure),
    '',
    ...story,
    '',
    `  replay: ${replayLine}`,
  ];
  return lines.map(printable);
}

function shrunkLine({ shrinkRuns }: ScenarioReport, { found, run, faults }: FailureReport): string[] {
  if (found === undefined) return [];
  const changes = [
    ...fewer('operation', found.operations, run.history.length),
    ...fewer('fault', found.faults, faults.length),
  ];
  if (changes.length === 0) return [];
  return [`  shrunk ${changes.join(', ')}, in ${counted('run', shrinkRuns)}`];
}

function fewer(what: string, before: number, after: number): string[] {
  return after < before ? [`${counted(what, before)} → ${after}`] : [];
}

function counted(what: string, count: number): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function faultLines({ faults }: FailureReport): string[] {
  if (faults.length === 0) return ['  it fails without any injected fault'];
  const shown = faults
    .slice(0, FAULTS_SHOWN_MAX)
    .map(({ text, without }) => `  fault: ${text}${without === undefined ? '' : `; without it, ${without}`}`);
  const rest = faults.length - shown.length;
  return rest > 0 ? [...shown, `  ... and ${rest} more`] : shown;
}

function thousands(ms: number): string {
  const [whole = '0', part] = String(ms).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return part === undefined ? grouped : `${grouped}.${part}`;
}
