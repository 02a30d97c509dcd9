// The states of the page that are looked at as a whole: by axe, by the pictures, and by eye.

import type { ReportDocument } from '../../src/report/document.ts';
import { failedScenario, reportOf, scenarioReport } from './documents.ts';
import { failuresWithEvidence } from './evidence.ts';
import { statistics } from './statistics.ts';

/** A report, and where in it the page is opened. */
export interface PageState {
  readonly document: ReportDocument;
  readonly hash?: string;
}

const explored = scenarioReport({ statistics: statistics(), undecided: { 'is linearizable': 14 } });

/** By name. */
export const states: Readonly<Record<string, PageState>> = {
  exploration: { document: reportOf(explored) },
  failure: { document: reportOf({ ...failedScenario(), statistics: statistics() }) },
  several: {
    document: reportOf(
      scenarioReport({ name: 'replicated-register' }),
      failedScenario(),
      scenarioReport({
        name: 'lease-lock',
        outcome: 'vacuous',
        message: '`sometimes` was never reached: "a lease expired".',
        reached: { 'a lease expired': 0 },
      }),
      scenarioReport({ name: 'outbox', outcome: 'interrupted', runs: 41 }),
    ),
  },
  ...Object.fromEntries(
    Object.entries(failuresWithEvidence).map(([name, failure]) => [
      name,
      { document: reportOf({ ...failedScenario(failure), reached: {}, struck: {}, crashed: {} }) },
    ]),
  ),
};
