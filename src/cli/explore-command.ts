// `wavetank explore`: explores the scenarios of files, and tells reporters what it found.

import type { ExploreOptions } from '../explore/explore-options.ts';
import type { Words } from './command.ts';
import { ExitCode } from './exit-code.ts';
import { EXIT_CODES, exploreScenario } from './explore-scenario.ts';
import { Interruption } from './interruption.ts';
import { findScenarioFiles, loadScenarios } from './load-scenarios.ts';
import { reportOptionsOf } from './mask-words.ts';
import { chosenReporters } from './reporter-words.ts';
import { Reporting, type Surroundings } from './reporting.ts';
import { runOptionsOf, workersOf } from './run-words.ts';
import { Crew } from './workers/crew.ts';

/** Explores every scenario of the files. @returns the exit code. */
export async function exploreCommand(
  places: readonly string[],
  words: Words,
  surroundings: Surroundings,
): Promise<number> {
  const report = reportOptionsOf(words);
  const chosen = chosenReporters(words, surroundings.env);
  const runOptions = runOptionsOf(words);
  const workers = workersOf(words);
  const crew = workers === 0 ? undefined : new Crew(workers);
  const interruption = new Interruption(() => crew?.kill());
  const { signal } = interruption;
  try {
    const options: ExploreOptions = { ...runOptions, report, signal };
    const files = await findScenarioFiles(places);
    const reporting = new Reporting(chosen, surroundings);
    let code: number = ExitCode.passed;
    for (const file of files) {
      if (signal.aborted) break;
      for (const [nth, scenario] of (await loadScenarios(file)).entries()) {
        if (signal.aborted) break;
        const place = { file, nth };
        const { outcome } = await exploreScenario({ scenario, place, reporting, crew }, options);
        // A counterexample says more than a set-up that is to be mended.
        if (code !== ExitCode.counterexample && outcome !== 'passed') code = EXIT_CODES[outcome];
      }
    }
    await reporting.end();
    return signal.aborted ? ExitCode.interrupted : code;
  } finally {
    interruption.end();
    crew?.kill();
  }
}
