// `wavetank deflake`: says of each test of ordinary test files whether its outcome depends on the order of
// events.

import { deflake, replayTest, type DeflakeOptions, type DeflakeReport } from '../deflake/deflake.ts';
import { DivergenceError, StaleReplayError } from '../errors.ts';
import type { Output } from '../report/reporters/reporter.ts';
import { deflakeText, replayedText } from './deflake-text.ts';
import type { Words } from './command.ts';
import { ExitCode, UsageError } from './exit-code.ts';
import { numbersOf } from './number-words.ts';
import type { Surroundings } from './reporting.ts';

interface DeflakeWords {
  /** A token: makes one run again. */
  readonly replay?: string;
  /** The day on which the tests run. Default: today. */
  readonly today?: string;
  readonly 'in-order'?: boolean;
}

/** Real milliseconds between two looks of the moving line. */
const MOVING_EVERY_MS = 100;

/** Deflakes each file. @returns the exit code. */
export async function deflakeCommand(
  files: readonly string[],
  words: Words,
  { env, output }: Pick<Surroundings, 'env' | 'output'>,
): Promise<number> {
  const { replay, today = dayOf(new Date()), 'in-order': inOrder = false } = words as DeflakeWords;
  const own = environmentOf(env);
  if (files.length === 0) throw new UsageError('Expected `wavetank deflake FILE ...`.');
  try {
    if (replay !== undefined) return await replayOne(files, { ...words, replay }, { env: own, output });
    const interrupt = new AbortController();
    const onInterrupt = (): void => interrupt.abort();
    process.on('SIGINT', onInterrupt);
    try {
      let code: number = ExitCode.passed;
      for (const file of files) {
        const shared = {
          ...numbersOf(words),
          today,
          shuffles: !inOrder,
          env: own,
          signal: interrupt.signal,
        };
        const report = await deflake(file, { ...shared, onProgress: progressOf(file, output) });
        output.print(deflakeText(report, output));
        if (isBad(report)) code = ExitCode.counterexample;
        if (report.isInterrupted) return ExitCode.interrupted;
      }
      return code;
    } finally {
      process.off('SIGINT', onInterrupt);
    }
  } catch (error) {
    if (!(error instanceof DivergenceError) && !(error instanceof StaleReplayError)) throw error;
    output.print(`${output.red(error.name)}: ${error.message}\n\n`);
    return ExitCode.stale;
  }
}

async function replayOne(
  files: readonly string[],
  { replay, runs, time, seed, today, 'in-order': inOrder }: Words & { readonly replay: string },
  { env, output }: { readonly env: Readonly<Record<string, string>>; readonly output: Output },
): Promise<number> {
  const [file, ...rest] = files;
  if (file === undefined || rest.length > 0)
    throw new UsageError('Expected `wavetank deflake FILE --replay TOKEN`.');
  if ((runs ?? time ?? seed ?? today ?? inOrder) !== undefined)
    throw new UsageError(
      '--replay makes one run: it goes without --runs, --time, --seed, --today, --in-order.',
    );
  const replayed = await replayTest(file, replay, env);
  output.print(replayedText(replayed, output));
  return replayed.outcome.verdict === 'failed' ? ExitCode.counterexample : ExitCode.passed;
}

function isBad({ tests }: DeflakeReport): boolean {
  return tests.some(({ verdict }) => verdict === 'flaky' || verdict === 'fails');
}

/** That of whoever called, as a test runner passes it on. */
function environmentOf(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const given = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { NODE_ENV: 'test', ...Object.fromEntries(given) };
}

/** `2026-11-21`, in UTC. */
function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}

function progressOf(file: string, output: Output): NonNullable<DeflakeOptions['onProgress']> {
  let shownMs = performance.now();
  return ({ runs, flaky }) => {
    if (performance.now() - shownMs < MOVING_EVERY_MS) return;
    shownMs = performance.now();
    output.progress(`${output.bold(file)} ${output.dim(`${runs} runs, ${flaky} flaky`)}`);
  };
}
