// A recorded run as OTLP JSON: the ExportTraceServiceRequest that OpenTelemetry's collector and every backend
// of it takes, in the JSON encoding of protobuf as OTLP has it.

import type { Attributes, AttributeValue, SpanEntry } from '../history/trace.ts';
import { EPOCH_MS_DEFAULT } from '../time/host-clock.ts';
import type { EndedSpan, RunSpan, SpanLink, TracedRun } from './telemetry/run-span.ts';
import { idsOf, type SpanIds } from './telemetry/span-ids.ts';
import { spansOf } from './telemetry/spans-of.ts';

/** Spans, by resource and by what made them: `ExportTraceServiceRequest` of OTLP 1. */
export interface OtlpTraces {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly OtlpAttribute[] };
    readonly scopeSpans: readonly {
      readonly scope: { readonly name: string; readonly version?: string };
      readonly spans: readonly OtlpSpan[];
    }[];
  }[];
}

/** One span. Ids are hexadecimal, times nanoseconds since 1970 as decimal digits. */
export interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  /** 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly OtlpAttribute[];
  readonly events: readonly {
    readonly timeUnixNano: string;
    readonly name: string;
    readonly attributes: readonly OtlpAttribute[];
  }[];
  readonly links: readonly {
    readonly traceId: string;
    readonly spanId: string;
    readonly attributes: readonly OtlpAttribute[];
  }[];
  readonly status: { readonly code?: number; readonly message?: string };
}

/** An attribute, as protobuf has it. */
export interface OtlpAttribute {
  readonly key: string;
  readonly value: OtlpValue;
}

/** A value of an attribute; 64-bit integers are decimal digits. */
export type OtlpValue =
  | { readonly stringValue: string }
  | { readonly boolValue: boolean }
  | { readonly intValue: string }
  | { readonly doubleValue: number | 'NaN' | 'Infinity' | '-Infinity' }
  | { readonly arrayValue: { readonly values: readonly (OtlpValue | Record<string, never>)[] } };

const KINDS = ['internal', 'server', 'client', 'producer', 'consumer'] as const;
const STATUS_CODES = { unset: undefined, ok: 1, error: 2 } as const;
const SCOPE = { name: 'wavetank' } as const;

/**
 * Writes a recorded run as OTLP: one trace for each operation of a client, through every host; one resource
 * for each life of a host. What belongs to no operation has traces of its own.
 *
 * Determinism: equal runs give equal text; ids are hashes of the run and of what a span is about.
 */
export function otlpOf(run: TracedRun): OtlpTraces {
  const spans = spansOf(run);
  const ids = idsOf(run, spans);
  const epochNs = BigInt(Math.round((run.epochMs ?? EPOCH_MS_DEFAULT) * 1000)) * 1000n;
  const write = (span: EndedSpan): OtlpSpan => writeSpan(span, ids, epochNs);
  const resources = groups(spans, ({ host, incarnation }) => JSON.stringify([host, incarnation]));
  return {
    resourceSpans: resources.map(([first, ...rest]) => ({
      resource: { attributes: resourceOf(run, first) },
      scopeSpans: groups([first, ...rest], ({ own }) => JSON.stringify(own?.scope)).map((made) => ({
        scope: made[0].own?.scope ?? SCOPE,
        spans: made.map(write),
      })),
    })),
  };
}

function resourceOf({ seed, hash }: TracedRun, { host, incarnation }: RunSpan): OtlpAttribute[] {
  return attributesOf({
    'service.name': host,
    'service.instance.id': `${host}/${incarnation}`,
    'telemetry.sdk.name': 'wavetank',
    'telemetry.sdk.language': 'nodejs',
    'wavetank.incarnation': incarnation,
    'wavetank.seed': seed,
    'wavetank.run': hash,
  });
}

function writeSpan(span: EndedSpan, all: ReadonlyMap<RunSpan, SpanIds>, epochNs: bigint): OtlpSpan {
  const { name, kind, startUs, endUs, parent, attributes, events, links, status } = span;
  const at = (us: number): string => String(epochNs + BigInt(Math.round(us * 1000)));
  const { traceId, spanId } = idsIn(all, span);
  return {
    traceId,
    spanId,
    ...(parent === undefined ? {} : { parentSpanId: idsIn(all, parent).spanId }),
    name: wellFormed(name),
    kind: KINDS.indexOf(kind) + 1,
    startTimeUnixNano: at(startUs),
    endTimeUnixNano: at(endUs),
    attributes: attributesOf(attributes),
    events: events.map((event) => ({
      timeUnixNano: at(event.atUs),
      name: wellFormed(event.name),
      attributes: attributesOf(event.attributes),
    })),
    links: links.map((link) => writeLink(link, all)),
    status: statusOf(status),
  };
}

function writeLink(link: SpanLink, all: ReadonlyMap<RunSpan, SpanIds>): OtlpSpan['links'][number] {
  const { traceId, spanId } = 'span' in link ? idsIn(all, link.span) : link;
  const attributes = attributesOf(link.why === undefined ? {} : { 'wavetank.link': link.why });
  return { traceId, spanId, attributes };
}

function statusOf({ code, message }: SpanEntry['status']): OtlpSpan['status'] {
  const number = STATUS_CODES[code];
  return {
    ...(number === undefined ? {} : { code: number }),
    ...(message === undefined ? {} : { message: wellFormed(message) }),
  };
}

function attributesOf(attributes: Attributes): OtlpAttribute[] {
  return Object.entries(attributes).map(([key, value]) => ({ key: wellFormed(key), value: valueOf(value) }));
}

function valueOf(value: AttributeValue): OtlpValue {
  if (typeof value === 'string') return { stringValue: wellFormed(value) };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'number') return numberOf(value);
  return { arrayValue: { values: value.map((each) => (each === null ? {} : valueOf(each))) } };
}

function numberOf(value: number): OtlpValue {
  if (Number.isSafeInteger(value)) return { intValue: String(value) };
  return {
    doubleValue: Number.isFinite(value) ? value : (String(value) as 'NaN' | 'Infinity' | '-Infinity'),
  };
}

/** Protobuf has no halves of characters: they would make the whole export unreadable. */
function wellFormed(text: string): string {
  return Buffer.from(text).toString();
}

function idsIn(all: ReadonlyMap<RunSpan, SpanIds>, span: RunSpan): SpanIds {
  const ids = all.get(span);
  if (ids === undefined) throw new TypeError(`span ${span.key} is none of the run`);
  return ids;
}

/** Groups what has an equal key, in the order in which keys first come. */
function groups<Item>(items: readonly Item[], keyOf: (item: Item) => string): [Item, ...Item[]][] {
  const found = new Map<string, [Item, ...Item[]]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = found.get(key);
    if (group === undefined) found.set(key, [item]);
    else group.push(item);
  }
  return [...found.values()];
}
