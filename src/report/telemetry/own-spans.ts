// Puts the spans that code of hosts made by `@opentelemetry/api` into the traces of the run, and ties
// requests to the spans that made them. Headers are believed only where wavetank made the ids in them.

import type { SpanEntry } from '../../history/trace.ts';
import type { RunSpan } from './run-span.ts';
import type { SpanWalk } from './span-walk.ts';

/** The ids of another span, as W3C trace context carries them. */
interface RemoteContext {
  readonly traceId: string;
  readonly spanId: string;
}

const TRACEPARENT = /^[\da-f]{2}-([\da-f]{32})-([\da-f]{16})-[\da-f]{2}/;

/** Adds them, once the whole trace was read. */
export function addOwnSpans(walk: SpanWalk): void {
  const spans = new Map<string, RunSpan>();
  const byHost = new Map<string, RunSpan>();
  for (const entry of walk.own) {
    const span = begin(walk, entry);
    spans.set(idOf(entry), span);
    byHost.set(`${entry.spanId} ${entry.host}`, span);
  }
  for (const span of spans.values()) span.parent = parentOf(walk, span, spans);
  for (const { span, sent } of walk.http.exchanges.values()) {
    const header = sent.content?.headers?.find(([name]) => name === 'traceparent')?.[1];
    const remote = header === undefined ? undefined : contextOf(header);
    const named = remote === undefined ? undefined : spans.get(idOf(remote));
    const active = byHost.get(`${sent.spanId} ${sent.from}`);
    // A proxy may pass on the header of whoever asked it: the span is of another host then.
    const parent = active ?? (named?.host === sent.from ? named : undefined);
    if (parent !== undefined && !isBelow(parent, span)) span.parent = parent;
    if (remote !== undefined && named === undefined) span.links.push({ ...remote, why: 'traceparent' });
    else if (named !== undefined && named !== span.parent)
      span.links.push({ span: named, why: 'traceparent' });
  }
  for (const span of walk.spans) {
    if (span.role !== 'message') continue;
    const parent = byHost.get(`${walk.index.sent.get(span.key)?.spanId} ${span.host}`);
    if (parent !== undefined) span.parent = parent;
  }
}

function begin(walk: SpanWalk, entry: SpanEntry): RunSpan {
  const span = walk.begin({
    key: JSON.stringify(['own', entry.traceId, entry.spanId]),
    role: 'own',
    name: entry.name,
    kind: entry.spanKind,
    host: entry.host,
    incarnation: entry.incarnation,
    startUs: entry.startUs,
    endUs: entry.endUs,
    parent: undefined,
    attributes: { ...entry.attributes, 'wavetank.trace_id': entry.traceId },
    status: entry.status,
    own: entry,
  });
  span.events.push(...entry.events);
  return span;
}

function parentOf(walk: SpanWalk, span: RunSpan, spans: ReadonlyMap<string, RunSpan>): RunSpan | undefined {
  const { own } = span;
  if (own === undefined) return undefined;
  for (const { traceId, spanId, attributes } of own.links) {
    const linked = spans.get(idOf({ traceId, spanId }));
    const why = typeof attributes['why'] === 'string' ? attributes['why'] : 'link';
    span.links.push(linked === undefined ? { traceId, spanId, why } : { span: linked, why });
  }
  const { traceId, parentSpanId } = own;
  const named = parentSpanId === undefined ? undefined : spans.get(idOf({ traceId, spanId: parentSpanId }));
  const behind = walk.index.behind({ host: own.host, step: own.startStep }, own.cause);
  if (named !== undefined && !own.isParentRemote) return named;
  // What came with a message: the message itself stands between the two.
  if (behind === undefined) return named;
  if (named === undefined && own.isParentRemote && parentSpanId !== undefined)
    span.links.push({ traceId, spanId: parentSpanId, why: 'traceparent' });
  return behind;
}

/** Whether a span is another one, or belongs to it. */
function isBelow(span: RunSpan, other: RunSpan): boolean {
  for (let up: RunSpan | undefined = span; up !== undefined; up = up.parent) if (up === other) return true;
  return false;
}

function idOf({ traceId, spanId }: RemoteContext): string {
  return `${traceId}-${spanId}`;
}

/** Reads a `traceparent` header; undefined for what is none. */
export function contextOf(header: string): RemoteContext | undefined {
  const [, traceId, spanId] = TRACEPARENT.exec(header) ?? [];
  if (traceId === undefined || spanId === undefined) return undefined;
  return /^0+$/.test(traceId) || /^0+$/.test(spanId) ? undefined : { traceId, spanId };
}
