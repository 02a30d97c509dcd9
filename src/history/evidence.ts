// What shows that a promise was broken, as plain data: reports draw it, and follow the causes of what it
// names.

import type { Origin } from './provenance.ts';
import type { CallEnd } from './traffic.ts';

/** Records that break a promise. */
export interface RecordsEvidence {
  readonly kind: 'records';
  readonly records: readonly {
    readonly key: string;
    /** Undefined for a record that is missing. */
    readonly value: unknown;
    readonly host?: string;
    /** Who wrote it last. */
    readonly origin?: Origin;
  }[];
}

/** An order of operations that goes so far and no further: what shows that a history is not linearizable. */
export interface OrderEvidence {
  readonly kind: 'order';
  /** What it should have been: `linearizable as a register`. */
  readonly promise: string;
  /** The longest order that explains its operations: each with the state that it leaves, in words. */
  readonly prefix: readonly { readonly operation: number; readonly text: string; readonly state: string }[];
  /** The operation that no order explains. */
  readonly culprit: { readonly operation: number; readonly text: string };
  /** The operations that were open there: none of them could be the next. */
  readonly open: readonly { readonly operation: number; readonly text: string }[];
}

/** A cycle of transactions: what shows that a history keeps no isolation level that forbids it. */
export interface CycleEvidence {
  readonly kind: 'cycle';
  /** `G1c`, `G-single`, `lost update`, ... */
  readonly anomaly: string;
  readonly transactions: readonly { readonly operation: number; readonly text: string }[];
  /** From one transaction to another, by their places in the list. Empty for an anomaly of one read. */
  readonly edges: readonly {
    readonly from: number;
    readonly to: number;
    /** `ww`: overwrote it. `wr`: was read by it. `rw`: read what it overwrote. */
    readonly dependency: 'ww' | 'wr' | 'rw' | 'realtime' | 'process';
    readonly text: string;
  }[];
}

/** Operations that break a promise about what a client may see. */
export interface OperationsEvidence {
  readonly kind: 'operations';
  readonly operations: readonly { readonly operation: number; readonly text: string }[];
}

/** Requests, or operations, that took too long or had no answer. */
export interface RequestsEvidence {
  readonly kind: 'requests';
  /** The worst first; not all of them. */
  readonly requests: readonly {
    /** `POST /charge`, or the name of an operation. */
    readonly name: string;
    readonly from: string;
    /** Nothing for an operation. */
    readonly to: string;
    readonly nth: number;
    /** The id of an operation in the history. */
    readonly operation?: number;
    readonly sentMs: number;
    /** Until its end, or so far. */
    readonly waitedMs: number;
    readonly end: CallEnd;
    readonly status?: number;
  }[];
}

/** What shows that a promise was broken. Operations are named by their `id` in the history. */
export type Evidence =
  RecordsEvidence | OrderEvidence | CycleEvidence | OperationsEvidence | RequestsEvidence;
