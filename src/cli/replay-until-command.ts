// `wavetank replay --until`, `--break-on`, `--inspect`: makes one run up to a moment and tells the story so
// far, or stops there in a debugger.

import { expectDebugger } from '../ambient/debugging.ts';
import type { MomentWords } from '../explore/moments.ts';
import {
  checkStep,
  replayUntil,
  replayWatched,
  type Onlooker,
  type RunUntil,
} from '../explore/replay-until.ts';
import type { Output } from '../report/reporters/reporter.ts';
import { paintedStory } from '../report/paint-story.ts';
import { runUntilStory } from '../report/run-until.ts';
import { maskFor, showRun } from '../report/shown-run.ts';
import { visibleText } from '../report/visible-text.ts';
import type { RunResult } from '../scenario/result.ts';
import { withReportOptions, type ReportOptions } from '../scenario/report-options.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { Words } from './command.ts';
import { debuggerAddress, letDebuggerIn, Stop, type DebuggerAddress } from './debugger.ts';
import { ExitCode, UsageError } from './exit-code.ts';

/** The words of a call that is about a moment. */
export interface UntilWords {
  readonly moment: MomentWords;
  /** Where a debugger is let in; undefined where none is wanted. */
  readonly inspect: DebuggerAddress | undefined;
}

/** A run to be looked at. */
export interface Looked {
  readonly scenario: Scenario;
  readonly token: string;
  readonly shown: ReportOptions;
}

/** Options that are about a whole run. */
const WHOLE = ['reporter', 'otlp', 'chrome-trace'] as const;

/**
 * Reads the words; undefined where the call is about the whole run. Before any code is loaded that a
 * debugger is to show.
 *
 * @throws {UsageError} If words do not go together, or say nothing.
 */
export function untilWordsOf(words: Words): UntilWords | undefined {
  const { until, inspect, 'break-on': breakOn } = words as Record<string, string | undefined>;
  if (until === undefined && breakOn === undefined && inspect === undefined) return undefined;
  for (const name of WHOLE) {
    if (words[name] !== undefined)
      throw new UsageError(
        `--${name} is about a whole run: it goes without --until, --break-on and --inspect.`,
      );
  }
  if (until !== undefined && breakOn !== undefined)
    throw new UsageError('Expected --until or --break-on, got both: a run is stopped at one moment.');
  if (breakOn === '') throw new UsageError('Expected --break-on to name what happens, got "".');
  const address = inspect === undefined ? undefined : debuggerAddress(inspect);
  if (address !== undefined) expectDebugger();
  const untilStep =
    until === undefined ? undefined : checkStep('--until', /^\d+$/.test(until) ? Number(until) : until);
  return { moment: { untilStep, breakOn }, inspect: address };
}

/** Makes the run, and tells it. @returns the exit code. */
export async function lookAt(looked: Looked, until: UntilWords, output: Output): Promise<number> {
  const { scenario, token } = looked;
  const { moment, inspect } = until;
  if (inspect !== undefined) return inspected(looked, { moment, inspect }, output);
  const { result, ...at } = await replayUntil(scenario, token, moment);
  return tell(result, at, looked, output);
}

async function inspected(
  looked: Looked,
  { moment: words, inspect }: { moment: MomentWords; inspect: DebuggerAddress },
  output: Output,
): Promise<number> {
  const { scenario, token } = looked;
  let stop: Stop | undefined;
  const onlooker: Onlooker = {
    ready({ moment, event }) {
      const { host = 'driver', what = 'the beginning', atUs = 0 } = event ?? {};
      const text = `Stops at step ${moment.step}, host \`${host}\`: ${what}`;
      letDebuggerIn(inspect, () => process.stderr.write(`${visibleText(text)}\n`));
      stop = new Stop({ step: moment.step, atMs: atUs / 1_000, host, what });
    },
    pause({ entry }, goOn) {
      // While an entry of the trace is written, its code is running.
      if (entry === undefined) stop?.atFirstStatement(goOn);
      else stop?.here(goOn);
    },
  };
  const { alone, watched } = await replayWatched(scenario, token, { words, onlooker });
  stop?.end();
  if (stop?.isOver === false) output.print('No code of this host ran from that step on.\n');
  if (alone.hash !== watched.hash)
    output.print('Another run than without the debugger: something was changed in it.\n');
  return tell(watched, undefined, looked, output);
}

/** @param at - Where the run was stopped; undefined where it went to its end. */
function tell(
  result: RunResult,
  at: Pick<RunUntil, 'moment' | 'event'> | undefined,
  { scenario, shown }: Looked,
  output: Output,
): number {
  const hosts = [...scenario.hosts.keys()];
  const mask = maskFor(withReportOptions(scenario.report, shown), hosts, [result]);
  const { host = 'driver', what = 'the beginning of the run' } = at?.event ?? {};
  const stopped = at === undefined ? undefined : { step: at.moment.step, host, what: mask.text(what) };
  const story = runUntilStory(showRun(result, mask), hosts, stopped);
  output.print(`${paintedStory(story, output).join('\n')}\n`);
  return result.verdict === 'ok' ? ExitCode.passed : ExitCode.counterexample;
}
