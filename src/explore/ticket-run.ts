// The run of a ticket: its input, checked against the scenario as it is now, and whether the run still says
// what the ticket said.

import { StaleReplayError, TokenError } from '../errors.ts';
import { describeFault } from '../faults/describe.ts';
import type { Fault, FaultPlan } from '../faults/fault.ts';
import { checkPlan } from '../faults/plan.ts';
import type { RunResult } from '../scenario/result.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { checkSeed } from '../scenario/simulate.ts';
import { decodeToken, type Ticket } from './token.ts';

/** What a ticket's run is made of. */
export interface TicketInput<Workload> {
  readonly seed: number;
  readonly plan: FaultPlan;
  readonly workload: Workload;
}

/** @throws {TokenError} If the token is damaged, of another version, or for another scenario. */
export function ticketFor({ name }: Pick<Scenario, 'name'>, token: string): Ticket {
  const ticket = decodeToken(token);
  if (ticket.scenario === name) return ticket;
  throw new TokenError(`The replay token is for scenario \`${ticket.scenario}\`, not for \`${name}\`.`);
}

/** @throws {StaleReplayError} If the plan does not fit the scenario any more. */
export function inputOf<Workload>(scenario: Scenario<Workload>, ticket: Ticket): TicketInput<Workload> {
  const { seed, plan, workload } = ticket;
  try {
    const hosts = [...scenario.hosts.keys()];
    return { seed: checkSeed('seed', seed), plan: checkPlan(plan, hosts), workload: workload as Workload };
  } catch (error) {
    throw new StaleReplayError(
      `the token no longer fits the scenario \`${scenario.name}\`: ${(error as Error).message}`,
    );
  }
}

/** @throws {StaleReplayError} If a run that does not fail says nothing about what the ticket is about. */
export function refuseStale(ticket: Ticket, result: RunResult): void {
  if (result.verdict === 'unsurvivable') {
    const beyond = (result.beyondBudget ?? []).map((each) => `  ${each}`).join('\n');
    throw new StaleReplayError(
      `the run fails, but it is not survivable by the stated budget, which is another one now:\n${beyond}\n` +
        '  Explore again: `npx wavetank explore`.',
    );
  }
  // That of a run that passed says nothing about a failure.
  if (ticket.failure === undefined) return;
  const missed = ticket.plan.faults.filter((fault) => !hasStruck(fault, result.ledger));
  if (missed.length === 0) return;
  const list = missed.map((fault) => `  ${describeFault(fault)}`).join('\n');
  throw new StaleReplayError(
    'the run passes, but not because it is repaired: the scenario changed, and these faults of the token ' +
      `struck nothing:\n${list}\n` +
      '  Explore again: `npx wavetank explore`.',
  );
}

/** Whether it is the run that the token was made of, and fails as that one did. */
export function remarksOn(ticket: Ticket, { hash, violations }: RunResult): string[] {
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
