// `wavetank explore`: explores the scenarios of files, and tells reporters what it found.

import { explore } from '../explore/explore.ts';
import { checkStrategy, type ExploreOptions } from '../explore/explore-options.ts';
import { scenarioReport } from '../report/build-document.ts';
import type { ScenarioReport } from '../report/document.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { Words } from './command.ts';
import { ExitCode } from './exit-code.ts';
import { findScenarioFiles, loadScenarios } from './load-scenarios.ts';
import { reportOptionsOf } from './mask-words.ts';
import { numbersOf } from './number-words.ts';
import { appendPast, readPast } from './past-explorations.ts';
import { chosenReporters } from './reporter-words.ts';
import { Reporting, type Surroundings } from './reporting.ts';

/** Where what earlier explorations found is kept. */
const REPORT_FOLDER = '.wavetank';

/** What each outcome means for the exit code. */
const EXIT_CODES: Readonly<Record<ScenarioReport['outcome'], number>> = {
  passed: ExitCode.passed,
  interrupted: ExitCode.interrupted,
  escaped: ExitCode.usage,
  failed: ExitCode.counterexample,
  unmet: ExitCode.counterexample,
  vacuous: ExitCode.counterexample,
  diverged: ExitCode.counterexample,
  stale: ExitCode.counterexample,
};

/** Explores every scenario of the files. @returns the exit code. */
export async function exploreCommand(
  places: readonly string[],
  words: Words,
  surroundings: Surroundings,
): Promise<number> {
  const report = reportOptionsOf(words);
  const chosen = chosenReporters(words, surroundings.env);
  const interrupt = new AbortController();
  const onInterrupt = (): void => interrupt.abort();
  process.on('SIGINT', onInterrupt);
  try {
    const { strategy } = words as { readonly strategy?: string };
    const options: ExploreOptions = {
      ...{ ...numbersOf(words), report, signal: interrupt.signal },
      ...(strategy === undefined ? {} : { strategy: checkStrategy('--strategy', strategy) }),
    };
    const files = await findScenarioFiles(places);
    const reporting = new Reporting(chosen, surroundings);
    let code: number = ExitCode.passed;
    for (const file of files) {
      if (interrupt.signal.aborted) break;
      for (const scenario of await loadScenarios(file)) {
        if (interrupt.signal.aborted) break;
        const outcome = await exploreOne(scenario, options, reporting);
        // A counterexample says more than a set-up that is to be mended.
        if (code !== ExitCode.counterexample && outcome !== 'passed') code = EXIT_CODES[outcome];
      }
    }
    await reporting.end();
    return interrupt.signal.aborted ? ExitCode.interrupted : code;
  } finally {
    process.off('SIGINT', onInterrupt);
  }
}

async function exploreOne(
  scenario: Scenario,
  options: ExploreOptions,
  reporting: Reporting,
): Promise<ScenarioReport['outcome']> {
  const startMs = performance.now();
  reporting.begin(scenario.name);
  const past = (await readPast(REPORT_FOLDER)).get(scenario.name) ?? [];
  const onProgress: ExploreOptions['onProgress'] = (progress) => reporting.progress(progress);
  const exploring = explore(scenario, { ...options, statistics: true, past, onProgress });
  const came: unknown = await exploring.catch((error: unknown) => error);
  const seed = options.seed === undefined ? {} : { seed: options.seed };
  const report = scenarioReport({
    scenario,
    came,
    ...seed,
    elapsedMs: Math.round(performance.now() - startMs),
  });
  await remember(report);
  await reporting.ended(report);
  return report.outcome;
}

/** Keeps what an exploration found for the statistics of the next ones. */
async function remember({ name, runs, outcome }: ScenarioReport): Promise<void> {
  const failures = { passed: 0, failed: 1, unmet: 1 }[outcome as string];
  if (failures === undefined) return;
  const now = { at: new Date().toISOString(), runs, failures };
  // A folder that cannot be written to keeps nobody from exploring.
  await appendPast(REPORT_FOLDER, name, now).catch(() => {});
}
