// A recorded run in the Trace Event Format, as Perfetto and `chrome://tracing` open it: hosts are processes,
// what they work on at once are threads, messages are arrows.
// https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU

import type { AttributeValue, FaultEntry } from '../history/trace.ts';
import { EPOCH_MS_DEFAULT } from '../time/host-clock.ts';
import type { EndedSpan, TracedRun } from './telemetry/run-span.ts';
import { type Place, placesOf } from './telemetry/span-lanes.ts';
import { spansOf } from './telemetry/spans-of.ts';

/** The JSON object format. */
export interface ChromeTrace {
  readonly traceEvents: readonly ChromeEvent[];
  readonly displayTimeUnit: 'ms';
  readonly otherData: Readonly<Record<string, string | number>>;
}

/** One event. Times are microseconds of virtual time. */
export interface ChromeEvent {
  readonly name: string;
  /**
   * M names, X a piece of work, i something at one moment, C a counter, s and f the ends of an arrow, b and e
   * the ends of what lasts.
   */
  readonly ph: 'M' | 'X' | 'i' | 'C' | 's' | 'f' | 'b' | 'e';
  readonly ts: number;
  readonly pid: number;
  readonly tid: number;
  readonly cat?: string;
  readonly dur?: number;
  readonly id?: number;
  /** Of an arrow's head: it leads to the work that goes on then. */
  readonly bp?: 'e';
  /** How wide a moment is drawn: thread, process, global. */
  readonly s?: 't' | 'p' | 'g';
  readonly args?: Readonly<Record<string, AttributeValue>>;
}

/** The process of what befalls the whole system. */
const SYSTEM = { pid: 1, tid: 0 } as const;

/**
 * Writes a recorded run for Perfetto.
 *
 * Determinism: equal runs give equal text.
 */
export function chromeTraceOf(run: TracedRun): ChromeTrace {
  const spans = spansOf(run);
  const places = placesOf(spans);
  const events = [
    ...spans.flatMap((span) => workOf(span, placeIn(places, span))),
    ...arrowsOf(spans, places),
    ...countersOf(spans, places),
    ...systemOf(run),
  ];
  const { seed, hash, virtualMs, epochMs = EPOCH_MS_DEFAULT } = run;
  return {
    traceEvents: [...namesOf(spans, places), ...events.toSorted((left, right) => left.ts - right.ts)],
    displayTimeUnit: 'ms',
    otherData: { tool: 'wavetank', seed, run: hash, virtualMs, epochMs },
  };
}

function* namesOf(spans: readonly EndedSpan[], places: ReadonlyMap<EndedSpan, Place>): Iterable<ChromeEvent> {
  const named = (name: string, { pid, tid }: Place, args: ChromeEvent['args']): ChromeEvent => {
    return { name, ph: 'M', ts: 0, pid, tid, args: args ?? {} };
  };
  yield named('process_name', SYSTEM, { name: 'the system' });
  yield named('process_sort_index', SYSTEM, { sort_index: 0 });
  const seen = new Set<string>();
  for (const span of spans) {
    const place = placeIn(places, span);
    const { pid, tid } = place;
    if (!seen.has(`${pid}`)) {
      yield named('process_name', place, { name: span.host });
      yield named('process_sort_index', place, { sort_index: pid });
    }
    if (!seen.has(`${pid} ${tid}`)) {
      yield named('thread_name', place, { name: tid === 0 ? 'life' : `work ${tid}` });
      yield named('thread_sort_index', place, { sort_index: tid });
    }
    seen.add(`${pid}`).add(`${pid} ${tid}`);
  }
}

function workOf(span: EndedSpan, place: Place): ChromeEvent[] {
  const { name, role, startUs, endUs, attributes, status, events } = span;
  const args = {
    ...attributes,
    ...(status.code === 'unset' ? {} : { status: status.code }),
    ...(status.message === undefined ? {} : { message: status.message }),
  };
  return [
    { name, ph: 'X', cat: role, ts: startUs, dur: Math.max(0, endUs - startUs), ...place, args },
    ...events.map((event): ChromeEvent => {
      return {
        name: event.name,
        ph: 'i',
        s: 't',
        cat: 'event',
        ts: event.atUs,
        ...place,
        args: event.attributes,
      };
    }),
  ];
}

/** Arrows from who sent something to who worked on it, and from there back with the answer. */
function arrowsOf(spans: readonly EndedSpan[], places: ReadonlyMap<EndedSpan, Place>): ChromeEvent[] {
  let id = 0;
  const arrow = (name: string, from: [EndedSpan, number], to: [EndedSpan, number]): ChromeEvent[] => {
    const common = { name, cat: 'message', id: ++id };
    return [
      { ...common, ph: 's', ts: within(...from), ...placeIn(places, from[0]) },
      { ...common, ph: 'f', bp: 'e', ts: within(...to), ...placeIn(places, to[0]) },
    ];
  };
  return spans.flatMap((span) => {
    const parent = span.parent as EndedSpan | undefined;
    if (parent === undefined || (span.role !== 'handling' && span.role !== 'delivery')) return [];
    const there = arrow(parent.name, [parent, parent.startUs], [span, span.startUs]);
    const isAnswer = span.role === 'handling' && 'http.response.status_code' in parent.attributes;
    const hasAnswered =
      isAnswer && 'http.response.status_code' in span.attributes && span.endUs <= parent.endUs;
    if (!hasAnswered) return there;
    return [...there, ...arrow(`response to ${parent.name}`, [span, span.endUs], [parent, parent.endUs])];
  });
}

/** A time within the work: at its very end it is over already, and no arrow would find it. */
function within({ startUs, endUs }: EndedSpan, us: number): number {
  return us === endUs && endUs > startUs ? us - 1 : us;
}

/** How many requests each host works on. */
function countersOf(spans: readonly EndedSpan[], places: ReadonlyMap<EndedSpan, Place>): ChromeEvent[] {
  const changes = new Map<number, Map<number, number>>();
  for (const span of spans) {
    if (span.role !== 'handling') continue;
    const { pid } = placeIn(places, span);
    const ofHost = changes.get(pid) ?? new Map<number, number>();
    changes.set(pid, ofHost);
    ofHost.set(span.startUs, (ofHost.get(span.startUs) ?? 0) + 1);
    ofHost.set(span.endUs, (ofHost.get(span.endUs) ?? 0) - 1);
  }
  return [...changes].flatMap(([pid, ofHost]) => {
    let requests = 0;
    const times = [...ofHost].toSorted(([left], [right]) => left - right);
    return times.map(([ts, change]): ChromeEvent => {
      requests += change;
      return { name: 'requests at work', ph: 'C', ts, pid, tid: 0, args: { requests } };
    });
  });
}

/** Faults that last, and what concerns nobody alone. */
function systemOf({ trace = [], violations = [], virtualMs }: TracedRun): ChromeEvent[] {
  const events: ChromeEvent[] = [];
  const open = new Map<number, FaultEntry>();
  const edge = (ph: 'b' | 'e', { text, nth, fault, hosts }: FaultEntry, ts: number): void => {
    events.push({ name: text, ph, cat: 'fault', id: nth, ts, ...SYSTEM, args: { fault, hosts } });
  };
  const moment = (name: string, cat: string, ts: number): void => {
    events.push({ name, ph: 'i', s: 'g', cat, ts, ...SYSTEM });
  };
  for (const entry of trace) {
    if (entry.kind === 'note' && entry.host === undefined) moment(entry.text, 'note', entry.atUs);
    if (entry.kind !== 'fault') continue;
    const begun = open.get(entry.nth);
    if (entry.change === 'strikes') moment(entry.text, 'fault', entry.atUs);
    if (entry.change === 'begins' && begun === undefined) {
      open.set(entry.nth, entry);
      edge('b', entry, entry.atUs);
    }
    if (entry.change === 'ends' && begun !== undefined) {
      open.delete(entry.nth);
      edge('e', begun, entry.atUs);
    }
  }
  for (const entry of open.values()) edge('e', entry, Math.max(entry.atUs, Math.round(virtualMs * 1000)));
  for (const { name, atMs } of violations) moment(`violation: ${name}`, 'violation', Math.round(atMs * 1000));
  return events;
}

function placeIn(places: ReadonlyMap<EndedSpan, Place>, span: EndedSpan): Place {
  return places.get(span) ?? SYSTEM;
}
