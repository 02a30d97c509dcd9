// `wavetank mutate`: alters runs of the scenarios of files, and prints what no check noticed.

import { BaselineError, DivergenceError, EscapeError, StaleReplayError } from '../errors.ts';
import { mutate } from '../mutate/mutate.ts';
import type { MutateOptions } from '../mutate/mutate-options.ts';
import { decodeMutation } from '../mutate/mutation-token.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { Words } from './command.ts';
import { ExitCode, UsageError } from './exit-code.ts';
import { findScenarioFiles, loadScenarios } from './load-scenarios.ts';
import type { Output } from '../report/reporters/reporter.ts';
import { Selection } from './select-scenarios.ts';
import { mutationText } from './mutation-text.ts';
import { numbersOf } from './number-words.ts';
import type { Surroundings } from './reporting.ts';

interface MutateWords {
  readonly only?: string;
  readonly json?: boolean;
  readonly accept?: readonly string[];
}

/** Real milliseconds between two looks of the moving line. */
const MOVING_EVERY_MS = 100;

/** Alters runs of every scenario of the files. @returns the exit code. */
export async function mutateCommand(
  places: readonly string[],
  words: Words,
  { output }: Surroundings,
): Promise<number> {
  const { only, json, accept } = words as MutateWords;
  const scenarioName = only === undefined ? undefined : nameIn(only, places, words);
  const interrupt = new AbortController();
  const onInterrupt = (): void => interrupt.abort();
  process.on('SIGINT', onInterrupt);
  try {
    const base = {
      ...numbersOf(words),
      ...(only === undefined ? {} : { only }),
      ...(accept === undefined ? {} : { accept }),
      signal: interrupt.signal,
    };
    let code: number = ExitCode.passed;
    const selection = new Selection(words);
    for (const file of await findScenarioFiles(places)) {
      for (const scenario of chosen(selection.of(await loadScenarios(file)), scenarioName)) {
        const onProgress = progressOf(scenario.name, output);
        const came = await mutateOne(
          scenario,
          { ...base, onProgress },
          { file, json: json === true, output },
        );
        if (code !== ExitCode.counterexample && came !== ExitCode.passed) code = came;
        if (interrupt.signal.aborted) return ExitCode.interrupted;
      }
    }
    selection.check();
    return code;
  } finally {
    process.off('SIGINT', onInterrupt);
  }
}

/** The scenario that a token is about. @throws {UsageError} If something besides it makes no sense. */
function nameIn(only: string, places: readonly string[], words: Words): string {
  const { runs, time, seed, grep, tag } = words;
  if (places.length !== 1) throw new UsageError('Expected `wavetank mutate FILE --only TOKEN`.');
  if ((runs ?? time ?? seed) !== undefined)
    throw new UsageError('--only makes one run: it goes without --runs, --time and --seed.');
  if ((grep ?? tag) !== undefined)
    throw new UsageError('--only names its scenario: it goes without --grep and --tag.');
  return decodeMutation(only).scenario;
}

/** The one that is meant, or the first, which says that it is another; all, where none is. */
function chosen(scenarios: readonly Scenario[], name: string | undefined): readonly Scenario[] {
  if (name === undefined) return scenarios;
  return [scenarios.find((scenario) => scenario.name === name) ?? scenarios[0]].filter(
    (scenario) => scenario !== undefined,
  );
}

/** @returns the exit code, if there were no other scenario. */
async function mutateOne(
  scenario: Scenario,
  options: MutateOptions,
  { file, json, output }: { file: string; json: boolean; output: Output },
): Promise<number> {
  try {
    const report = await mutate(scenario, options);
    output.print(json ? `${JSON.stringify(report)}\n` : mutationText(report, { file, output }));
    return report.survivors.length > 0 ? ExitCode.counterexample : ExitCode.passed;
  } catch (error) {
    const isKnown = [BaselineError, DivergenceError, EscapeError, StaleReplayError].some(
      (kind) => error instanceof kind,
    );
    if (!isKnown) throw error;
    output.print(`${output.red((error as Error).name)}: ${(error as Error).message}\n\n`);
    if (error instanceof EscapeError) return ExitCode.usage;
    return error instanceof StaleReplayError ? ExitCode.stale : ExitCode.counterexample;
  }
}

function progressOf(name: string, output: Output): NonNullable<MutateOptions['onProgress']> {
  let shownMs = performance.now();
  return ({ runs, survived }) => {
    if (performance.now() - shownMs < MOVING_EVERY_MS) return;
    shownMs = performance.now();
    output.progress(`${output.bold(name)} ${output.dim(`${runs} altered runs, ${survived} survived`)}`);
  };
}
