// Records as a check sees them: what they are, where they are kept, and where each came from.

import type { Origin } from './provenance.ts';

/** One record of observed state. */
export interface ObservedRecord<Row> {
  /** Its key in the table, or its place in the list. */
  readonly key: string;
  readonly value: Row;
  /** The host that keeps it. */
  readonly host?: string;
  /** Who wrote it last, and while doing what; known only where the run keeps a journal. */
  readonly origin?: Origin | undefined;
}

/** The records of a table, or of several. */
export interface Observed<Row> {
  readonly kind: 'observed';
  readonly records: readonly ObservedRecord<Row>[];
}

/**
 * Makes a table for checks out of records from anywhere: a database of a real system, say.
 *
 * @example
 * const charges = observed(rows.map((row) => ({ key: row.id, value: row })));
 */
export function observed<Row>(records: Iterable<ObservedRecord<Row>>): Observed<Row> {
  return { kind: 'observed', records: [...records] };
}

/** Puts tables together. @returns undefined if one of them cannot be seen: then not all is there to judge. */
export function together<Row>(...tables: readonly (Observed<Row> | undefined)[]): Observed<Row> | undefined {
  const records: ObservedRecord<Row>[] = [];
  for (const table of tables) {
    if (table === undefined) return undefined;
    records.push(...table.records);
  }
  return { kind: 'observed', records };
}

/** What a row of a list is called: itself, where it is a text, or its `id`. */
export function idOf(row: unknown): string | undefined {
  if (typeof row === 'string') return row;
  const id = (row as { id?: unknown } | null | undefined)?.id;
  return typeof id === 'string' || typeof id === 'number' ? String(id) : undefined;
}
