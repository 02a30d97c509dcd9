// Explores one scenario for a command: has its runs made, tells reporters, and keeps what it came to for the
// statistics of later explorations.

import { exploreWith } from '../explore/explore.ts';
import type { ExploreOptions } from '../explore/explore-options.ts';
import { scenarioReport } from '../report/build-document.ts';
import type { ScenarioReport } from '../report/document.ts';
import { hasFailed } from '../report/failure-lines.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { appendPast, readPast } from './past-explorations.ts';
import type { Reporting } from './reporting.ts';
import type { Crew } from './workers/crew.ts';
import type { ScenarioPlace } from './workers/protocol.ts';

/** Where what earlier explorations found is kept. */
const REPORT_FOLDER = '.wavetank';

/** A scenario, where it stands, and who explores it. */
export interface Exploring {
  readonly scenario: Scenario;
  readonly place: ScenarioPlace;
  readonly reporting: Pick<Reporting, 'begin' | 'progress' | 'ended'>;
  /** Who makes the runs. Undefined: this process. */
  readonly crew: Pick<Crew, 'makerOf'> | undefined;
  /** Whether reporters are told of failures alone. */
  readonly isQuiet?: boolean;
}

/** Explores a scenario, with statistics. @returns what became of it. */
export async function exploreScenario(
  { scenario, place, reporting, crew, isQuiet = false }: Exploring,
  options: ExploreOptions,
): Promise<ScenarioReport> {
  const startMs = performance.now();
  reporting.begin(scenario.name);
  const past = (await readPast(REPORT_FOLDER)).get(scenario.name) ?? [];
  const onProgress: ExploreOptions['onProgress'] = (progress) => reporting.progress(progress);
  const chosen = { ...options, statistics: true, past, onProgress };
  const exploring = exploreWith(scenario, chosen, crew?.makerOf(place, scenario));
  const came: unknown = await exploring.catch((error: unknown) => error);
  const seed = options.seed === undefined ? {} : { seed: options.seed };
  const elapsedMs = Math.round(performance.now() - startMs);
  const report = scenarioReport({ scenario, came, ...seed, elapsedMs });
  await remember(report);
  if (!isQuiet || hasFailed(report)) await reporting.ended(report);
  return report;
}

/** Keeps what an exploration found for the statistics of the next ones. */
async function remember({ name, runs, outcome, otherFailures = [] }: ScenarioReport): Promise<void> {
  const failures = { passed: 0, failed: 1 + otherFailures.length, unmet: 1 }[outcome as string];
  if (failures === undefined) return;
  const now = { at: new Date().toISOString(), runs, failures };
  // A folder that cannot be written to keeps nobody from exploring.
  await appendPast(REPORT_FOLDER, name, now).catch(() => {});
}
