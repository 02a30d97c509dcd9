// No phantom record: what one service refers to is there in the other. Referential integrity without a
// database that would enforce it.

import type { ObservedRecord } from '../../history/observed.ts';
import { culpritOf, judged, unseen, type Integrity } from './culprit.ts';
import { checkSelectors, recordsOf, type Source } from './source.ts';

/** What {@link noPhantom} judges. */
export interface NoPhantomOptions<Row, Target> {
  /** The records that refer to others. */
  readonly of: Source<Row>;
  /** The key that a record refers to; undefined for one that refers to nothing. */
  readonly refersTo: (row: Row, key: string) => string | undefined;
  /** The records that are referred to. */
  readonly in: Source<Target>;
  /** The key of such a record. Default: its key in the table. */
  readonly key?: (target: Target) => string;
}

/**
 * Judges whether every record that is referred to is there.
 *
 * @throws {OptionError} If an option is missing or of the wrong type.
 * @example
 * noPhantom({ of: shipments, refersTo: (shipment) => shipment.orderId, in: orders });
 */
export function noPhantom<Row, Target>(options: NoPhantomOptions<Row, Target>): Integrity {
  const { of, refersTo, key } = options;
  checkSelectors('noPhantom', key === undefined ? { refersTo } : { refersTo, key });
  const records = recordsOf('noPhantom({ of })', of);
  const targets = recordsOf('noPhantom({ in })', options.in);
  if (records === undefined || targets === undefined) return unseen('records');
  const known = new Set(targets.map((target) => key?.(target.value) ?? target.key));
  const phantoms = records.flatMap((record) => {
    const target = refersTo(record.value, record.key);
    return target === undefined || known.has(target) ? [] : [{ record, target }];
  });
  return judged(
    phantoms.map(({ record, target }) => ({
      what: `${referring(record, target)}, which is not there`,
      culprits: [culpritOf(record)],
    })),
  );
}

/** Two tables may share their keys; then the name of the one who refers says nothing about the other. */
function referring({ key, host }: ObservedRecord<unknown>, target: string): string {
  if (key !== target) return `\`${key}\` refers to \`${target}\``;
  return `\`${key}\`${host === undefined ? '' : ` of \`${host}\``} refers to a record of the same key`;
}
