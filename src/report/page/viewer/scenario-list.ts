// The scenarios of a report, each with what became of it and a link to it.

import type { ScenarioReport } from '../../document.ts';
import { element } from './element.ts';
import { hashOf } from './place.ts';

/** What became of a scenario, in a word. */
export function outcomeBadge({ outcome }: ScenarioReport): HTMLElement {
  return element('span', { class: `badge badge-${outcome}` }, outcome);
}

/** A list of links; the scenario that is open is marked. */
export function scenarioList(scenarios: readonly ScenarioReport[], open: number): HTMLElement {
  const links = scenarios.map((scenario, i) =>
    element(
      'li',
      {},
      element(
        'a',
        { href: hashOf({ scenario: i }), 'aria-current': i === open ? 'page' : undefined },
        outcomeBadge(scenario),
        element('bdi', { class: 'scenario-name' }, scenario.name),
        element(
          'bdi',
          { class: 'scenario-check' },
          scenario.failure?.name ?? firstLine(scenario.message ?? ''),
        ),
      ),
    ),
  );
  return element('ul', { class: 'scenarios' }, ...links);
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
