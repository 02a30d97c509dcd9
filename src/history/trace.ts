// The trace of one run: everything that happened, as plain data. Collected only when a run is recorded.

import type { OutcomeType } from './operation.ts';

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
  /** Trace hash after the step was begun. */
  readonly hash: string;
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
}

/** An operation began or ended. */
export interface OperationEntry extends At {
  readonly kind: 'operation';
  readonly client: string;
  readonly name: string;
  readonly type: 'invoke' | OutcomeType;
}

/** A partition, a marker, the end of the storm, a violation. */
export interface NoteEntry extends At {
  readonly kind: 'note';
  readonly host?: string;
  readonly text: string;
}

/** One entry of a trace. */
export type TraceEntry =
  StepEntry | SentEntry | ArrivedEntry | HostEntry | LogEntry | OperationEntry | NoteEntry;
