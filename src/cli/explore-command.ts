// `wavetank explore`: explores the scenarios of files and prints what it found.

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DivergenceError, EscapeError, VacuousError } from '../errors.ts';
import { CheckFailure } from '../explore/check-failure.ts';
import { LevelFailure } from '../explore/level-failure.ts';
import { explore, type Exploration } from '../explore/explore.ts';
import type { ExploreOptions } from '../explore/explore-options.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { ExitCode } from './exit-code.ts';
import { findScenarioFiles, loadScenarios } from './load-scenarios.ts';
import type { Output } from './output.ts';
import { numbersOf, type NumberWords } from './number-words.ts';
import { appendPast, readPast } from './past-explorations.ts';
import { progressLine, virtualTime } from './progress.ts';
import { statisticsText } from './statistics-text.ts';

const REPORT_FOLDER = '.wavetank';

/** Explores every scenario of the files. @returns the exit code. */
export async function exploreCommand(
  words: readonly string[],
  options: NumberWords,
  output: Output,
): Promise<number> {
  const interrupt = new AbortController();
  const onInterrupt = (): void => interrupt.abort();
  process.on('SIGINT', onInterrupt);
  try {
    const base: ExploreOptions = { ...numbersOf(options), signal: interrupt.signal };
    let code: number = ExitCode.passed;
    for (const file of await findScenarioFiles(words)) {
      for (const scenario of await loadScenarios(file)) {
        const onProgress = progressLine(scenario.name, output);
        const came = await exploreOne(scenario, { ...base, onProgress }, output);
        // A counterexample says more than a set-up that is to be mended.
        if (code !== ExitCode.counterexample && came !== ExitCode.passed) code = came;
        if (interrupt.signal.aborted) return ExitCode.interrupted;
      }
    }
    return code;
  } finally {
    process.off('SIGINT', onInterrupt);
  }
}

/** @returns the exit code, if there were no other scenario. */
async function exploreOne(scenario: Scenario, options: ExploreOptions, output: Output): Promise<number> {
  const startMs = performance.now();
  try {
    const past = (await readPast(REPORT_FOLDER)).get(scenario.name) ?? [];
    const exploration = await explore(scenario, { ...options, statistics: true, past });
    output.print(summary(exploration, performance.now() - startMs, output));
    await remember(scenario.name, exploration.runs, 0);
    return ExitCode.passed;
  } catch (error) {
    if (error instanceof LevelFailure) {
      output.print(summary(error.exploration, performance.now() - startMs, output, 'broke a level'));
      output.print(`${output.red(error.name)}: ${error.message}\n\n`);
      await remember(scenario.name, error.exploration.runs, 1);
      return ExitCode.counterexample;
    }
    const isKnown = [DivergenceError, VacuousError, EscapeError].some((kind) => error instanceof kind);
    if (error instanceof CheckFailure) await printFailure(error, output);
    else if (isKnown) output.print(`${output.red((error as Error).name)}: ${(error as Error).message}\n\n`);
    else throw error;
    return error instanceof EscapeError ? ExitCode.usage : ExitCode.counterexample;
  }
}

async function printFailure(failure: CheckFailure, output: Output): Promise<void> {
  const text = `${failure.name}: ${failure.message}\n`;
  await remember(failure.result.scenario, failure.runs.explored, 1);
  await mkdir(REPORT_FOLDER, { recursive: true });
  const report = join(
    REPORT_FOLDER,
    `${failure.result.scenario.replace(/[^\w.-]+/g, '-')}-${failure.result.seed}.txt`,
  );
  await writeFile(report, `${text}\n${JSON.stringify(failure.result.plan, null, 2)}\n`);
  output.print(`${text.replace(failure.name, output.red(failure.name))}  report: ${report}\n\n`);
}

/** A folder that cannot be written to keeps nobody from exploring. */
async function remember(scenario: string, runs: number, failures: number): Promise<void> {
  const now = { at: new Date().toISOString(), runs, failures };
  await appendPast(REPORT_FOLDER, scenario, now).catch(() => {});
}

function summary(exploration: Exploration, elapsedMs: number, output: Output, broken?: string): string {
  const { scenario, runs, virtualMs, steps, reached, struck, repeated, seed, isInterrupted } = exploration;
  const perSecond = Math.round((runs * 1000) / Math.max(1, elapsedMs));
  const passed = broken === undefined ? output.green('passed') : output.red(broken);
  const state = isInterrupted ? 'interrupted' : passed;
  const counts = (title: string, table: Readonly<Record<string, number>>): string => {
    const entries = Object.entries(table);
    if (entries.length === 0) return '';
    return `  ${title}: ${entries.map(([name, count]) => `${name} ${count}`).join(', ')}\n`;
  };
  return (
    `${output.bold(scenario)} ${state}: ${runs} runs, seed ${seed}, ` +
    `${virtualTime(virtualMs)} of virtual time, ` +
    `${steps} steps, ${perSecond} runs/s, ${repeated} repeated and equal\n` +
    counts('faults', struck) +
    counts('reached', reached) +
    (exploration.statistics === undefined ? '' : statisticsText(exploration.statistics)) +
    '\n'
  );
}
