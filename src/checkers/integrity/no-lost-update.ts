// No lost update: no two updates start from the same version of a record, for the second would undo the first
// without having seen it. (P4 of Berenson et al., A Critique of ANSI SQL Isolation Levels, 1995.)

import { culpritOf, judged, named, unseen, type Integrity } from './culprit.ts';
import { checkSelectors, grouped, recordsOf, type Source } from './source.ts';

/** What {@link noLostUpdate} judges. */
export interface NoLostUpdateOptions<Row> {
  /** The log of the updates that were applied. */
  readonly of: Source<Row>;
  /** The record that an update is of. */
  readonly record: (update: Row, key: string) => string;
  /** The version, or the value, of that record that the update started from. */
  readonly from: (update: Row) => string | number;
}

/**
 * Judges whether every update started from what the one before it left. The culprits are the updates that
 * started from the same version: all but the last are lost.
 *
 * @throws {OptionError} If an option is missing or of the wrong type.
 * @example
 * noLostUpdate({ of: updates, record: (update) => update.account, from: (update) => update.readVersion });
 */
export function noLostUpdate<Row>({ of, record, from }: NoLostUpdateOptions<Row>): Integrity {
  checkSelectors('noLostUpdate', { record, from });
  const records = recordsOf('noLostUpdate({ of })', of);
  if (records === undefined) return unseen('updates');
  const starts = grouped(records, ({ key, value }) => JSON.stringify([record(value, key), from(value)]));
  const clashes = [...starts.values()].filter((updates) => updates.length > 1);
  return judged(
    clashes.map((updates) => {
      const [first] = updates as [(typeof updates)[0]];
      const last = updates.at(-1)?.key ?? '';
      const lost = named(updates.slice(0, -1).map(({ key }) => key));
      const start = `version ${from(first.value)} of \`${record(first.value, first.key)}\``;
      return {
        what: `update ${lost} is lost: \`${last}\` started from ${start} too, and replaced what it wrote`,
        culprits: updates.map(culpritOf),
      };
    }),
  );
}
