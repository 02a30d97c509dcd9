// The lanes of a picture: whose they are, in which order, and where they stand. Pure.

import type { TraceEntry } from '../../../../history/trace.ts';
import type { Lanes } from './rows.ts';
import { hostsOf } from './shown-entries.ts';

const LANE_MIN = 80;
const LANE_MAX = 230;

/** Clients, then hosts: each in the order in which the story speaks of them, then the others as they were. */
export function laneOrder(
  trace: readonly TraceEntry[],
  story: readonly number[],
  names: readonly string[],
  clients: readonly string[],
): string[] {
  const known = new Set(names);
  const ordered = new Set<string>();
  for (const i of story) {
    const entry = trace[i];
    if (entry?.kind !== 'sent' && entry?.kind !== 'operation') continue;
    for (const host of hostsOf(entry)) if (known.has(host)) ordered.add(host);
  }
  for (const name of names) ordered.add(name);
  const inOrder = [...ordered];
  return [
    ...inOrder.filter((name) => clients.includes(name)),
    ...inOrder.filter((name) => !clients.includes(name)),
  ];
}

/** The names that entries are about. */
export function namesIn(trace: readonly TraceEntry[], shown: readonly number[]): Set<string> {
  const names = new Set<string>();
  for (const i of shown) {
    const entry = trace[i];
    if (entry === undefined) continue;
    for (const host of entry.kind === 'fault' ? entry.hosts : hostsOf(entry)) names.add(host);
  }
  return names;
}

/** Places lanes in a stretch of the picture; it becomes wider where they need it. */
export function placedLanes(names: readonly string[], left: number, width: number): Lanes {
  const count = Math.max(1, names.length);
  const lane = Math.min(LANE_MAX, Math.max(LANE_MIN, width / count));
  const xOf = new Map(names.map((name, i) => [name, left + (i + 0.5) * lane]));
  return { xOf, left, right: left + Math.max(width, count * lane), laneWidth: lane };
}
