// `wavetank explore`: explores the scenarios of files, and tells reporters what it found.

import type { ExploreOptions } from '../explore/explore-options.ts';
import type { Words } from './command.ts';
import { EXPLORE_CODES, ExitCode, worstCode } from './exit-code.ts';
import { exploreScenario } from './explore-scenario.ts';
import { Interruption } from './interruption.ts';
import { findScenarioFiles, loadScenarios } from './load-scenarios.ts';
import { reportOptionsOf } from './mask-words.ts';
import { chosenReporters } from './reporter-words.ts';
import { Reporting, type Surroundings } from './reporting.ts';
import { runOptionsOf, workersOf } from './run-words.ts';
import { Selection } from './select-scenarios.ts';
import { shardOf } from './shard-words.ts';
import { Crew } from './workers/crew.ts';

/** Explores every scenario of the files. @returns the exit code. */
export async function exploreCommand(
  places: readonly string[],
  words: Words,
  surroundings: Surroundings,
): Promise<number> {
  const report = reportOptionsOf(words);
  const shard = shardOf(words, surroundings.env);
  const chosen = chosenReporters(words, surroundings.env, shard);
  const { options: runOptions, note } = runOptionsOf(words);
  if (note !== undefined) process.stderr.write(`${note}\n`);
  const workers = workersOf(words);
  const crew = workers === 0 ? undefined : new Crew(workers);
  const interruption = new Interruption(() => crew?.kill());
  const { signal } = interruption;
  try {
    const options: ExploreOptions = {
      ...runOptions,
      report,
      signal,
      ...(shard === undefined ? {} : { shard }),
    };
    const selection = new Selection(words);
    const files = await findScenarioFiles(places);
    const reporting = new Reporting(chosen, surroundings);
    let code: number = ExitCode.passed;
    for (const file of files) {
      if (signal.aborted) break;
      const scenarios = await loadScenarios(file);
      for (const scenario of selection.of(scenarios)) {
        if (signal.aborted) break;
        const place = { file, nth: scenarios.indexOf(scenario) };
        const { outcome } = await exploreScenario({ scenario, place, reporting, crew }, options);
        code = worstCode(code, EXPLORE_CODES[outcome]);
      }
    }
    if (!signal.aborted) selection.check();
    await reporting.end();
    return signal.aborted ? ExitCode.interrupted : code;
  } finally {
    interruption.end();
    crew?.kill();
  }
}
