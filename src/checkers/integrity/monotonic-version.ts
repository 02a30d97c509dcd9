// Monotonic versions: what was seen of a record once never gives way to something older.

import { culpritOf, judged, unseen, type Breach, type Integrity } from './culprit.ts';
import { checkSelectors, grouped, recordsOf, type Source } from './source.ts';

/** What {@link monotonicVersion} judges. */
export interface MonotonicVersionOptions<Row> {
  /** What was written or seen, oldest first. */
  readonly of: Source<Row>;
  /** The record that it is about. Default: all are about one. */
  readonly record?: (row: Row, key: string) => string;
  readonly version: (row: Row) => number;
  /** Whether each must be higher than the one before, as with writes. Default false: as with reads. */
  readonly isStrict?: boolean;
}

/**
 * Judges whether the versions of each record never go down. The culprits are those that do, each behind the
 * one that was higher.
 *
 * @throws {OptionError} If an option is missing or of the wrong type.
 * @example
 * monotonicVersion({ of: applied, record: (event) => event.sku, version: (event) => event.version });
 */
export function monotonicVersion<Row>(options: MonotonicVersionOptions<Row>): Integrity {
  const { of, record = () => 'the record', version, isStrict = false } = options;
  checkSelectors('monotonicVersion', { record, version });
  const records = recordsOf('monotonicVersion({ of })', of);
  if (records === undefined) return unseen('versions');
  const breaches: Breach[] = [];
  for (const [name, rows] of grouped(records, ({ key, value }) => record(value, key))) {
    let [highest] = rows as [(typeof rows)[0]];
    for (const row of rows.slice(1)) {
      const [before, after] = [version(highest.value), version(row.value)];
      if (after > before || (after === before && !isStrict)) highest = row;
      else {
        breaches.push({
          what: `\`${name}\` went from version ${before} (\`${highest.key}\`) to ${after} (\`${row.key}\`)`,
          culprits: [culpritOf(highest), culpritOf(row)],
        });
      }
    }
  }
  return judged(breaches);
}
