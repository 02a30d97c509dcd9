// What all runs of an exploration together show, in parts: those with nothing in them are left out.

import type { ScenarioReport, Statistics } from '../../../document.ts';
import { extentLines } from '../../../extent-text.ts';
import { element, type Child } from '../element.ts';
import { countOf, numberText } from '../numbers.ts';
import { card, meter, tableOf } from './chart.ts';
import { countsTable } from './counts.ts';
import { discoveryChart } from './discovery-chart.ts';
import { pastChart } from './past-chart.ts';
import { routesTable } from './routes-table.ts';

/** Builds the section of a scenario. */
export function explorationSection(scenario: ScenarioReport): HTMLElement {
  const { statistics, extent } = scenario;
  return element(
    'section',
    { class: 'exploration', 'aria-labelledby': 'exploration-heading' },
    element('h2', { id: 'exploration-heading' }, 'The exploration'),
    element('p', { class: 'note' }, summaryOf(scenario)),
    extent !== undefined &&
      element('p', { class: 'note' }, element('bdi', {}, extentLines(extent).join('; '))),
    element(
      'div',
      { class: 'cards' },
      ...failureCards(scenario, statistics),
      ...coverageCards(scenario, statistics),
    ),
    statistics !== undefined && statistics.routes.length > 0 && latencyCard(statistics),
  );
}

function summaryOf({ runs, shrinkRuns, repeated, unsurvivable }: ScenarioReport): string {
  const parts = [
    shrinkRuns > 0 && `${numberText(shrinkRuns)} more to shrink what failed`,
    repeated > 0 && `${numberText(repeated)} made twice and found the same`,
    unsurvivable > 0 && `${numberText(unsurvivable)} beyond what the budget says is survivable`,
  ].filter((part) => part !== false);
  return `${countOf(runs, 'run')}${parts.length === 0 ? '' : `; ${parts.join(', ')}`}.`;
}

function failureCards({ runs, undecided }: ScenarioReport, statistics: Statistics | undefined): Child[] {
  const failures = statistics?.failures ?? [];
  const past = statistics?.past ?? [];
  return [
    failures.length > 0 &&
      card(
        'Failures',
        'By what makes two failures alike.',
        tableOf({
          caption: 'Failures by signature',
          head: ['Signature', 'Runs', 'First seed', ''],
          rows: failures
            .toSorted((a, b) => b.runs - a.runs)
            .map(({ signature, runs: failed, seed }) => [
              element('bdi', {}, signature),
              numberText(failed),
              String(seed),
              meter(failed / Math.max(1, runs), 'bad'),
            ]),
        }),
      ),
    past.length > 0 && card('The last explorations', undefined, pastChart(past)),
    hasAny(undecided) &&
      card(
        'Undecided',
        'Runs in which a check could not tell whether it holds. They did not fail, and prove nothing.',
        countsTable(undecided, {
          caption: 'Undecided checks',
          noun: 'Check',
          kind: 'warn',
          zero: 'always told',
          whole: runs,
        }),
      ),
  ];
}

function coverageCards(
  { reached, struck, crashed }: ScenarioReport,
  statistics: Statistics | undefined,
): Child[] {
  const discovery = discoveryChart(statistics?.discovery ?? []);
  const queues = statistics?.queues ?? [];
  return [
    discovery !== undefined &&
      card('Discovery', 'How many distinct behaviours had been seen after how many runs.', discovery),
    hasAny(reached) &&
      card(
        'Reached',
        'What ought to happen in some run. What never did was not tested.',
        countsTable(reached, { caption: 'Markers', noun: 'Marker', kind: 'plain', zero: 'never reached' }),
      ),
    hasAny(struck) &&
      card(
        'Faults',
        'What was done to the system, over all runs.',
        countsTable(struck, { caption: 'Faults by kind', noun: 'Kind', kind: 'fault', zero: 'never struck' }),
        hasAny(crashed) &&
          countsTable(crashed, { caption: 'Crashes by host', noun: 'Crashed', kind: 'fault', zero: 'never' }),
      ),
    queues.length > 0 &&
      card('Queues', 'How many requests a host was working on whenever one arrived.', queueTable(queues)),
  ];
}

function queueTable(queues: Statistics['queues']): HTMLElement {
  const deepest = Math.max(1, ...queues.map(({ max }) => max));
  return tableOf({
    caption: 'Queue depth by host',
    head: ['Host', 'p50', 'p99', 'max', ''],
    rows: queues
      .toSorted((a, b) => b.max - a.max)
      .map(({ host, p50, p99, max }) => [
        element('bdi', {}, host),
        numberText(p50),
        numberText(p99),
        numberText(max),
        meter(max / deepest),
      ]),
  });
}

function latencyCard({ routes }: Statistics): HTMLElement {
  return card(
    'Latency',
    'In virtual time, as clients saw it. The pictures share a logarithmic scale; marks are p50 and p99.',
    routesTable(routes),
  );
}

function hasAny(counts: Readonly<Record<string, number>>): boolean {
  return Object.keys(counts).length > 0;
}
