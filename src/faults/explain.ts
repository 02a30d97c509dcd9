// A fault plan in plain words: what happens when, what is left to chance, and what the weather is.

import { OptionError } from '../errors.ts';
import type { RequestChance } from './answers/answer-fault.ts';
import { describeBuggifyChance } from './buggify.ts';
import { describeCore } from './core.ts';
import { describeFault } from './describe.ts';
import type { DiskChance } from './disk-fault.ts';
import { isTimedFault, type Fault, type FaultChance, type FaultPlan } from './fault.ts';
import { describeOrder, isChosen, isPct } from './order.ts';
import { msText } from './timed.ts';

/**
 * Tells a plan in plain words, a line for each fault: first what begins at a time, in the order of time,
 * then what waits for a moment, then what befalls single messages, requests and operations; then what is
 * left to chance, the weather, and the core.
 *
 * @param plan - Of a run (`result.plan`), of a failure, or written by hand.
 * @returns Lines without indentation, joined by `\n`.
 * @throws {OptionError} If it is no plan.
 * @example
 * const faults = [{ kind: 'crash', host: 'orders', atMs: 10, downMs: 500 }] as const;
 * console.log(explainPlan({ ...calmPlan, faults }));
 * // crash of orders at 10 ms, back 500 ms later
 * // otherwise calm: each message takes the shortest time of its link
 */
export function explainPlan(plan: FaultPlan): string {
  if (!Array.isArray((plan as { faults?: unknown } | undefined)?.faults))
    throw OptionError.expected('plan', 'a fault plan', plan);
  const faults = plan.faults.toSorted((left, right) => placeOf(left) - placeOf(right));
  const lines = [...faults.map(describeFault), ...chanceTexts(plan)];
  const isEmpty = lines.length === 0;
  const core = plan.core === undefined ? [] : [describeCore(plan.core)];
  return [...lines, `${isEmpty ? 'no faults; ' : 'otherwise '}${weatherText(plan)}`, ...core].join('\n');
}

const WAITING = Number.MAX_VALUE;

/** Where a fault is told: by its time, if it has one. */
function placeOf(fault: Fault): number {
  if (!isTimedFault(fault)) return Number.POSITIVE_INFINITY;
  return fault.after === undefined ? fault.atMs : WAITING;
}

/** The chances of all sorts that a plan has, in words. */
export function chanceTexts(plan: Omit<FaultPlan, 'latency'>): string[] {
  return [
    ...(plan.chances ?? []).map(messageChanceText),
    ...(plan.answerChances ?? []).map(answerChanceText),
    ...(plan.diskChances ?? []).map(diskChanceText),
    ...(plan.buggify === undefined ? [] : [describeBuggifyChance(plan.buggify)]),
  ];
}

/** What a kind befalls, what becomes of it, and what the longest time drawn for it means. */
type Chance = readonly [what: string, becomes: string, far?: string];

const MESSAGES: Readonly<Record<FaultChance['kind'], Chance>> = {
  drop: ['message', 'is lost'],
  delay: ['message', 'is late', 'by up to'],
  duplicate: ['message that may arrive twice', 'arrives twice', 'again after up to'],
  reset: ['message on a connection', 'resets it'],
  refuse: ['connection', 'is refused'],
};
const ANSWERS: Readonly<Record<RequestChance['kind'], Chance>> = {
  answer: ['request', 'is answered with an error'],
  slowAnswer: ['request', 'is answered late', 'by up to'],
  hang: ['request', 'is never answered'],
  lostAnswer: ['request', 'is executed, and its answer lost'],
  truncate: ['answer', 'breaks off'],
  malformed: ['answer', 'makes no sense'],
  olderSchema: ['answer', 'is in an older schema'],
  twice: ['request that may be sent again', 'is', 'after up to'],
};
const DISKS: Readonly<Record<DiskChance['kind'], Chance>> = {
  ioError: ['operation of the disk', 'fails with EIO'],
  noSpace: ['operation that needs space', 'fails with ENOSPC'],
  shortWrite: ['write', 'takes fewer bytes than it was given'],
  lostWrite: ['write', 'is lost'],
  misdirectedWrite: ['write', 'goes to another place'],
  staleRead: ['read', 'gives what was there before'],
  flippedBit: ['read', 'gives one bit wrong'],
  slowSync: ['sync', 'is slow', 'by up to'],
};

/** In words: `each message on a → b is lost with a probability of 3 %`. */
function chanceText(
  [what, becomes, far]: Chance,
  { rate, where, msMax = 1_000 }: { rate: number; where: string; msMax?: number | undefined },
): string {
  const most = far === undefined ? '' : `, ${far} ${msText(msMax)}`;
  const percent = Number((rate * 100).toPrecision(3));
  return `each ${what}${where} ${becomes} with a probability of ${percent} %${most}`;
}

function messageChanceText({ kind, rate, links, msMax }: FaultChance): string {
  const where = links === undefined ? '' : ` on ${links.join(', ').replaceAll('->', '→')}`;
  return chanceText(MESSAGES[kind], { rate, where, msMax });
}

function answerChanceText({ kind, rate, hosts, statuses, msMax }: RequestChance): string {
  const [what, becomes, ...far] = ANSWERS[kind];
  const where = hosts === undefined ? '' : ` ${what === 'answer' ? 'of' : 'to'} ${hosts.join(', ')}`;
  const which = statuses === undefined ? '' : ` (${statuses.join(', ')})`;
  return chanceText([what, becomes + which, ...far], { rate, where, msMax });
}

function diskChanceText({ kind, rate, hosts, msMax }: DiskChance): string {
  return chanceText(DISKS[kind], { rate, where: ` on ${hosts.join(', ')}`, msMax });
}

function weatherText({ latency, order }: FaultPlan): string {
  const isLeft = isChosen(order) || isPct(order);
  const drawn = isLeft
    ? 'messages take what time the order leaves them, within the latency of their links'
    : 'messages take times drawn from the latency of their links';
  const times = latency === 'calm' ? 'calm: each message takes the shortest time of its link' : drawn;
  const text = describeOrder(order);
  return text === undefined ? times : `${times}, and ${text}`;
}
