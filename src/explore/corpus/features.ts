// What a run showed, as a set of features: what is new in it is judged feature by feature.

import { struckOf } from '../../faults/struck.ts';
import { hashString } from '../../random/hash.ts';
import type { RunResult } from '../../scenario/result.ts';
import { routeOf } from '../statistics/routes.ts';

/** One moment of a run that has a label. */
interface Moment {
  readonly atMs: number;
  readonly label: string;
}

/**
 * The features of a run, each as a number, with a function that says what it means: which kinds of faults
 * struck, which markers were reached and how often about, and which of them together; which hosts crashed;
 * what failed; how often about messages of each route were sent; the states that the scenario told; and, of
 * what happened at each place (operations of clients, requests that arrived at a host, answers), what came
 * right after what.
 *
 * How often is told as a power of two, so that a loop does not look new each time it runs once more.
 */
export function featuresOf(result: RunResult): Map<number, string> {
  const features = new Map<number, string>();
  const add = (text: string): void => void features.set(hashString(text), text);
  const { ledger, reached, crashed, violations, plan, states } = result;
  for (const { kind } of ledger) add(`${kind} struck`);
  for (const [marker, times] of Object.entries(reached)) add(`"${marker}" was reached ${about(times)}`);
  const markers = Object.keys(reached).filter((marker) => (reached[marker] ?? 0) > 0);
  if (markers.length > 1) add(`all of these were reached: ${markers.toSorted().join(', ')}`);
  for (const [host, times] of Object.entries(crashed)) add(`${host} crashed ${about(times)}`);
  for (const { code, name } of violations) add(`${code} ${name}`);
  for (const [route, count] of sentOf(result)) add(`${route} was sent ${about(count)}`);
  if (plan.core !== undefined) add(`only ${plan.core.join(', ')} came back`);
  for (const state of states?.seen ?? []) add(`came to state ${state}`);
  if (states?.last !== undefined) add(`ended in state ${states.last}`);
  for (const moments of placesOf(result)) {
    const inOrder = moments.toSorted((left, right) => left.atMs - right.atMs);
    for (const [i, { label }] of inOrder.entries()) {
      const before = inOrder[i - 1];
      if (before !== undefined) add(`${label} right after ${before.label}`);
    }
  }
  return features;
}

function about(times: number): string {
  const power = 2 ** Math.floor(Math.log2(Math.max(1, times)));
  return power === 1 ? 'once' : `${power} times or more`;
}

function sentOf({ plan }: RunResult): Map<string, number> {
  const sent = new Map<string, number>();
  const struck = struckOf(plan);
  const isClient = new Set(struck?.clients);
  const end = (name: string): string => (isClient.has(name) ? 'a client' : name);
  for (const { count, ...topic } of struck?.sent?.() ?? []) {
    const route = `${topic.message} ${routeOf(topic.label)} ${end(topic.from)} → ${end(topic.to)}`;
    sent.set(route, (sent.get(route) ?? 0) + count);
  }
  return sent;
}

/** What happened, place by place. Which client it was is left out. */
function placesOf({ history, traffic }: RunResult): Moment[][] {
  const operations: Moment[] = history.flatMap(({ name, type, invokedMs, endedMs }) => [
    { atMs: invokedMs, label: `${name} began` },
    ...(endedMs === undefined ? [] : [{ atMs: endedMs, label: `${name} ended ${type}` }]),
  ]);
  const arrivals = new Map<string, Moment[]>();
  const answers: Moment[] = [];
  for (const { kind, name, to, end, status, endedMs } of traffic?.calls ?? []) {
    if (kind !== 'request' || endedMs === undefined) continue;
    answers.push({ atMs: endedMs, label: `${routeOf(name)} at ${to} ended ${status ?? end}` });
  }
  for (const { call } of traffic?.arrivals ?? []) {
    const there = arrivals.get(call.to) ?? [];
    arrivals.set(call.to, there);
    // Arrivals are listed in their order.
    there.push({ atMs: there.length, label: `${routeOf(call.name)} arrived at ${call.to}` });
  }
  return [operations, answers, ...arrivals.values()];
}
