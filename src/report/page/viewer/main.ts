// The program of the page: reads the report that stands in the page, and shows the scenario that the address
// names.

import type { ReportDocument } from '../../document.ts';
import { element, replaceChildren } from './element.ts';
import { placeIn } from './place.ts';
import { scenarioList } from './scenario-list.ts';
import { scenarioView } from './scenario-view.ts';

function mountReport(report: ReportDocument): void {
  const content = element('main', { id: 'content' });
  const list = report.scenarios.length > 1 ? element('nav', { 'aria-label': 'Scenarios' }) : undefined;
  document.body.append(
    element('header', { class: 'page-header' }, `wavetank ${report.wavetank} · Node.js ${report.node}`, list),
    content,
  );
  let open: number | undefined;
  const follow = (): void => {
    const place = placeIn(location.hash);
    // A step alone is one of the scenario that is open.
    const asked = place.scenario ?? (place.step === undefined ? undefined : open) ?? firstOf(report);
    const scenario = report.scenarios[asked];
    if (asked === open || scenario === undefined) return;
    open = asked;
    if (list !== undefined) replaceChildren(list, scenarioList(report.scenarios, open));
    replaceChildren(content, scenarioView(scenario));
  };
  follow();
  if (open === undefined) content.append(element('p', {}, 'Nothing was explored.'));
  addEventListener('hashchange', follow);
}

/** The first that did not pass. */
function firstOf({ scenarios }: ReportDocument): number {
  return Math.max(
    0,
    scenarios.findIndex(({ outcome }) => outcome !== 'passed'),
  );
}

function start(): void {
  try {
    mountReport(JSON.parse(document.getElementById('report-data')?.textContent ?? '') as ReportDocument);
  } catch (error) {
    document.body.append(
      element('p', { role: 'alert', class: 'broken' }, `This report cannot be shown: ${String(error)}`),
    );
    throw error;
  }
}

start();
