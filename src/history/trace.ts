// The trace of one run: everything that happened, as plain data. Collected only when a run is recorded.

import type { Patch } from './journal.ts';
import type { OutcomeType } from './operation.ts';
import type { Activity } from './provenance.ts';

interface At {
  /** Virtual time in microseconds. */
  readonly atUs: number;
  /** The step during which it happened. */
  readonly step: number;
}

/** An executed event; what the trace hash covers. */
export interface StepEntry extends At {
  readonly kind: 'step';
  readonly host: string;
  readonly what: string;
  /** Where it was scheduled, if known. */
  readonly site?: string;
  /** The step during which it was scheduled; absent for what was there before the first. */
  readonly cause?: number;
  /** Trace hash after the step was begun. */
  readonly hash: string;
}

/** What a message carries, as far as it was there when the message left. */
export interface MessageContent {
  /** In their order, names in lower case. */
  readonly headers?: readonly (readonly [name: string, value: string])[];
  readonly body?: Bytes;
}

/** Bytes, as text where they are UTF-8; of long ones the beginning alone. */
export interface Bytes {
  readonly text?: string;
  readonly base64?: string;
  /** Of all of them. */
  readonly byteLength: number;
}

/** A request of HTTP, among those from its sender to its target. */
export interface RequestName {
  /** `POST /charge`. */
  readonly label: string;
  /** Which one of that name it is, counted from 1. */
  readonly nth: number;
}

/** A message that was sent, and what became of it. */
export interface SentEntry extends At {
  readonly kind: 'sent';
  readonly from: string;
  readonly to: string;
  readonly message: string;
  readonly label: string;
  readonly nth: number;
  readonly status?: number;
  readonly fate:
    'delivered' | 'dropped' | 'lost' | 'cut off' | 'reset' | 'refused' | 'failed' | 'held' | 'stalled';
  /** For a message that is delivered: how long it takes. */
  readonly delayUs?: number;
  readonly isTwice?: boolean;
  readonly content?: MessageContent;
  /** Of a response, a part of a body, or what ends a connection: the request that it belongs to. */
  readonly request?: RequestName;
  /** What its sender was doing. */
  readonly cause?: Activity;
  /** The id of the sender's own span that was active, where it has spans of wavetank's OpenTelemetry. */
  readonly spanId?: string;
}

/** A message that arrived. */
export interface ArrivedEntry extends At {
  readonly kind: 'arrived';
  readonly from: string;
  readonly to: string;
  readonly message: string;
  readonly label: string;
  readonly nth: number;
  readonly isCopy: boolean;
}

/** Something that happened to a host. */
export interface HostEntry extends At {
  readonly kind: 'host';
  readonly host: string;
  readonly change: string;
}

/** A line that a host printed. */
export interface LogEntry extends At {
  readonly kind: 'log';
  readonly host: string;
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
  /** What the host was doing. */
  readonly cause?: Activity;
}

/** An operation began or ended. */
export interface OperationEntry extends At {
  readonly kind: 'operation';
  /** Its place in the history. */
  readonly id: number;
  readonly client: string;
  readonly name: string;
  readonly type: 'invoke' | OutcomeType;
}

/** The store of what functions and getters that a host exposes answered to checks, by `name()` and `name`. */
export const ANSWERS_STORE = 'exports()';

/** What a host keeps has changed. */
export interface StateEntry extends At {
  readonly kind: 'state';
  readonly host: string;
  /**
   * The name of a store; `disk`; `exports` for what the host exposes to checks; `exports()` for what its
   * functions answered when a check asked.
   */
  readonly store: string;
  /** What leads from the value before to the value after, as immer writes it. */
  readonly patches: readonly Patch[];
  /** What the host was doing: after an `await` it is another than the event of the step. */
  readonly cause: Activity;
}

/** A fault that lasts begins or ends, or one that does not strikes. */
export interface FaultEntry extends At {
  readonly kind: 'fault';
  readonly change: 'strikes' | 'begins' | 'ends';
  /** Of the fault: `partition`, `crash`, ... */
  readonly fault: string;
  /** In words, as a failure lists it. */
  readonly text: string;
  /** The hosts that it befalls. */
  readonly hosts: readonly string[];
  /** Its place in the faults of the plan. */
  readonly nth: number;
}

/** A value of an attribute of a span, as OpenTelemetry has them. */
export type AttributeValue = string | number | boolean | readonly (string | number | boolean | null)[];

/** Attributes of a span. */
export type Attributes = Readonly<Record<string, AttributeValue>>;

/** A span that code of a host made by `@opentelemetry/api`, when it ended. */
export interface SpanEntry extends At {
  readonly kind: 'span';
  readonly host: string;
  /** The life of the host that made it, counted from 1. */
  readonly incarnation: number;
  readonly name: string;
  /** Hexadecimal, as code of the host saw them. */
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  /** Whether the parent came with a message. */
  readonly isParentRemote: boolean;
  readonly spanKind: 'internal' | 'server' | 'client' | 'producer' | 'consumer';
  /** Virtual times in microseconds. */
  readonly startUs: number;
  readonly endUs: number;
  /** The step during which it began. */
  readonly startStep: number;
  readonly attributes: Attributes;
  readonly events: readonly {
    readonly atUs: number;
    readonly name: string;
    readonly attributes: Attributes;
  }[];
  readonly links: readonly {
    readonly traceId: string;
    readonly spanId: string;
    readonly attributes: Attributes;
  }[];
  readonly status: { readonly code: 'unset' | 'ok' | 'error'; readonly message?: string };
  /** The instrumentation that made it. */
  readonly scope: { readonly name: string; readonly version?: string };
  /** What the host was doing when it began. */
  readonly cause?: Activity;
}

/** A partition, a marker, the end of the storm, a violation. */
export interface NoteEntry extends At {
  readonly kind: 'note';
  readonly host?: string;
  readonly text: string;
  /** What the host was doing, where it is about one. */
  readonly cause?: Activity;
}

/** One entry of a trace. */
export type TraceEntry =
  | StepEntry
  | SentEntry
  | ArrivedEntry
  | HostEntry
  | LogEntry
  | OperationEntry
  | StateEntry
  | FaultEntry
  | SpanEntry
  | NoteEntry;
