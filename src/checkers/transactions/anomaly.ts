// What can be wrong with a history of transactions, and which isolation levels forbid it.

import type { CycleEvidence } from '../../history/evidence.ts';
import type { CycleKind } from './cycles.ts';
import type { Transaction } from './transaction.ts';

/** Anomalies that show in a single read, or in two of them. */
export type DirectAnomaly =
  /** A transaction did not see its own writes, or saw a value change that it had read. */
  | 'internal'
  /** It read what an aborted transaction wrote. */
  | 'G1a'
  /** It read what a transaction overwrote itself. */
  | 'G1b'
  /** Two read one version of a key, and both wrote it. */
  | 'lost update'
  /** Two reads of one list, neither of which continues the other. */
  | 'incompatible order'
  /** Versions of a register that come before themselves. */
  | 'cyclic versions'
  | 'duplicate element'
  | 'duplicate write'
  | 'garbage read';

/** The name of an anomaly. `-realtime`: it needs the clock. */
export type AnomalyKind = DirectAnomaly | CycleKind | `${CycleKind}-realtime`;

/** One anomaly, with what shows it. */
export interface Anomaly {
  readonly kind: AnomalyKind;
  /** For a cycle, in its order. */
  readonly transactions: readonly Transaction[];
  /** Of a cycle: why each must have come before the next; places in `transactions`. */
  readonly edges?: CycleEvidence['edges'];
  readonly message: string;
}

/** Isolation levels, from the weakest to the strongest. */
export const LEVELS = [
  'read uncommitted',
  'read committed',
  'snapshot isolation',
  'serializable',
  'strict serializable',
] as const;

/** The name of an isolation level. */
export type IsolationLevel = (typeof LEVELS)[number];

/** The weakest level that forbids an anomaly, as a place in {@link LEVELS}. */
const FORBIDDEN_FROM: Readonly<Record<DirectAnomaly | CycleKind, number>> = {
  'duplicate write': 0,
  'duplicate element': 0,
  'garbage read': 0,
  'incompatible order': 0,
  'cyclic versions': 0,
  G0: 0,
  G1a: 1,
  G1b: 1,
  G1c: 1,
  internal: 2,
  'lost update': 2,
  'G-single': 2,
  'G-nonadjacent': 2,
  'G2-item': 3,
};

/** The strongest level that holds; `none` where not even the weakest does. */
export function strongestLevel(anomalies: readonly Anomaly[]): IsolationLevel | 'none' {
  let holds: number = LEVELS.length - 1;
  for (const { kind } of anomalies) {
    const forbiddenFrom = kind.endsWith('-realtime')
      ? LEVELS.length - 1
      : FORBIDDEN_FROM[kind as DirectAnomaly | CycleKind];
    holds = Math.min(holds, forbiddenFrom - 1);
  }
  return LEVELS[holds] ?? 'none';
}
