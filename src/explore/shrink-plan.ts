// Shrinks a fault plan by what really happened: first from chances to the list of faults that struck, then to
// the few of them without which the run passes, then to the plainest form of each.

import {
  isMessageFault,
  isRequestFault,
  type Fault,
  type FaultPlan,
  type TimedFault,
} from '../faults/fault.ts';
import { plainerRequestFaults } from '../faults/answers/table.ts';
import { plainerBuggify } from '../faults/buggify.ts';
import { isDiskFault, plainerDiskFaults } from '../faults/disk-fault.ts';
import { kindOf } from '../faults/kinds/table.ts';
import { isChosen, isPct, plainerOrders } from '../faults/order.ts';
import type { Trigger } from '../faults/timed.ts';
import { struckOf, type MessageTopic, type Struck } from '../faults/struck.ts';
import { retimedPlans } from './retimed-plans.ts';

/** Where in the search for removable faults a candidate was made, so that its own shrinking goes on there. */
export interface ShrinkPosition {
  /** How many faults are left out at once. */
  readonly size: number;
  readonly start: number;
}

/** A smaller plan. */
export interface PlanCandidate {
  readonly plan: FaultPlan;
  readonly position: ShrinkPosition | undefined;
}

/** How many other messages are tried in the place of the one that a fault is about. */
const OTHER_MESSAGES_MAX = 4;

/**
 * Yields smaller plans, most promising first. When none of them fails, each fault of the plan is necessary.
 *
 * Source: Simplifying and Isolating Failure-Inducing Input (Zeller and Hildebrandt, 2002); differs in that
 * only complements are tried, because a subset that fails is found by removing the rest.
 */
export function* smallerPlans(
  plan: FaultPlan,
  position: ShrinkPosition | undefined,
): Generator<PlanCandidate> {
  const struck = struckOf(plan);
  const faults = struck?.ledger ?? plan.faults;
  if (!isExplicit(plan)) {
    yield* explicitForms(faults);
    if (plan.core !== undefined)
      for (const { plan: form } of explicitForms(faults)) yield at({ ...form, core: plan.core });
    yield* withSimplerOrder(plan);
    return;
  }
  const { core, ...coreless } = plan;
  if (core !== undefined) yield at({ ...coreless, faults });
  if (faults.length < plan.faults.length) yield at({ ...plan, faults });
  for (const order of plainerOrders(plan.order)) yield at({ ...plan, faults, order });
  yield* withoutSome({ ...plan, faults }, position);
  yield* plainer({ ...plan, faults }, struck);
  for (const retimed of retimedPlans({ ...plan, faults })) yield at(retimed);
}

/**
 * Yields the plan with faults that strike earlier: what a smaller workload needs, in which the message that
 * matters is not the third of its kind any more, but the second.
 */
export function* earlierPlans(plan: FaultPlan): Generator<FaultPlan> {
  if (!isExplicit(plan)) return;
  const faults = plan.faults.map(earlier);
  const late = plan.faults.flatMap((fault, i) => (faults[i] === fault ? [] : [i]));
  if (late.length === 0) return;
  yield { ...plan, faults };
  if (late.length === 1) return;
  for (const i of late) yield { ...plan, faults: plan.faults.with(i, faults[i] as Fault) };
}

function earlier(fault: Fault): Fault {
  if (isMessageFault(fault) || isDiskFault(fault) || isRequestFault(fault) || fault.kind === 'buggify') {
    return fault.nth > 1 ? { ...fault, nth: fault.nth - 1 } : fault;
  }
  const { after } = fault;
  if (after !== undefined) {
    const [sooner] = soonerTriggers(after).slice(-1);
    return sooner === undefined ? fault : { ...fault, after: sooner };
  }
  return fault.atMs > 0 ? { ...fault, atMs: halved(fault.atMs) } : fault;
}

/** Tells whether a plan lists its faults, rather than leaving them to chance. */
export function isExplicit(plan: FaultPlan): boolean {
  const chances = [...(plan.chances ?? []), ...(plan.diskChances ?? []), ...(plan.answerChances ?? [])];
  return chances.length === 0 && plan.buggify === undefined && plan.latency === 'calm';
}

function at(plan: FaultPlan, position?: ShrinkPosition): PlanCandidate {
  return { plan, position };
}

/** The plan as a list, from the smallest guess to the one that makes the very same run. */
function* explicitForms(ledger: readonly Fault[]): Generator<PlanCandidate> {
  const events = ledger.filter(({ kind }) => kind !== 'delay');
  const delays = ledger.filter(({ kind }) => kind === 'delay');
  const seen = new Set<string>();
  for (const faults of [[], events, delays, ledger]) {
    for (const order of ['calm', 'drawn'] as const) {
      const form = `${faults.length} ${order}`;
      if (seen.has(form)) continue;
      seen.add(form);
      yield at({ faults: [...faults], latency: 'calm', order });
    }
  }
}

/**
 * A plan whose order decides how long messages take, where no list of delays fails alike: without its faults,
 * then with a plainer order.
 */
function* withSimplerOrder(plan: FaultPlan): Generator<PlanCandidate> {
  if (!isChosen(plan.order) && !isPct(plan.order)) return;
  yield at({ ...plan, latency: 'calm' });
  if (plan.faults.length > 0) yield* withoutSome(plan, undefined);
  for (const order of plainerOrders(plan.order)) {
    // With times that are drawn, the calm and the drawn order are tried above, by the delays that they need.
    if (isChosen(order) || isPct(order)) yield at({ ...plan, order });
  }
}

/** The plan with a stretch of its faults left out, from long stretches to single faults. */
function* withoutSome(plan: FaultPlan, position: ShrinkPosition | undefined): Generator<PlanCandidate> {
  const { faults } = plan;
  const count = faults.length;
  if (count === 0) return;
  let size = Math.min(position?.size ?? Math.ceil(count / 2), count);
  let start = (position?.start ?? 0) % count;
  for (; size >= 1; size = Math.floor(size / 2)) {
    const stretches = Math.ceil(count / size);
    for (let i = 0; i < stretches; i++) {
      const from = (start + i * size) % count;
      const kept = faults.filter((_, k) => !isWithin(k, from, size, count));
      yield at({ ...plan, faults: kept }, { size, start: kept.length === 0 ? 0 : from % kept.length });
    }
    start = 0;
  }
}

function isWithin(index: number, from: number, size: number, count: number): boolean {
  return (index - from + count) % count < size;
}

/** The plan with one fault in a plainer form: an earlier occurrence, a plainer message, round numbers. */
function* plainer(plan: FaultPlan, struck: Struck | undefined): Generator<PlanCandidate> {
  const last: ShrinkPosition = { size: 1, start: 0 };
  for (const [i, fault] of plan.faults.entries()) {
    for (const plain of plainerForms(fault, struck)) {
      yield at({ ...plan, faults: plan.faults.with(i, plain) }, last);
    }
  }
}

function* plainerForms(fault: Fault, struck: Struck | undefined): Generator<Fault> {
  if (isMessageFault(fault)) {
    for (const topic of plainerTopics(fault, struck)) yield { ...fault, ...topic, nth: 1 };
    if (fault.nth > 1) yield { ...fault, nth: 1 };
    if (fault.nth > 2) yield { ...fault, nth: fault.nth - 1 };
    if (fault.kind === 'delay') for (const byMs of rounder(fault.byMs)) yield { ...fault, byMs };
    if (fault.kind === 'duplicate') for (const afterMs of rounder(fault.afterMs)) yield { ...fault, afterMs };
    return;
  }
  if (fault.kind === 'buggify') {
    yield* plainerBuggify(fault);
    return;
  }
  if (isRequestFault(fault)) {
    for (const { from, to, label } of plainerTopics({ ...fault, message: 'request' }, struck))
      yield { ...fault, from, to, label, nth: 1 };
    if (fault.nth > 1) yield { ...fault, nth: 1 };
    if (fault.nth > 2) yield { ...fault, nth: fault.nth - 1 };
    yield* rounderTimes(fault);
    yield* plainerRequestFaults(fault);
    return;
  }
  if (isDiskFault(fault)) {
    if (fault.kind === 'slowSync') for (const byMs of rounder(fault.byMs)) yield { ...fault, byMs };
    yield* plainerDiskFaults(fault);
    return;
  }
  yield* plainerMoments(fault, struck);
  for (const atMs of rounder(fault.atMs)) yield { ...fault, atMs };
  if (fault.atMs > 0) yield { ...fault, atMs: halved(fault.atMs) };
  yield* rounderTimes(fault);
  yield* kindOf(fault).plainer?.(fault) ?? [];
}

/** Lengths of time in round numbers. When a fault begins is no length. */
function* rounderTimes<F extends Fault>(fault: F): Generator<F> {
  for (const [key, value] of Object.entries(fault)) {
    if (key === 'atMs' || !key.endsWith('Ms') || typeof value !== 'number') continue;
    for (const round of rounder(value)) yield { ...fault, [key]: round };
  }
}

/**
 * A fault that waits for a trigger, at a plain time, and with an earlier trigger. The time is a round one:
 * the exact one would always do, and would hide that the moment matters.
 */
function* plainerMoments(fault: TimedFault, struck: Struck | undefined): Generator<Fault> {
  const { after, ...untriggered } = fault;
  if (after === undefined) return;
  const beganMs = struck?.beganMs(fault);
  for (const atMs of beganMs === undefined ? [] : rounder(beganMs)) yield { ...untriggered, atMs };
  if (fault.atMs > 0) yield { ...fault, atMs: 0 };
  for (const sooner of soonerTriggers(after)) yield { ...fault, after: sooner };
}

/** Triggers that happen sooner, the soonest first. */
function soonerTriggers(trigger: Trigger): Trigger[] {
  if ('step' in trigger) {
    const steps = [1, halved(trigger.step), trigger.step - 1];
    return [...new Set(steps)].filter((step) => step >= 1 && step < trigger.step).map((step) => ({ step }));
  }
  const counts = new Set([1, trigger.nth - 1].filter((nth) => nth >= 1 && nth < trigger.nth));
  return [...counts].map((nth) => ({ ...trigger, nth }));
}

/**
 * Messages of the same kind between the same hosts (one client is as good as another) with shorter names, or
 * earlier ones in the alphabet: the first client's, the first order's. Never back again, so that it ends.
 */
function plainerTopics(fault: MessageTopic, struck: Struck | undefined): MessageTopic[] {
  if (struck === undefined) return [];
  const isClient = (name: string): boolean => struck.clients.includes(name);
  const isSameEnd = (left: string, right: string): boolean =>
    left === right || (isClient(left) && isClient(right));
  return struck
    .topics()
    .filter((topic) => topic.message === fault.message)
    .filter((topic) => isSameEnd(topic.from, fault.from) && isSameEnd(topic.to, fault.to))
    .filter((topic) => isPlainer(topic, fault))
    .toSorted((left, right) => (isPlainer(left, right) ? -1 : 1))
    .slice(0, OTHER_MESSAGES_MAX);
}

function isPlainer(left: MessageTopic, right: MessageTopic): boolean {
  const [one, other] = [left, right].map(({ from, to, label }) => `${from} ${to} ${label}`) as [
    string,
    string,
  ];
  return one.length < other.length || (one.length === other.length && one < other);
}

/** Numbers that say the same with fewer digits: in one significant digit up, and in whole milliseconds up. */
function rounder(ms: number): number[] {
  const candidates = new Set([inOneDigit(ms), Math.ceil(ms)]);
  return [...candidates].filter((each) => each !== ms && hasFewerDigits(each, ms));
}

/** Half the time, in one digit; less than before. */
function halved(ms: number): number {
  return inOneDigit(Math.floor(ms / 2));
}

function inOneDigit(ms: number): number {
  const unit = 10 ** Math.max(0, String(Math.ceil(ms)).length - 1);
  return Math.ceil(ms / unit) * unit;
}

function hasFewerDigits(candidate: number, ms: number): boolean {
  const digits = (value: number): number => String(value).replace(/0+$/, '').length;
  return digits(candidate) < digits(ms);
}
