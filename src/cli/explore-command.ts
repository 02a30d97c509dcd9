// `wavetank explore`: explores the scenarios of files and prints what it found.

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DivergenceError, EscapeError, VacuousError } from '../errors.ts';
import { CheckFailure } from '../explore/check-failure.ts';
import { explore, type Exploration } from '../explore/explore.ts';
import type { ExploreOptions } from '../explore/explore-options.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { ExitCode } from './exit-code.ts';
import { findScenarioFiles, loadScenarios } from './load-scenarios.ts';
import type { Output } from './output.ts';
import { numbersOf, type NumberWords } from './number-words.ts';
import { progressLine, virtualTime } from './progress.ts';

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
    const exploration = await explore(scenario, options);
    output.print(summary(exploration, performance.now() - startMs, output));
    return ExitCode.passed;
  } catch (error) {
    const isKnown = [DivergenceError, VacuousError, EscapeError].some((kind) => error instanceof kind);
    if (error instanceof CheckFailure) await printFailure(error, output);
    else if (isKnown) output.print(`${output.red((error as Error).name)}: ${(error as Error).message}\n\n`);
    else throw error;
    return error instanceof EscapeError ? ExitCode.usage : ExitCode.counterexample;
  }
}

async function printFailure(failure: CheckFailure, output: Output): Promise<void> {
  const text = `${failure.name}: ${failure.message}\n`;
  await mkdir(REPORT_FOLDER, { recursive: true });
  const report = join(
    REPORT_FOLDER,
    `${failure.result.scenario.replace(/[^\w.-]+/g, '-')}-${failure.result.seed}.txt`,
  );
  await writeFile(report, `${text}\n${JSON.stringify(failure.result.plan, null, 2)}\n`);
  output.print(`${text.replace(failure.name, output.red(failure.name))}  report: ${report}\n\n`);
}

function summary(exploration: Exploration, elapsedMs: number, output: Output): string {
  const { scenario, runs, virtualMs, steps, reached, struck, repeated, seed, isInterrupted } = exploration;
  const perSecond = Math.round((runs * 1000) / Math.max(1, elapsedMs));
  const state = isInterrupted ? 'interrupted' : output.green('passed');
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
    '\n'
  );
}
