// What `wavetank check` does: loads the scenarios that are meant, makes runs of each within a budget that
// counts from the start of the process, and sums up.

import { randomInt } from 'node:crypto';
import type { ExploreOptions } from '../explore/explore-options.ts';
import type { ScenarioReport } from '../report/document.ts';
import type { changedFiles } from './changed-files.ts';
import type { Words } from './command.ts';
import { EXPLORE_CODES, ExitCode, worstCode } from './exit-code.ts';
import { exploreScenario, type Exploring } from './explore-scenario.ts';
import { Interruption } from './interruption.ts';
import { findScenarioFiles, loadScenarios } from './load-scenarios.ts';
import { reportOptionsOf } from './mask-words.ts';
import { numbersOf } from './number-words.ts';
import { chosenReporters } from './reporter-words.ts';
import { Reporting, type Surroundings } from './reporting.ts';
import { workersOf } from './run-words.ts';
import { Selection } from './select-scenarios.ts';
import type { Crew } from './workers/crew.ts';

const BUDGET_MS = 5_000;
/** However late it is, each scenario has a few runs. */
const LEAST_MS = 50;
/** Somebody waits for it: what takes longer to shrink is told as far as it came. */
const SHRINK_RUNS_MAX = 500;

type Changed = ReturnType<typeof changedFiles>;

/** What is checked. */
type Checked = Pick<Exploring, 'scenario' | 'place'>;

/**
 * Checks the scenarios of files.
 *
 * @param changed - What git says; undefined for everything.
 * @returns the exit code.
 */
export async function checkScenarios(
  places: readonly string[],
  words: Words,
  surroundings: Surroundings,
  changed: Changed | undefined,
): Promise<number> {
  const report = reportOptionsOf(words);
  const selection = new Selection(words);
  const reporters = chosenReporters(words, surroundings.env);
  const { budgetMs = BUDGET_MS, seed = randomInt(2 ** 32) } = numbersOf(words);
  const workers = words.workers === undefined ? 0 : workersOf(words);
  const { output } = surroundings;
  const files = await meantFiles(places, changed);
  if (files.length === 0) {
    output.print('check passed: nothing that changed is part of a scenario\n');
    return ExitCode.passed;
  }
  const crew = workers === 0 ? undefined : await crewOf(workers);
  const interruption = new Interruption(() => crew?.kill());
  const { signal } = interruption;
  const silence = refuseSilentEnd();
  try {
    const checked: Checked[] = [];
    for (const file of files) {
      const scenarios = await loadScenarios(file);
      const chosen = selection.of(scenarios);
      checked.push(
        ...chosen.map((scenario) => ({ scenario, place: { file, nth: scenarios.indexOf(scenario) } })),
      );
    }
    selection.check();
    const reporting = new Reporting(reporters, surroundings);
    const options: ExploreOptions = {
      environment: false,
      corpus: 'off',
      seed,
      report,
      signal,
      vacuity: false,
      shrinkRunsMax: SHRINK_RUNS_MAX,
    };
    const isQuiet = words.reporter === undefined;
    const reports: ScenarioReport[] = [];
    for (const [i, each] of checked.entries()) {
      if (signal.aborted) break;
      // The clock began with the process; what one scenario leaves, the next ones have.
      const shareMs = Math.max(LEAST_MS, (budgetMs - performance.now()) / (checked.length - i));
      const exploring = { ...each, reporting, crew, isQuiet };
      reports.push(await exploreScenario(exploring, { ...options, budgetMs: shareMs }));
    }
    await reporting.end();
    const code = signal.aborted ? ExitCode.interrupted : codeOf(reports);
    if (isQuiet) output.print(summary(reports, code, seed));
    return code;
  } finally {
    silence.end();
    interruption.end();
    crew?.kill();
  }
}

/** Loaded where it is needed: a check is to be quick. */
async function crewOf(workers: number): Promise<Crew> {
  const { Crew: CrewClass } = await import('./workers/crew.ts');
  return new CrewClass(workers);
}

async function meantFiles(places: readonly string[], changing: Changed | undefined): Promise<string[]> {
  const files = await findScenarioFiles(places);
  const changed = await changing;
  if (changed === undefined) return files;
  const { isTouched } = await import('./import-graph.ts');
  const touched: string[] = [];
  for (const file of files) if (await isTouched(file, changed)) touched.push(file);
  return touched;
}

function codeOf(reports: readonly ScenarioReport[]): number {
  return reports.map(({ outcome }) => EXPLORE_CODES[outcome]).reduce(worstCode, ExitCode.passed);
}

function summary(reports: readonly ScenarioReport[], code: number, seed: number): string {
  const runs = reports.reduce((sum, each) => sum + each.runs, 0);
  const failed = reports.filter(({ outcome }) => outcome !== 'passed').length;
  const state =
    code === ExitCode.passed ? 'passed' : code === ExitCode.interrupted ? 'interrupted' : 'failed';
  const count = `${reports.length} ${reports.length === 1 ? 'scenario' : 'scenarios'}`;
  const which = failed === 0 ? count : `${failed} of ${count}`;
  const seconds = (performance.now() / 1000).toFixed(1);
  return `check ${state}: ${which}, ${runs} runs in ${seconds} s, seed ${seed}\n`;
}

/** Where the runs are made in this process, code that ends it must not look like success. */
function refuseSilentEnd(): { end(): void } {
  const onExit = (): void => {
    process.exitCode = ExitCode.internal;
    process.stderr.write('The process was ended from within while `wavetank check` made runs.\n');
  };
  process.on('exit', onExit);
  return { end: () => void process.off('exit', onExit) };
}
