// No duplicate: what must be unique is.

import { culpritOf, judged, named, unseen, type Integrity } from './culprit.ts';
import { checkSelectors, grouped, recordsOf, type Source } from './source.ts';

/** What {@link noDuplicate} judges. */
export interface NoDuplicateOptions<Row> {
  readonly of: Source<Row>;
  /** What no two rows may share: a number, a seat, an address. */
  readonly by: (row: Row, key: string) => string | number;
}

/**
 * Judges whether no two records share what must be unique.
 *
 * @throws {OptionError} If an option is missing or of the wrong type.
 * @example
 * noDuplicate({ of: tickets, by: (ticket) => ticket.seat });
 */
export function noDuplicate<Row>({ of, by }: NoDuplicateOptions<Row>): Integrity {
  checkSelectors('noDuplicate', { by });
  const records = recordsOf('noDuplicate({ of })', of);
  if (records === undefined) return unseen('records');
  const shared = [...grouped(records, ({ key, value }) => by(value, key))].filter(
    ([, members]) => members.length > 1,
  );
  return judged(
    shared.map(([value, members]) => ({
      what:
        `${named(members.map(({ key }) => key))} share ${value}, which must be unique ` +
        `(${members.length} records)`,
      culprits: members.map(culpritOf),
    })),
  );
}
