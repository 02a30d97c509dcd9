// Conserved totals: money, stock and seats move, and never appear or vanish.

import { OptionError } from '../../errors.ts';
import type { ObservedRecord } from '../../history/observed.ts';
import { culpritOf, judged, named, unseen, type Breach, type Integrity } from './culprit.ts';
import { checkSelectors, grouped, recordsOf, type Source } from './source.ts';

/** What {@link conserved} judges. */
export interface ConservedOptions<Row> {
  /** What the amounts add up to; by group, where `per` is given. Whole units: cents, pieces. */
  readonly total: number | Readonly<Record<string, number>>;
  readonly of: Source<Row>;
  /** How much a row holds. */
  readonly by: (row: Row, key: string) => number;
  /** The group that a row belongs to: its currency, its article. Default: all are one. */
  readonly per?: (row: Row, key: string) => string;
}

/**
 * Judges whether amounts add up to what they always must. The culprits are the records that were written
 * last, where that is known: asked after every step, that is the write which broke it. Otherwise they are all
 * of the group.
 *
 * @throws {OptionError} If an option is missing, or `by` gives no number.
 * @example
 * const accounts = world.host('bank').store<Bank>().records((bank) => bank.accounts);
 * return conserved({ total: 100, of: accounts, by: (account) => account.balance });
 */
export function conserved<Row>({ total, of, by, per }: ConservedOptions<Row>): Integrity {
  checkSelectors('conserved', per === undefined ? { by } : { by, per });
  const totals = totalsOf(total, per !== undefined);
  const records = recordsOf('conserved({ of })', of);
  if (records === undefined) return unseen('amounts');
  const groups = grouped(records, ({ key, value }) => per?.(value, key) ?? ALL);
  const breaches: Breach[] = [];
  for (const group of new Set([...totals.keys(), ...groups.keys()])) {
    const members = groups.get(group) ?? [];
    const sum = sumOf(members, by);
    const expected = totals.get(group) ?? 0;
    if (sum === expected) continue;
    const latest = writtenLast(members);
    const written =
      latest.length === members.length ? '' : `; ${named(latest.map(({ key }) => key))} changed last`;
    const what = `the amounts${per === undefined ? '' : ` of ${group}`} of ${members.length} records`;
    breaches.push({
      what: `${what} add up to ${sum}, not to ${expected}${written}`,
      culprits: latest.map(culpritOf),
    });
  }
  return judged(breaches);
}

const ALL = 'all';

function totalsOf(total: unknown, isGrouped: boolean): Map<string, number> {
  if (!isGrouped && typeof total === 'number' && Number.isFinite(total)) return new Map([[ALL, total]]);
  if (isGrouped && typeof total === 'object' && total !== null)
    return new Map(Object.entries(total as Record<string, number>));
  const expectation = isGrouped ? 'an object of numbers by group, because of `per`' : 'a number';
  throw OptionError.expected('conserved({ total })', expectation, total);
}

function sumOf<Row>(records: readonly ObservedRecord<Row>[], by: ConservedOptions<Row>['by']): number {
  let sum = 0;
  for (const { key, value } of records) {
    const amount = by(value, key);
    if (!Number.isFinite(amount))
      throw OptionError.expected(`what conserved({ by }) gives for "${key}"`, 'a number', amount);
    sum += amount;
  }
  return sum;
}

/** The records of the latest step in which any was written; all of them where nobody knows. */
function writtenLast<Row>(records: readonly ObservedRecord<Row>[]): readonly ObservedRecord<Row>[] {
  const steps = records.map(({ origin }) => origin?.step ?? -1);
  const last = Math.max(-1, ...steps);
  return records.filter((_, i) => steps[i] === last);
}
