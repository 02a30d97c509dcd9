// Checks what Perfetto is given by the rules of the document "Trace Event Format" (Google, 2016 and later):
// which fields an event of each phase has, and what belongs together.

import assert from 'node:assert/strict';

interface Event {
  readonly name?: unknown;
  readonly ph?: unknown;
  readonly ts?: unknown;
  readonly pid?: unknown;
  readonly tid?: unknown;
  readonly cat?: unknown;
  readonly dur?: unknown;
  readonly id?: unknown;
  readonly bp?: unknown;
  readonly s?: unknown;
  readonly args?: unknown;
}

const METADATA: Readonly<Record<string, string>> = {
  process_name: 'name',
  process_labels: 'labels',
  process_sort_index: 'sort_index',
  thread_name: 'name',
  thread_sort_index: 'sort_index',
};

/** @throws If a rule of the format is broken. */
export function assertTraceEvents(json: unknown): void {
  assert.ok(typeof json === 'object' && json !== null && 'traceEvents' in json);
  const { traceEvents: events } = json;
  assert.ok(Array.isArray(events) && events.length > 0);
  const displayTimeUnit: unknown = Reflect.get(json, 'displayTimeUnit');
  assert.ok(displayTimeUnit === undefined || displayTimeUnit === 'ms' || displayTimeUnit === 'ns');
  const all = events as Event[];
  for (const event of all) assertFields(event);
  assertNames(all);
  assertSlices(all);
  assertPairs(all.filter(({ ph }) => ph === 'b' || ph === 'e'));
  assertArrows(all);
}

function assertFields(event: Event): void {
  const shown = JSON.stringify(event);
  assert.equal(typeof event.name, 'string', shown);
  assert.ok(typeof event.ph === 'string' && 'MXiCsfbe'.includes(event.ph) && event.ph.length === 1, shown);
  assert.ok(typeof event.ts === 'number' && Number.isFinite(event.ts) && event.ts >= 0, shown);
  for (const number of [event.pid, event.tid]) assert.ok(Number.isInteger(number), shown);
  assert.ok(event.args === undefined || (typeof event.args === 'object' && event.args !== null), shown);
  if (event.ph === 'M') {
    const field = METADATA[String(event.name)];
    assert.ok(field !== undefined && Reflect.has(event.args as object, field), shown);
  }
  if (event.ph === 'X') assert.ok(typeof event.dur === 'number' && event.dur >= 0, shown);
  if (event.ph === 'i') assert.ok(event.s === 'g' || event.s === 'p' || event.s === 't', shown);
  if (event.ph === 'C') {
    const series = Object.values(event.args as object);
    assert.ok(series.length > 0 && series.every((value) => typeof value === 'number'), shown);
  }
  if ('sfbe'.includes(event.ph)) assert.ok(event.id !== undefined && typeof event.cat === 'string', shown);
}

/** Each process and thread that is used has a name, and only one. */
function assertNames(events: readonly Event[]): void {
  const placeOf = ({ ph, name, pid, tid }: Event): string =>
    ph === 'M' && String(name).startsWith('process')
      ? `${String(name)} ${String(pid)}`
      : `${String(name)} ${String(pid)} ${String(tid)}`;
  const named = events.filter(({ ph }) => ph === 'M').map(placeOf);
  assert.equal(new Set(named).size, named.length);
  for (const { pid, tid, ph } of events) {
    assert.ok(named.includes(`process_name ${String(pid)}`), `process ${String(pid)}`);
    if (ph === 'X')
      assert.ok(named.includes(`thread_name ${String(pid)} ${String(tid)}`), `thread ${String(tid)}`);
  }
}

/** On one thread, pieces of work lie beside or within each other. */
function assertSlices(events: readonly Event[]): void {
  for (const slices of grouped(slicesOf(events), ({ thread }) => thread).values()) {
    const open: { from: number; to: number }[] = [];
    for (const slice of slices.toSorted((left, right) => left.from - right.from || right.to - left.to)) {
      while (open.length > 0 && (open.at(-1)?.to ?? 0) <= slice.from) open.pop();
      const around = open.at(-1);
      assert.ok(around === undefined || slice.to <= around.to, JSON.stringify([around, slice]));
      open.push(slice);
    }
  }
}

/** What begins ends, once and not before. */
function assertPairs(events: readonly Event[]): void {
  for (const [key, pair] of grouped(events, ({ cat, id, name }) => JSON.stringify([cat, id, name]))) {
    let open = 0;
    let last = 0;
    for (const { ph, ts } of pair) {
      assert.ok(Number(ts) >= last, key);
      last = Number(ts);
      open += ph === 'b' ? 1 : -1;
      assert.ok(open === 0 || open === 1, key);
    }
    assert.equal(open, 0, key);
  }
}

/** An arrow has a beginning and an end, in this order, and both are where work goes on. */
function assertArrows(events: readonly Event[]): void {
  const slices = grouped(slicesOf(events), ({ thread }) => thread);
  const ends = events.filter(({ ph }) => ph === 's' || ph === 'f');
  for (const [key, pair] of grouped(ends, ({ cat, id, name }) => JSON.stringify([cat, id, name]))) {
    assert.deepEqual(new Set(pair.map(({ ph }) => ph)), new Set(['f', 's']), key);
    assert.equal(pair.length, 2, key);
    const [tail, head] = pair.toSorted(
      (left, right) => (left.ph === 's' ? -1 : 1) - (right.ph === 's' ? -1 : 1),
    );
    assert.ok(Number(tail?.ts) <= Number(head?.ts), key);
    assert.equal(head?.bp, 'e', key);
    for (const { ts, pid, tid } of pair) {
      const here = slices.get(`${String(pid)} ${String(tid)}`) ?? [];
      const isWork = here.some(({ from, to }) => from <= Number(ts) && (Number(ts) < to || from === to));
      assert.ok(isWork, `${key} at ${String(ts)}`);
    }
  }
  const ids = ends.filter(({ ph }) => ph === 's').map(({ id }) => id);
  assert.equal(new Set(ids).size, ids.length);
}

function slicesOf(events: readonly Event[]): { thread: string; from: number; to: number }[] {
  return events
    .filter(({ ph }) => ph === 'X')
    .map(({ pid, tid, ts, dur }) => {
      return { thread: `${String(pid)} ${String(tid)}`, from: Number(ts), to: Number(ts) + Number(dur) };
    });
}

function grouped<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}
