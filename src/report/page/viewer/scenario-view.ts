// One scenario: what became of it, the counterexample if there is one, and what its runs together show.

import type { FailureReport, ScenarioReport } from '../../document.ts';
import { element, type Child } from './element.ts';
import { evidenceSection } from './evidence/evidence-section.ts';
import { explorationSection } from './exploration/exploration-section.ts';
import { wordsOf } from './words.ts';
import { countOf, durationText, numberText } from './numbers.ts';
import { mountRun } from './run/mount-run.ts';
import { outcomeBadge } from './scenario-list.ts';

/** Of messages that are longer, so many lines are shown. */
const LINES_MAX = 8;
const LINES_SHOWN = 3;

/** Builds the view of a scenario. */
export function scenarioView(scenario: ScenarioReport): HTMLElement {
  const { failure } = scenario;
  return element(
    'article',
    { class: 'scenario' },
    heading(scenario),
    ...messageParts(scenario.message ?? ''),
    failure !== undefined && failureSection(failure),
    ...(failure === undefined ? [] : explanationOf(failure)),
    explorationSection(scenario),
  );
}

function heading(scenario: ScenarioReport): HTMLElement {
  const { file, line, seed, tags, runs, shrinkRuns, steps, virtualMs, elapsedMs } = scenario;
  const facts = [
    file === undefined ? undefined : `${file}${line === undefined ? '' : `:${line}`}`,
    `seed ${seed}`,
    countOf(runs, 'run') + (shrinkRuns === 0 ? '' : ` and ${numberText(shrinkRuns)} to shrink`),
    `${countOf(steps, 'step')} in ${durationText(virtualMs)} of virtual time`,
    elapsedMs === 0 ? undefined : `took ${durationText(elapsedMs)}`,
    ...tags.map((tag) => `#${tag}`),
  ];
  return element(
    'header',
    { class: 'scenario-header' },
    element('h1', {}, element('bdi', {}, scenario.name), ' ', outcomeBadge(scenario)),
    element(
      'ul',
      { class: 'facts' },
      ...facts.map((fact) => fact !== undefined && element('li', {}, element('bdi', {}, fact))),
    ),
  );
}

/** A long message says the most important first: the rest is told when asked for. */
function messageParts(message: string): readonly Child[] {
  const lines = message.split('\n');
  const shown = lines.length > LINES_MAX ? lines.slice(0, LINES_SHOWN) : lines;
  const rest = lines.slice(shown.length);
  return [
    message !== '' && element('p', { class: 'message' }, ...wordsOf(shown.join('\n'))),
    rest.length > 0 &&
      element(
        'details',
        { class: 'message' },
        element('summary', {}, countOf(rest.length, 'more line')),
        ...wordsOf(rest.join('\n')),
      ),
  ];
}

function failureSection(failure: FailureReport): HTMLElement {
  const { found, faults, host, atMs, step } = failure;
  const where = `at ${durationText(atMs)}, step ${numberText(step)}${host === '' ? '' : `, host ${host}`}`;
  const shrunk =
    found === undefined
      ? ''
      : ` Found with ${countOf(found.operations, 'operation')} and ${countOf(found.faults, 'fault')}.`;
  return element(
    'section',
    { class: 'failure', 'aria-labelledby': 'failure-heading' },
    element('h2', { id: 'failure-heading' }, element('bdi', {}, failure.name)),
    ...messageParts(failure.message),
    element('p', { class: 'where' }, element('bdi', {}, where), `.${shrunk}`),
    faults.length > 0 && faultList(failure),
    element(
      'p',
      { class: 'replay' },
      'Make this run again: ',
      element('code', { tabindex: 0 }, failure.replayLine),
    ),
  );
}

/** A picture comes before the run, as the shortest story; a list, which the message tells, after it. */
function explanationOf(failure: FailureReport): readonly Child[] {
  const kind = failure.evidence?.kind;
  const sections = [evidenceSection(failure), runSection(failure)];
  return kind === 'order' || kind === 'cycle' ? sections : sections.toReversed();
}

function faultList({ faults }: FailureReport): HTMLElement {
  const items = faults.map(({ text, without }) =>
    element(
      'li',
      {},
      element('bdi', {}, ...wordsOf(text)),
      without !== undefined &&
        element('span', { class: 'without' }, ' Without it: ', element('bdi', {}, without)),
    ),
  );
  const title = faults.length === 1 ? 'The fault that it takes' : `The ${faults.length} faults that it takes`;
  return element('div', { class: 'faults' }, element('h3', {}, title), element('ul', {}, ...items));
}

function runSection(failure: FailureReport): HTMLElement {
  const container = element('div', { class: 'run' });
  mountRun(container, failure);
  return element(
    'section',
    { class: 'run-section', 'aria-labelledby': 'run-heading' },
    element('h2', { id: 'run-heading' }, 'The run'),
    container,
  );
}
