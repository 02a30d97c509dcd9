// The forms that `order` takes in a plan: what decides which of several events goes first.

import { OptionError, checkKeys } from '../errors.ts';

/**
 * An order by priorities (probabilistic concurrency testing): hosts and links have some, and a few points
 * change them.
 */
export interface PctOrder {
  readonly pct: {
    /** How many constraints on the order a run may meet: one more than there are change points. From 1. */
    readonly depth: number;
    /** Among how many points with a choice the change points are drawn, from 1. */
    readonly steps: number;
  };
}

/**
 * An order by a list of choices. At each point at which an event may wait for others: 0, it goes now; 1, it
 * goes behind the next event of its own host; 2, behind the next one there, or the next that changes the
 * scenario's `state`; 3, behind the next event anywhere. What the list does not say is 0.
 */
export interface ChosenOrder {
  readonly choices: readonly number[];
}

/**
 * What decides which of several events goes first.
 *
 * - `drawn`: events that are due together run in a random order.
 * - `calm`: in the order of queueing.
 * - `{ pct }`: by priorities of hosts and links.
 * - `{ choices }`: as the list says.
 *
 * With the last two and a `latency` of `drawn`, how long each message takes is decided by the order, within
 * the distribution of its link.
 */
export type EventOrder = 'drawn' | 'calm' | PctOrder | ChosenOrder;

/** A person writes fewer, and no run that ends has more. */
const COUNT_MAX = 1_000_000;
const WHAT = '"drawn", "calm", { pct: { depth, steps } } or { choices: [...] }';

/** Tells an order by a list of choices from the others. */
export function isChosen(order: EventOrder): order is ChosenOrder {
  return typeof order === 'object' && 'choices' in order;
}

/** Tells an order by priorities from the others. */
export function isPct(order: EventOrder): order is PctOrder {
  return typeof order === 'object' && 'pct' in order;
}

/** Whether the order is random, and with it what is below the order of events: where a stream is cut, say. */
export function isRandom(order: EventOrder): boolean {
  return order === 'drawn' || isPct(order);
}

/** @throws {OptionError} If it is no order. */
export function checkOrder(at: string, order: unknown): asserts order is EventOrder {
  if (order === 'drawn' || order === 'calm') return;
  if (typeof order !== 'object' || order === null) throw OptionError.expected(at, WHAT, order);
  checkKeys(at, order, ['pct', 'choices']);
  const { pct, choices } = order as { pct?: unknown; choices?: unknown };
  if ((pct === undefined) === (choices === undefined)) throw OptionError.expected(at, WHAT, order);
  if (pct !== undefined) return checkPct(`${at}.pct`, pct);
  if (!Array.isArray(choices)) throw OptionError.expected(`${at}.choices`, 'a list of choices', choices);
  if (choices.length > COUNT_MAX)
    throw OptionError.expected(`${at}.choices`, `at most ${COUNT_MAX} choices`, choices.length);
  for (const [i, choice] of (choices as unknown[]).entries()) {
    if (!isWhole(choice, 0, 3))
      throw OptionError.expected(`${at}.choices[${i}]`, 'an integer from 0 to 3', choice);
  }
}

function checkPct(at: string, pct: unknown): void {
  if (typeof pct !== 'object' || pct === null) throw OptionError.expected(at, '{ depth, steps }', pct);
  checkKeys(at, pct, ['depth', 'steps']);
  const { depth, steps } = pct as { depth?: unknown; steps?: unknown };
  if (!isWhole(depth, 1, 100)) throw OptionError.expected(`${at}.depth`, 'an integer from 1 to 100', depth);
  if (!isWhole(steps, 1, COUNT_MAX))
    throw OptionError.expected(`${at}.steps`, `an integer from 1 to ${COUNT_MAX}`, steps);
}

function isWhole(value: unknown, min: number, max: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max;
}

/** The order in words, for what a plan says beside its faults; undefined for the calm one. */
export function describeOrder(order: EventOrder): string | undefined {
  if (order === 'calm') return undefined;
  if (order === 'drawn') return 'what is due together runs in a drawn order';
  if (isPct(order)) {
    const changes = order.pct.depth - 1;
    const points = `${changes === 0 ? 'no' : changes} change point${changes === 1 ? '' : 's'}`;
    return `hosts and links have priorities, with ${points} in ${order.pct.steps} steps`;
  }
  const held = order.choices.filter((choice) => choice > 0).length;
  return `events run in a chosen order, in which ${held === 1 ? '1 is' : `${held} are`} held back`;
}

/** Plainer orders: fewer change points, fewer events that are held back. Never the order itself. */
export function* plainerOrders(order: EventOrder): Generator<EventOrder> {
  if (order === 'calm') return;
  yield 'calm';
  if (order === 'drawn') return;
  yield 'drawn';
  if (isPct(order)) {
    const { depth, steps } = order.pct;
    for (let fewer = 1; fewer < depth; fewer++) yield { pct: { depth: fewer, steps } };
    return;
  }
  const { choices } = order;
  const needed = choices.findLastIndex((choice) => choice > 0) + 1;
  const held = choices.flatMap((choice, i) => (choice > 0 ? [i] : []));
  // Without what was decided last, then without one of the others; what says nothing is cut off on the way.
  for (
    let kept = held.length >> 1;
    kept < held.length && kept > 0;
    kept += Math.max(1, (held.length - kept) >> 1)
  )
    yield { choices: choices.slice(0, (held[kept - 1] as number) + 1) };
  for (const i of held.toReversed()) yield { choices: trimmed(choices.with(i, 0)) };
  if (needed < choices.length) yield { choices: choices.slice(0, needed) };
}

function trimmed(choices: readonly number[]): readonly number[] {
  return choices.slice(0, choices.findLastIndex((choice) => choice > 0) + 1);
}
