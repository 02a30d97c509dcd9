// `wavetank deflake`: says of each test of ordinary test files whether its outcome depends on the order of
// events.

import { deflake, replayTest, type DeflakeOptions, type DeflakeReport } from '../deflake/deflake.ts';
import { DivergenceError, StaleReplayError } from '../errors.ts';
import type { Output } from '../report/reporters/reporter.ts';
import { deflakeText, replayedText } from './deflake-text.ts';
import { ExitCode, UsageError } from './exit-code.ts';
import { numbersOf, type NumberWords } from './number-words.ts';

/** The options as words. */
export interface DeflakeWords extends NumberWords {
  /** A token: makes one run again. */
  readonly replay: string | undefined;
  /** The day on which the tests run. Default: today. */
  readonly today: string | undefined;
  readonly 'in-order': boolean | undefined;
}

/** The lines of the help. */
export const deflakeHelp: string = [
  '  wavetank deflake FILE ...        tells which tests of a file are flaky: of node:test, Vitest, Jest',
  '      --runs N                     runs for each file (default 500, or as many as --time allows)',
  '      --time 10s, --seed S         as above',
  '      --today 2026-11-21           the day on which the tests run (default: this one)',
  '      --in-order                   never runs the tests of a file in another order',
  '  wavetank deflake FILE --replay TOKEN   makes one of the two outcomes of a test again',
  '',
].join('\n');

/** Real milliseconds between two looks of the moving line. */
const MOVING_EVERY_MS = 100;

/** Deflakes each file. @returns the exit code. */
export async function deflakeCommand(
  words: readonly string[],
  options: DeflakeWords,
  { env, output }: { readonly env: Readonly<Record<string, string | undefined>>; readonly output: Output },
): Promise<number> {
  const { replay, today = dayOf(new Date()), 'in-order': inOrder = false, ...numbers } = options;
  const own = environmentOf(env);
  if (words.length === 0) throw new UsageError('Expected `wavetank deflake FILE ...`.');
  try {
    if (replay !== undefined) return await replayOne(words, { ...options, replay }, { env: own, output });
    const interrupt = new AbortController();
    const onInterrupt = (): void => interrupt.abort();
    process.on('SIGINT', onInterrupt);
    try {
      let code: number = ExitCode.passed;
      for (const file of words) {
        const shared = {
          ...numbersOf(numbers),
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
  words: readonly string[],
  { replay, runs, time, seed, today, 'in-order': inOrder }: DeflakeWords & { readonly replay: string },
  { env, output }: { readonly env: Readonly<Record<string, string>>; readonly output: Output },
): Promise<number> {
  const [file, ...rest] = words;
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
