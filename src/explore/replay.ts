// `replay`: makes exactly the run of a token again, or says why it cannot.

import { relative } from 'node:path';
import { callerLines } from '../engine/call-site.ts';
import { checkKeys, StaleReplayError, TokenError } from '../errors.ts';
import { describeFault } from '../faults/describe.ts';
import type { Fault } from '../faults/fault.ts';
import { checkPlan } from '../faults/plan.ts';
import { checkReportOptions, withReportOptions, type ReportOptions } from '../scenario/report-options.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { RunResult } from '../scenario/result.ts';
import { checkSeed, runOnce, whileInstalled } from '../scenario/simulate.ts';
import type { RunInput } from '../scenario/simulation.ts';
import { calledFrom } from './check-failure.ts';
import { assertSameRun } from './divergence.ts';
import { explain, type Explanation } from './explanation.ts';
import { refuseEscape } from './refuse-escape.ts';
import { toldFailure } from './told-failure.ts';
import { decodeToken, type Ticket } from './token.ts';

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
  if (result.verdict === 'unsurvivable') {
    const beyond = (result.beyondBudget ?? []).map((each) => `  ${each}`).join('\n');
    throw new StaleReplayError(
      `the run fails, but it is not survivable by the stated budget, which is another one now:\n${beyond}\n` +
        '  Explore again: `npx wavetank explore`.',
    );
  }
  // That of a run that passed says nothing about a failure.
  if (ticket.failure === undefined) return { result, isSameRun };
  const missed = ticket.plan.faults.filter((fault) => !hasStruck(fault, result.ledger));
  if (missed.length > 0) {
    const list = missed.map((fault) => `  ${describeFault(fault)}`).join('\n');
    throw new StaleReplayError(
      'the run passes, but not because it is repaired: the scenario changed, and these faults of the token ' +
        `struck nothing:\n${list}\n` +
        '  Explore again: `npx wavetank explore`.',
    );
  }
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

/** @throws {TokenError} If the token is damaged, of another version, or for another scenario. */
export function ticketFor({ name }: Pick<Scenario, 'name'>, token: string): Ticket {
  const ticket = decodeToken(token);
  if (ticket.scenario === name) return ticket;
  throw new TokenError(`The replay token is for scenario \`${ticket.scenario}\`, not for \`${name}\`.`);
}

/** The input of the run of a ticket. @throws {StaleReplayError} If it no longer fits the scenario. */
export function inputOf<Workload>(
  { name, hosts }: Pick<Scenario<Workload>, 'name' | 'hosts'>,
  { seed, plan, workload }: Ticket,
): Pick<RunInput<Workload>, 'seed' | 'plan' | 'workload'> {
  try {
    const checked = checkPlan(plan, [...hosts.keys()]);
    return { seed: checkSeed('seed', seed), plan: checked, workload: workload as Workload };
  } catch (error) {
    throw new StaleReplayError(
      `the token no longer fits the scenario \`${name}\`: ${(error as Error).message}`,
    );
  }
}

async function makeTwice<Workload>(
  scenario: Scenario<Workload>,
  ticket: Ticket,
  signal: AbortSignal | undefined,
): Promise<{ result: RunResult<Workload>; explanation: Explanation | undefined }> {
  const input = inputOf<Workload>(scenario, ticket);
  return whileInstalled(scenario, async () => {
    const first = await runOnce({ scenario, ...input, isRecorded: true });
    const second = await runOnce({ scenario, ...input, isRecorded: true });
    assertSameRun(first, second);
    refuseEscape(first);
    const explanation = first.verdict === 'illegal' ? await explain(scenario, first, signal) : undefined;
    return { result: first, explanation };
  });
}

/** Whether it is the run that the token was made of, and fails as that one did. */
function remarksOn(ticket: Ticket, { hash, violations }: RunResult): string[] {
  const [violation] = violations;
  const remarks = [
    hash === ticket.hash
      ? `the same run: trace ${hash}`
      : `not the recorded run: trace ${hash}, recorded ${ticket.hash}; the code changed since`,
  ];
  if (ticket.failure !== undefined && ticket.failure[1] !== violation?.name) {
    remarks.push(`recorded failure: ${ticket.failure[0]} \`${ticket.failure[1]}\``);
  }
  return remarks;
}

function hasStruck(fault: Fault, ledger: readonly Fault[]): boolean {
  return ledger.some((struck) => JSON.stringify(struck) === JSON.stringify(fault));
}
