// What lasts: hosts that are down or paused, faults that begin and end, operations of clients. As places in
// the trace. Pure.

import type { FaultEntry, NoteEntry, TraceEntry } from '../../../../history/trace.ts';
import type { RunReport } from '../../../document.ts';
import { inOneLine } from './short-text.ts';

/** Something that lasts on one lane. */
export interface Span {
  readonly kind: 'down' | 'paused' | 'fault' | 'operation';
  readonly lane: string;
  /** Where it begins; and where it ends, or the length of the trace. */
  readonly from: number;
  readonly to: number;
  readonly text: string;
  /** For an operation: how it ended, and which of those at the same time it is, from 0. */
  readonly outcome?: string;
  readonly column?: number;
}

const ENDS = /^(crashed|stopped|exited)/;
const PARTITION = /^partition: (.*)$/s;
const HEALS = /^partition heals: (.*)$/s;

/** Everything that lasts, in the order in which it ended. */
export function spansOf({ trace, history }: Pick<RunReport, 'trace' | 'history'>): Span[] {
  const spans: Span[] = [];
  const open = new Map<string, Span>();
  const begin = (key: string, span: Omit<Span, 'to'>): void => {
    if (!open.has(key)) open.set(key, { ...span, to: trace.length });
  };
  const end = (key: string, at: number, changed: Partial<Span> = {}): void => {
    const span = open.get(key);
    if (span === undefined) return;
    open.delete(key);
    spans.push({ ...span, ...changed, to: at });
  };
  const hasPartitions = trace.some((entry) => entry.kind === 'fault' && entry.fault === 'partition');
  const columns = new Columns();
  for (const [i, entry] of trace.entries()) {
    if (entry.kind === 'host') hostSpan(entry, i, begin, end);
    else if (entry.kind === 'fault') faultSpan(entry, i, begin, end);
    else if (entry.kind === 'note' && !hasPartitions) noteSpan(entry, i, begin, end);
    else if (entry.kind === 'operation') {
      const key = `operation ${entry.id}`;
      if (entry.type === 'invoke') {
        const input = history[entry.id]?.input;
        const text =
          input === undefined ? entry.name : `${entry.name} ${inOneLine(JSON.stringify(input), 80)}`;
        const column = columns.take(entry.client, key);
        begin(key, { kind: 'operation', lane: entry.client, from: i, text, outcome: 'pending', column });
      } else {
        columns.free(entry.client, key);
        end(key, i, { outcome: entry.type });
      }
    }
  }
  return [...spans, ...open.values()];
}

type Begin = (key: string, span: Omit<Span, 'to'>) => void;
type End = (key: string, at: number) => void;

function hostSpan(entry: TraceEntry & { kind: 'host' }, i: number, begin: Begin, end: End): void {
  const { host, change } = entry;
  if (ENDS.test(change)) {
    end(`paused ${host}`, i);
    begin(`down ${host}`, { kind: 'down', lane: host, from: i, text: `${host} is down` });
  } else if (change === 'booted') end(`down ${host}`, i);
  else if (change === 'paused') {
    begin(`paused ${host}`, { kind: 'paused', lane: host, from: i, text: `${host} is paused` });
  } else if (change === 'resumed') end(`paused ${host}`, i);
}

/** What a host's own entries show needs no second band. */
const SHOWN_BY_HOSTS = new Set(['crash', 'pause', 'restart', 'stop']);

function faultSpan({ change, fault, hosts, nth, text }: FaultEntry, i: number, begin: Begin, end: End): void {
  if (SHOWN_BY_HOSTS.has(fault)) return;
  for (const lane of hosts) {
    const key = `fault ${nth} ${text} ${lane}`;
    if (change === 'begins') begin(key, { kind: 'fault', lane, from: i, text });
    if (change === 'ends') end(key, i);
  }
}

function noteSpan({ text }: NoteEntry, i: number, begin: Begin, end: End): void {
  const healed = HEALS.exec(text)?.[1];
  const parted = PARTITION.exec(text)?.[1];
  for (const lane of (healed ?? parted ?? '').split(/\s*[⇥⇹|,↮]\s*/u).filter((name) => name !== '')) {
    const key = `partition ${healed ?? parted} ${lane}`;
    if (healed === undefined) begin(key, { kind: 'fault', lane, from: i, text });
    else end(key, i);
  }
}

/** Which bar of a client is free. */
class Columns {
  readonly #taken = new Map<string, (string | undefined)[]>();

  take(client: string, key: string): number {
    const taken = this.#taken.get(client) ?? [];
    this.#taken.set(client, taken);
    const free = taken.indexOf(undefined);
    const column = free === -1 ? taken.length : free;
    taken[column] = key;
    return column;
  }

  free(client: string, key: string): void {
    const taken = this.#taken.get(client) ?? [];
    const column = taken.indexOf(key);
    if (column >= 0) taken[column] = undefined;
  }
}
