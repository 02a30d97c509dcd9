// Where the operations of an impossible order go in its picture: lanes of clients, and columns in which time
// only goes forward. Columns are moments, not milliseconds: a long silence is as wide as a short one.

import type { OrderEvidence } from '../../../../history/evidence.ts';
import type { Operation } from '../../../../history/operation.ts';

/** The part of an operation in the picture. */
export type Role = 'placed' | 'open' | 'culprit';

/** One operation as a bar. */
export interface Bar {
  readonly operation: Operation;
  readonly text: string;
  readonly role: Role;
  /** Counted from 0, over all clients. */
  readonly lane: number;
  readonly from: number;
  /** The column of its end; the last one for what never ended. */
  readonly to: number;
  readonly isOpenEnded: boolean;
}

/** Where an operation of the order could take effect. */
export interface Point {
  /** Its place in the whole order, counted from 1. */
  readonly nth: number;
  readonly operation: number;
  readonly text: string;
  /** The state that it leaves. */
  readonly state: string;
  readonly column: number;
  readonly lane: number;
}

/** A picture to draw. */
export interface OrderLayout {
  readonly bars: readonly Bar[];
  readonly points: readonly Point[];
  /** The column at which nothing could be the next. */
  readonly stuck: number;
  /** The client of each lane: one whose operations overlap has several. */
  readonly lanes: readonly string[];
  /** Virtual milliseconds of each column. */
  readonly columns: readonly number[];
  /** How many operations at the beginning of the order are not drawn. */
  readonly leftOut: number;
}

/** So many operations of the order are drawn: the last ones, next to the one that does not fit. */
const PLACED_MAX = 20;

interface Moment {
  readonly ms: number;
  /** At the same time, operations begin before any takes effect, and end after. */
  readonly rank: 0 | 1 | 2;
  readonly key: string;
}

/** Lays out what the evidence names; an operation that is not in the history is left out. */
export function layOut(evidence: OrderEvidence, history: readonly Operation[]): OrderLayout {
  const byId = new Map(history.map((operation) => [operation.id, operation]));
  const leftOut = Math.max(0, evidence.prefix.length - PLACED_MAX);
  const placed = evidence.prefix
    .slice(leftOut)
    .flatMap((entry, i) => withOperation(byId, entry, { nth: leftOut + i + 1, state: entry.state }));
  const shown = barsOf(byId, evidence, placed);
  const times = effectTimes(placed.map(({ operation }) => operation));
  const stuckMs = Math.max(times.at(-1) ?? 0, ...shown.map(({ operation }) => operation.invokedMs));
  const columns = columnsOf([
    ...shown.flatMap(({ operation }) => momentsOf(operation)),
    ...placed.map(({ nth }, i): Moment => ({ ms: times[i] ?? 0, rank: 1, key: `point ${nth}` })),
    { ms: stuckMs, rank: 1, key: 'stuck' },
  ]);
  const at = (key: string): number => columns.places.get(key) ?? columns.times.length;
  const spans = shown.map((bar) => ({
    ...bar,
    from: at(`from ${bar.operation.id}`),
    to: at(`to ${bar.operation.id}`),
    isOpenEnded: !isEnded(bar.operation),
  }));
  const { bars, lanes } = inLanes(spans);
  const laneOf = new Map(bars.map(({ operation, lane }) => [operation.id, lane]));
  const points = placed.map(({ operation, text, nth, state }) => ({
    nth,
    operation: operation.id,
    text,
    state,
    column: at(`point ${nth}`),
    lane: laneOf.get(operation.id) ?? 0,
  }));
  return { bars, points, stuck: at('stuck'), lanes, columns: columns.times, leftOut };
}

interface Named {
  readonly operation: number;
  readonly text: string;
}

function withOperation<More>(
  byId: ReadonlyMap<number, Operation>,
  { operation: id, text }: Named,
  more: More,
): ({ readonly operation: Operation; readonly text: string } & More)[] {
  const operation = byId.get(id);
  return operation === undefined ? [] : [{ operation, text, ...more }];
}

function barsOf(
  byId: ReadonlyMap<number, Operation>,
  { culprit, open }: OrderEvidence,
  placed: readonly { readonly operation: Operation; readonly text: string }[],
): Pick<Bar, 'operation' | 'text' | 'role'>[] {
  const drawn = new Set(placed.map(({ operation }) => operation.id));
  const others = open.filter(({ operation }) => operation !== culprit.operation && !drawn.has(operation));
  return [
    ...placed.map(({ operation, text }) => ({ operation, text, role: 'placed' as const })),
    ...others.flatMap((entry) => withOperation(byId, entry, { role: 'open' as const })),
    ...withOperation(byId, culprit, { role: 'culprit' as const }),
  ];
}

/** The earliest times at which operations can take effect in their order: none before the one before it. */
function effectTimes(operations: readonly Operation[]): number[] {
  let latest = 0;
  return operations.map(({ invokedMs }) => (latest = Math.max(latest, invokedMs)));
}

/** Nobody knows when an operation without an outcome ended, if it did. */
function isEnded({ type, endedMs }: Operation): boolean {
  return endedMs !== undefined && type !== 'info' && type !== 'pending';
}

function momentsOf(operation: Operation): Moment[] {
  const { id, invokedMs, endedMs } = operation;
  const from: Moment = { ms: invokedMs, rank: 0, key: `from ${id}` };
  if (!isEnded(operation) || endedMs === undefined) return [from];
  return [from, { ms: endedMs, rank: 2, key: `to ${id}` }];
}

function columnsOf(moments: readonly Moment[]): { times: number[]; places: Map<string, number> } {
  const sorted = moments.toSorted((a, b) => a.ms - b.ms || a.rank - b.rank);
  return {
    times: sorted.map(({ ms }) => ms),
    places: new Map(sorted.map(({ key }, column) => [key, column])),
  };
}

/** Puts bars into lanes, client by client: in one lane, none begins before the one before it has ended. */
function inLanes(spans: readonly Omit<Bar, 'lane'>[]): { bars: Bar[]; lanes: string[] } {
  const clients = [...new Set(spans.map(({ operation }) => operation.client))].toSorted();
  const lanes: string[] = [];
  const bars: Bar[] = [];
  for (const client of clients) {
    const first = lanes.length;
    const ends: number[] = [];
    const own = spans.filter(({ operation }) => operation.client === client);
    for (const span of own.toSorted((a, b) => a.from - b.from)) {
      const free = ends.findIndex((end) => end < span.from);
      const lane = free === -1 ? ends.length : free;
      ends[lane] = span.to;
      bars.push({ ...span, lane: first + lane });
    }
    for (const _ of ends) lanes.push(client);
  }
  return { bars, lanes };
}
