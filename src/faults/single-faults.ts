// The faults that could each be added to a run: one for each message that it sent, and one for each host and
// step. Only those of a budget that are finitely many.

import type { FaultBudget, LinkSelection } from './budget.ts';
import type { Fault, MessageFault } from './fault.ts';
import { mayBefall } from './plan.ts';
import type { MessageTopic } from './struck.ts';
import { withinBudget } from './within-budget.ts';

/** The one length that each kind of fault is tried with, in virtual milliseconds. */
export interface FaultTimes {
  /** By how much a delayed message is late. */
  readonly delayMs: number;
  /** After how long a message comes again. */
  readonly againMs: number;
  /** How long a host is down. */
  readonly downMs: number;
}

/** What a run was, for the faults that could have struck in it. */
export interface FaultPlaces {
  /** How many messages of each sort were sent. */
  readonly sent: readonly (MessageTopic & { readonly count: number })[];
  readonly steps: number;
}

const MESSAGE_KINDS: readonly MessageFault['kind'][] = ['drop', 'reset', 'refuse', 'duplicate', 'delay'];

/** The kinds of faults that are finitely many in a run. */
export const SINGLE_KINDS: readonly Fault['kind'][] = [...MESSAGE_KINDS, 'crash'];

/**
 * Lists what a budget allows of dropped, reset, refused, duplicated and delayed messages, and of crashes
 * before each step.
 *
 * @param given - The faults that the run has already: what goes beyond the budget together with them is left
 *   out.
 */
export function singleFaults(
  budget: FaultBudget | undefined,
  { sent, steps }: FaultPlaces,
  { times, given = [] }: { times: FaultTimes; given?: readonly Fault[] },
): Fault[] {
  if (budget === undefined) return [];
  const faults: Fault[] = [];
  for (const { count, ...topic } of sent) {
    for (const kind of MESSAGE_KINDS) {
      if (!isAllowed(budget[kind], topic) || !mayBefall(kind, topic.message)) continue;
      for (let nth = 1; nth <= count; nth++) faults.push(messageFault(kind, { ...topic, nth }, times));
    }
  }
  for (const host of budget.crash ?? []) {
    for (let step = 1; step <= steps; step++)
      faults.push({ kind: 'crash', host, atMs: 0, after: { step }, downMs: times.downMs });
  }
  return faults.filter((fault) => withinBudget(budget, [...given, fault]).length === given.length + 1);
}

function isAllowed(links: LinkSelection | undefined, { from, to }: MessageTopic): boolean {
  return links === true || (Array.isArray(links) && links.includes(`${from} -> ${to}`));
}

function messageFault(
  kind: MessageFault['kind'],
  message: MessageTopic & { nth: number },
  { delayMs, againMs }: FaultTimes,
): MessageFault {
  if (kind === 'delay') return { kind, ...message, byMs: delayMs };
  if (kind === 'duplicate') return { kind, ...message, afterMs: againMs };
  return { kind, ...message };
}

/** Tells whether a fault of a plan is among what struck. */
export function didStrike(fault: Fault, ledger: readonly Fault[]): boolean {
  const place = placeOf(fault);
  return ledger.some((each) => each.kind === fault.kind && placeOf(each) === place);
}

function placeOf(fault: Fault): string {
  if ('message' in fault) {
    const { from, to, message, label, nth } = fault;
    return JSON.stringify([from, to, message, label, nth]);
  }
  return 'host' in fault ? fault.host : '';
}
