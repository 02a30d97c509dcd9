// Checks a fault plan that came from outside: a file, a token, a person.

import { OptionError, nearMiss } from '../errors.ts';
import { checkBuggify, checkBuggifyChance } from './buggify.ts';
import { checkCore } from './core.ts';
import { checkRequestChance, checkRequestFault, REQUEST_KINDS, requestKind } from './answers/table.ts';
import { checkDiskChances, checkDiskFault, DISK_KIND_NAMES, isDiskFault } from './disk-fault.ts';
import { checkedUsFromMs } from '../time/duration.ts';
import type { MessageKind } from '../network/message.ts';
import type { Fault, FaultChance, FaultPlan, MessageFault } from './fault.ts';
import { checkOrder } from './order.ts';
import { TIMED_KINDS, timedKind } from './kinds/table.ts';
import { checkTimed, checkTimes, type Loose } from './timed.ts';

const MESSAGE_KINDS: readonly string[] = ['drop', 'reset', 'refuse', 'duplicate', 'delay'];
const KINDS: readonly string[] = [
  ...MESSAGE_KINDS,
  ...TIMED_KINDS.map(({ kind }) => kind),
  ...DISK_KIND_NAMES,
  ...REQUEST_KINDS.map(({ kind }) => kind),
  'buggify',
];
const MESSAGES: readonly string[] = [
  'request',
  'response',
  'datagram',
  'chunk',
  'segment',
  'connection',
  'signal',
];
/** What a kind of fault can befall, where not every message: TCP neither refuses nor doubles an answer. */
const BEFALLEN: Readonly<Record<string, readonly string[]>> = {
  refuse: ['request', 'connection'],
  reset: ['request', 'response', 'chunk', 'segment', 'connection'],
  duplicate: ['request', 'datagram'],
};

/**
 * Validates a plan against the hosts of a scenario.
 *
 * @throws {OptionError} Naming the first value that is wrong, and what was expected.
 */
export function checkPlan(plan: unknown, hosts: readonly string[]): FaultPlan {
  if (!isObject(plan)) throw OptionError.expected('plan', 'a fault plan', plan);
  if (!Array.isArray(plan.faults)) throw OptionError.expected('plan.faults', 'a list of faults', plan.faults);
  for (const [i, fault] of plan.faults.entries()) checkFault(`plan.faults[${i}]`, fault, hosts);
  const chances: unknown = plan.chances ?? [];
  if (!Array.isArray(chances)) throw OptionError.expected('plan.chances', 'a list of chances', chances);
  for (const [i, chance] of chances.entries()) checkChance(`plan.chances[${i}]`, chance);
  checkAnswerChances(plan.answerChances ?? []);
  checkDiskChances('plan.diskChances', plan.diskChances ?? [], hosts);
  const { latency } = plan;
  if (latency !== 'drawn' && latency !== 'calm')
    throw OptionError.expected('plan.latency', '"drawn" or "calm"', latency);
  checkOrder('plan.order', plan.order);
  if (plan.buggify !== undefined) checkBuggifyChance('plan.buggify', plan.buggify, hosts);
  if (plan.core !== undefined) checkCore('plan.core', plan.core, hosts);
  return plan as unknown as FaultPlan;
}

/** Whether a kind of message fault can befall a kind of message. */
export function mayBefall(kind: MessageFault['kind'], message: MessageKind): boolean {
  return BEFALLEN[kind]?.includes(message) ?? true;
}

function checkFault(at: string, fault: unknown, hosts: readonly string[]): asserts fault is Fault {
  if (!isObject(fault)) throw OptionError.expected(at, 'a fault', fault);
  const { kind } = fault;
  if (typeof kind !== 'string' || !KINDS.includes(kind)) {
    throw new OptionError(`${at}: unknown kind of fault "${String(kind)}"${nearMiss(String(kind), KINDS)}`);
  }
  if (MESSAGE_KINDS.includes(kind)) return checkMessageFault(at, fault);
  if (kind === 'buggify') return checkBuggify(at, fault);
  if (requestKind(kind) !== undefined) return checkRequestFault(at, fault, hosts);
  if (isDiskFault({ kind })) return checkDiskFault(at, fault, hosts);
  timedKind(kind)?.check(at, fault, hosts);
  checkTimed(at, fault, hosts);
}

function checkMessageFault(at: string, fault: Loose): void {
  for (const end of ['from', 'to', 'label']) {
    // Clients are sources and targets too, and have no names before a run.
    if (typeof fault[end] !== 'string') throw OptionError.expected(`${at}.${end}`, 'a string', fault[end]);
  }
  const messages = BEFALLEN[String(fault.kind)] ?? MESSAGES;
  if (!messages.includes(fault.message as string)) {
    throw OptionError.expected(`${at}.message`, messages.join(' or '), fault.message);
  }
  if (!Number.isSafeInteger(fault.nth) || (fault.nth as number) < 1) {
    throw OptionError.expected(`${at}.nth`, 'an integer >= 1', fault.nth);
  }
  if (fault.kind === 'duplicate') checkTimes(at, fault, ['afterMs']);
  if (fault.kind === 'delay') checkTimes(at, fault, ['byMs']);
}

function checkChance(at: string, chance: unknown): asserts chance is FaultChance {
  if (!isObject(chance)) throw OptionError.expected(at, 'a chance', chance);
  const kind = String(chance.kind);
  if (!MESSAGE_KINDS.includes(kind))
    throw new OptionError(`${at}: unknown kind "${kind}"${nearMiss(kind, MESSAGE_KINDS)}`);
  const { rate, msMax, links } = chance;
  if (typeof rate !== 'number' || !(rate >= 0 && rate <= 1)) {
    throw OptionError.expected(`${at}.rate`, 'a number from 0 to 1', rate);
  }
  if (msMax !== undefined) checkedUsFromMs(`${at}.msMax`, msMax);
  if (links !== undefined && !(Array.isArray(links) && links.every((link) => typeof link === 'string'))) {
    throw OptionError.expected(`${at}.links`, 'a list of links like "a -> b"', links);
  }
}

function checkAnswerChances(chances: unknown): void {
  if (!Array.isArray(chances)) throw OptionError.expected('plan.answerChances', 'a list of chances', chances);
  for (const [i, chance] of (chances as unknown[]).entries()) {
    const at = `plan.answerChances[${i}]`;
    if (!isObject(chance)) throw OptionError.expected(at, 'a chance', chance);
    checkRequestChance(at, chance);
  }
}

function isObject(value: unknown): value is Loose {
  return typeof value === 'object' && value !== null;
}
