// Where the checks of data integrity take their records from: tables that know where each came from, or any
// rows at all.

import { OptionError } from '../../errors.ts';
import { idOf, type Observed, type ObservedRecord } from '../../history/observed.ts';

/**
 * The records that a check looks at: `store().records(...)` or `disk.records(...)` of a host, which know
 * where each came from, or rows of any kind. Undefined: they cannot be seen now, so nobody knows.
 *
 * Each selector of a check is given a row and its key.
 */
export type Source<Row> = Observed<Row> | Iterable<Row> | undefined;

/** The records of a source. @throws {OptionError} If it is none. */
export function recordsOf<Row>(
  option: string,
  source: Source<Row>,
): readonly ObservedRecord<Row>[] | undefined {
  if (source === undefined) return undefined;
  if (typeof source === 'object' && source !== null) {
    if ('kind' in source && source.kind === 'observed') return source.records;
    if (Symbol.iterator in source)
      return Array.from(source, (value, i) => ({ key: idOf(value) ?? `#${i + 1}`, value }));
  }
  const hint = 'Of an object take `Object.values(it)`.';
  throw OptionError.expected(option, 'records of a host, or rows that can be iterated', source, hint);
}

/** Groups records, in the order in which each group began. */
export function grouped<Row>(
  records: readonly ObservedRecord<Row>[],
  by: (record: ObservedRecord<Row>) => string | number,
): Map<string, ObservedRecord<Row>[]> {
  const groups = new Map<string, ObservedRecord<Row>[]>();
  for (const record of records) {
    const key = String(by(record));
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [record]);
    else group.push(record);
  }
  return groups;
}

/** @throws {OptionError} If a selector is no function. */
export function checkSelectors(check: string, selectors: Readonly<Record<string, unknown>>): void {
  for (const [name, selector] of Object.entries(selectors)) {
    if (typeof selector !== 'function')
      throw OptionError.expected(`${check}({ ${name} })`, 'a function of a row', selector);
  }
}
