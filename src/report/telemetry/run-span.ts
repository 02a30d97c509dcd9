// The spans of a recorded run as exporters see them, and what they are made of. Plain data but for the
// references among them.

import type { Operation } from '../../history/operation.ts';
import type { AttributeValue, SpanEntry, TraceEntry } from '../../history/trace.ts';

/** A recorded run, of which the spans are made: a `RunResult`, or the run of a report. */
export interface TracedRun {
  readonly seed: number;
  readonly hash: string;
  readonly virtualMs: number;
  /** What wall clocks showed at virtual time 0, in milliseconds since 1970. Default: 1704067200000. */
  readonly epochMs?: number;
  readonly history: readonly Operation[];
  readonly trace?: readonly TraceEntry[];
  /** What it broke, in order. */
  readonly violations?: readonly BrokenPromise[];
}

/** A violation, as far as spans tell it. */
export interface BrokenPromise {
  readonly code: string;
  readonly name: string;
  readonly message: string;
  readonly atMs: number;
  readonly step: number;
  readonly host: string;
}

/** What a span stands for. */
export type SpanRole =
  /** An operation of a client: the root of its trace. */
  | 'operation'
  /** A request, from when it was sent until its sender had the answer, or none. */
  | 'request'
  /** What a server did for a request. */
  | 'handling'
  /** A datagram, or bytes of a stream, that left; and what was done when they arrived. */
  | 'message'
  | 'delivery'
  /** One life of a host: the root of what it began by itself. */
  | 'incarnation'
  /** A timer that was set on no other behalf. */
  | 'timer'
  /** A span that code of a host made by `@opentelemetry/api`. */
  | 'own';

/** A piece of work on one host. */
export interface RunSpan {
  /** What it is about; no other span of the run has the same. */
  readonly key: string;
  readonly role: SpanRole;
  readonly name: string;
  readonly kind: SpanEntry['spanKind'];
  readonly host: string;
  readonly incarnation: number;
  readonly startUs: number;
  /** Undefined until somebody knows; see span-ends.ts. */
  endUs: number | undefined;
  parent: RunSpan | undefined;
  readonly attributes: Record<string, AttributeValue>;
  readonly events: SpanEvent[];
  readonly links: SpanLink[];
  status: SpanEntry['status'];
  /** The span as the code of the host made it. */
  readonly own?: SpanEntry;
}

/** Something that happened during a span. */
export interface SpanEvent {
  readonly atUs: number;
  readonly name: string;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
}

/** Another span that has to do with it: of the same run, or by ids that came from outside. */
export type SpanLink =
  | { readonly span: RunSpan; readonly why: string }
  | { readonly traceId: string; readonly spanId: string; readonly why?: string };

/** A span whose end is known. */
export interface EndedSpan extends RunSpan {
  endUs: number;
}

/** The span that stands at the beginning of its trace. */
export function rootOf(span: RunSpan): RunSpan {
  let root = span;
  while (root.parent !== undefined) root = root.parent;
  return root;
}
