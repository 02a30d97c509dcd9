// `replay`: makes exactly the run of a token again, or says why it cannot.

import { relative } from 'node:path';
import { callerLines } from '../engine/call-site.ts';
import { checkKeys } from '../errors.ts';
import { checkReportOptions, withReportOptions, type ReportOptions } from '../scenario/report-options.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { RunResult } from '../scenario/result.ts';
import { runOnce, whileInstalled } from '../scenario/simulate.ts';
import { calledFrom } from './quiet-failure.ts';
import { assertSameRun } from './divergence.ts';
import { explain, type Explanation } from './explanation.ts';
import { refuseEscape } from './refuse-escape.ts';
import { inputOf, refuseStale, remarksOn, ticketFor } from './ticket-run.ts';
import { toldFailure } from './told-failure.ts';
import type { Ticket } from './token.ts';

/** Options of {@link replay}. */
export interface ReplayOptions {
  /** What the message of a failure may show, besides what the scenario says. */
  readonly report?: ReportOptions;
  /** Makes no further run to compare with, once it is aborted. */
  readonly signal?: AbortSignal;
}

/** What a replay that does not fail gives back. */
export interface ReplayResult {
  readonly result: RunResult;
  /** Whether it is the very run of the token: equal trace hashes. */
  readonly isSameRun: boolean;
}

/**
 * Makes exactly the run of a token again, recorded, twice.
 *
 * @returns The run, if it does not fail: what failed when the token was made has been repaired.
 * @throws {CheckFailure} If it fails: the expected result.
 * @throws {EscapeError} If a host called what cannot be made deterministic.
 * @throws {TokenError} If the token is damaged, of another version, or for another scenario.
 * @throws {OptionError} If an option is unknown or out of range.
 * @throws {StaleReplayError} If the scenario changed so that the token no longer says anything about it.
 * @throws {DivergenceError} If the two runs differ from each other.
 */
export async function replay<Workload>(
  scenario: Scenario<Workload>,
  token: string,
  options: ReplayOptions = {},
): Promise<ReplayResult> {
  const lines = callerLines();
  checkKeys('replay', options, ['report', 'signal']);
  const report = withReportOptions(scenario.report, checkReportOptions(options.report ?? {}));
  const ticket = ticketFor(scenario, token);
  const { result, explanation } = await makeTwice(scenario, ticket, options.signal);
  const isSameRun = result.hash === ticket.hash;
  if (explanation !== undefined) {
    const hosts = scenario.hosts.keys();
    const replayLine = replayLineOf(scenario, token);
    const remarks = remarksOn(ticket, result);
    const runs = { explored: 0, shrinking: 0 };
    const told = { hosts, result, explanation, token, replayLine, remarks, runs, report };
    throw calledFrom(toldFailure(told), lines);
  }
  refuseStale(ticket, result);
  return { result, isSameRun };
}

/** The command that replays a token, as printed below a failure. */
export function replayLineOf(scenario: Pick<Scenario, 'file'>, token: string): string {
  if (scenario.file === undefined || !/\.sim\.[cm]?[jt]s$/.test(scenario.file)) {
    return `await replay(scenario, '${token}')`;
  }
  const path = relative(process.cwd(), scenario.file);
  return `npx wavetank replay ${/[^\w./@-]/.test(path) ? quoted(path) : path} ${token}`;
}

/** As a shell takes it: nothing in it means anything else. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

async function makeTwice<Workload>(
  scenario: Scenario<Workload>,
  ticket: Ticket,
  signal: AbortSignal | undefined,
): Promise<{ result: RunResult<Workload>; explanation: Explanation | undefined }> {
  const input = inputOf(scenario, ticket);
  return whileInstalled(scenario, async () => {
    const first = await runOnce({ scenario, ...input, isRecorded: true });
    const second = await runOnce({ scenario, ...input, isRecorded: true });
    assertSameRun(first, second);
    refuseEscape(first);
    const explanation = first.verdict === 'illegal' ? await explain(scenario, first, signal) : undefined;
    return { result: first, explanation };
  });
}
