// Bounded staleness: a copy lags behind its original by no more than some time.

import { OptionError } from '../../errors.ts';
import type { ObservedRecord } from '../../history/observed.ts';
import { culpritOf, judged, unseen, type Breach, type Integrity } from './culprit.ts';
import { checkSelectors, grouped, recordsOf, type Source } from './source.ts';

/** What {@link boundedStaleness} judges. */
export interface BoundedStalenessOptions<Row> {
  /** The copies: a cache, a replica, a read model. */
  readonly of: Source<Row>;
  /** The originals; with their earlier versions, as in a log, where they are kept. */
  readonly from: Source<Row>;
  /** The record that a row is a version of. Default: its key in the table. */
  readonly record?: (row: Row) => string;
  readonly version: (row: Row) => number;
  /** When this version of an original came to be, in milliseconds on the clock of `nowMs`. */
  readonly sinceMs: (row: Row) => number;
  readonly nowMs: number;
  /** How far a copy may lag behind. */
  readonly withinMs: number;
}

/**
 * Judges whether no copy shows a version that was replaced longer than `withinMs` ago. A record that has no
 * copy must have one by then, too.
 *
 * @throws {OptionError} If an option is missing or of the wrong type.
 * @example
 * boundedStaleness({
 *   of: cached, from: prices, version: (row) => row.version, sinceMs: (row) => row.setAtMs,
 *   nowMs: world.nowMs, withinMs: 5_000,
 * });
 */
export function boundedStaleness<Row>(options: BoundedStalenessOptions<Row>): Integrity {
  const { record, version, sinceMs, nowMs, withinMs } = options;
  checkSelectors('boundedStaleness', { version, sinceMs, ...(record === undefined ? {} : { record }) });
  for (const [name, value] of Object.entries({ nowMs, withinMs })) {
    if (!(value >= 0))
      throw OptionError.expected(`boundedStaleness({ ${name} })`, 'milliseconds, 0 or more', value);
  }
  const copies = recordsOf('boundedStaleness({ of })', options.of);
  const originals = recordsOf('boundedStaleness({ from })', options.from);
  if (copies === undefined || originals === undefined) return unseen('copies or their originals');
  const nameOf = ({ key, value }: ObservedRecord<Row>): string => record?.(value) ?? key;
  const shown = new Map(copies.map((copy) => [nameOf(copy), copy]));
  const breaches: Breach[] = [];
  for (const [name, versions] of grouped(originals, nameOf)) {
    const copy = shown.get(name);
    const seen = copy === undefined ? Number.NEGATIVE_INFINITY : version(copy.value);
    const newer = versions.filter(({ value }) => version(value) > seen);
    const first = newer.toSorted((left, right) => sinceMs(left.value) - sinceMs(right.value))[0];
    const lagMs = first === undefined ? 0 : nowMs - sinceMs(first.value);
    if (first === undefined || lagMs <= withinMs) continue;
    const has = copy === undefined ? 'has no copy' : `is still shown as version ${seen}`;
    const until = `version ${version(first.value)} is ${lagMs} ms old, and ${withinMs} ms are allowed`;
    breaches.push({
      what: `\`${name}\` ${has}: ${until}`,
      culprits: [...(copy === undefined ? [] : [culpritOf(copy)]), culpritOf(first)],
    });
  }
  return judged(breaches);
}
