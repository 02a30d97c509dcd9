// `wavetank replay`: makes one run of a scenario file again, and tells reporters what came of it.

import { replay, type ReplayResult } from '../explore/replay.ts';
import { decodeToken, type Ticket } from '../explore/token.ts';
import { scenarioReport } from '../report/build-document.ts';
import { buildRun } from '../report/build-run.ts';
import { chromeTraceOf } from '../report/chrome-trace.ts';
import type { ScenarioReport } from '../report/document.ts';
import { otlpOf } from '../report/otlp.ts';
import { maskFor, showRun } from '../report/shown-run.ts';
import type { TracedRun } from '../report/telemetry/run-span.ts';
import { withReportOptions } from '../scenario/report-options.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { Words } from './command.ts';
import { EXPLORE_CODES, ExitCode, UsageError } from './exit-code.ts';
import { loadScenarios } from './load-scenarios.ts';
import { reportOptionsOf } from './mask-words.ts';
import { lookAt, untilWordsOf } from './replay-until-command.ts';
import { checkWritable, writeWhole } from './report-file.ts';
import { chosenReporters } from './reporter-words.ts';
import { Reporting, type Surroundings } from './reporting.ts';

/** What each outcome means for the exit code: as of an exploration, but that the token may be out of date. */
const REPLAY_CODES: Readonly<Record<ScenarioReport['outcome'], number>> = {
  ...EXPLORE_CODES,
  diverged: ExitCode.stale,
  stale: ExitCode.stale,
};

/** Files that the run is written to as traces. */
interface TraceWords {
  readonly otlp?: string;
  readonly 'chrome-trace'?: string;
}

/** Replays a token. @returns the exit code. */
export async function replayCommand(
  positionals: readonly string[],
  words: Words,
  surroundings: Surroundings,
): Promise<number> {
  const shown = reportOptionsOf(words);
  const chosen = chosenReporters(words, surroundings.env);
  const { otlp, 'chrome-trace': chromeTrace } = words as TraceWords;
  const [file, token, ...rest] = positionals;
  if (file === undefined || token === undefined || rest.length > 0) {
    throw new UsageError('Expected `wavetank replay FILE TOKEN`.');
  }
  const ticket = decodeToken(token);
  const until = untilWordsOf(words);
  if (otlp !== undefined) checkWritable('--otlp', otlp);
  if (chromeTrace !== undefined) checkWritable('--chrome-trace', chromeTrace);
  // Before the file is loaded: what it prints is no part of a report.
  const reporting = new Reporting(until === undefined ? chosen : [], surroundings);
  const scenarios = await loadScenarios(file);
  const scenario = scenarios.find(({ name }) => name === ticket.scenario) ?? scenarios[0];
  if (scenario === undefined) throw new UsageError(`${file} exports no scenario.`);
  if (until !== undefined) return lookAt({ scenario, token, shown }, until, surroundings.output);
  const startMs = performance.now();
  reporting.begin(scenario.name);
  const came: unknown = await replay(scenario, token, { report: shown }).catch((error: unknown) => error);
  const elapsedMs = Math.round(performance.now() - startMs);
  const report = scenarioReport({ scenario, came, seed: ticket.seed, elapsedMs });
  const passed = report.outcome === 'passed' ? { message: passedText(came as ReplayResult, ticket) } : {};
  await reporting.ended({ ...report, ...passed });
  await reporting.end();
  const run = tracedRun(came, report, { ...scenario, report: withReportOptions(scenario.report, shown) });
  if (otlp !== undefined) writeTraces(otlp, run === undefined ? run : otlpOf(run));
  if (chromeTrace !== undefined) writeTraces(chromeTrace, run === undefined ? run : chromeTraceOf(run));
  return REPLAY_CODES[report.outcome];
}

/** The run, whether it failed or not; undefined where there was none to the end. */
function tracedRun(came: unknown, { failure }: ScenarioReport, scenario: Scenario): TracedRun | undefined {
  if (failure !== undefined) return { ...failure.run, violations: [failure] };
  if (came instanceof Error) return undefined;
  const { result } = came as ReplayResult;
  const hosts = [...scenario.hosts.keys()];
  return buildRun(showRun(result, maskFor(scenario.report, hosts, [result])), hosts);
}

function writeTraces(path: string, traces: object | undefined): void {
  if (traces !== undefined) writeWhole(path, `${JSON.stringify(traces)}\n`);
}

function passedText({ result, isSameRun }: ReplayResult, { failure }: Ticket): string {
  const trace = isSameRun
    ? 'the very same run'
    : `another run than recorded (trace ${result.hash}): the code changed`;
  // A token of a run that did badly by a service level is that of a run that passed.
  return `${trace}.${failure === undefined ? '' : ' It does not fail any more.'}`;
}
