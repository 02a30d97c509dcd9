// `wavetank replay`: makes one run of a scenario file again, and tells reporters what came of it.

import { replay, type ReplayResult } from '../explore/replay.ts';
import { decodeToken } from '../explore/token.ts';
import { scenarioReport } from '../report/build-document.ts';
import type { ScenarioReport } from '../report/document.ts';
import type { ReportOptions } from '../scenario/report-options.ts';
import { ExitCode, UsageError } from './exit-code.ts';
import { loadScenarios } from './load-scenarios.ts';
import type { ChosenReporter } from './reporter-words.ts';
import { Reporting, type Surroundings } from './reporting.ts';

/** What each outcome means for the exit code. */
const EXIT_CODES: Readonly<Record<ScenarioReport['outcome'], number>> = {
  passed: ExitCode.passed,
  interrupted: ExitCode.interrupted,
  escaped: ExitCode.usage,
  failed: ExitCode.counterexample,
  vacuous: ExitCode.counterexample,
  diverged: ExitCode.stale,
  stale: ExitCode.stale,
};

/** Replays a token. @returns the exit code. */
export async function replayCommand(
  words: readonly string[],
  { chosen, report: shown }: { chosen: readonly ChosenReporter[]; report?: ReportOptions },
  surroundings: Surroundings,
): Promise<number> {
  const [file, token, ...rest] = words;
  if (file === undefined || token === undefined || rest.length > 0) {
    throw new UsageError('Expected `wavetank replay FILE TOKEN`.');
  }
  const ticket = decodeToken(token);
  const reporting = new Reporting(chosen, surroundings);
  const scenarios = await loadScenarios(file);
  const scenario = scenarios.find(({ name }) => name === ticket.scenario) ?? scenarios[0];
  if (scenario === undefined) throw new UsageError(`${file} exports no scenario.`);
  const startMs = performance.now();
  reporting.begin(scenario.name);
  const came: unknown = await replay(scenario, token, shown === undefined ? {} : { report: shown }).catch(
    (error: unknown) => error,
  );
  const elapsedMs = Math.round(performance.now() - startMs);
  const report = scenarioReport({ scenario, came, seed: ticket.seed, elapsedMs });
  const passed = report.outcome === 'passed' ? { message: passedText(came as ReplayResult) } : {};
  await reporting.ended({ ...report, ...passed });
  await reporting.end();
  return EXIT_CODES[report.outcome];
}

function passedText({ result, isSameRun }: ReplayResult): string {
  const trace = isSameRun
    ? 'the very same run'
    : `another run than recorded (trace ${result.hash}): the code changed`;
  return `${trace}. It does not fail any more.`;
}
