// Exactly-once effect: a request that is sent again and again, with one idempotency key, has its effect once.

import { culpritOf, judged, unseen, type Breach, type Integrity } from './culprit.ts';
import { checkSelectors, grouped, recordsOf, type Source } from './source.ts';

/** What {@link exactlyOnce} judges. */
export interface ExactlyOnceOptions<Row> {
  /** The effects: charges, parcels, mails. */
  readonly of: Source<Row>;
  /** The idempotency key of an effect: what it was made for. */
  readonly by: (effect: Row, key: string) => string;
  /**
   * Puts an effect into words: `(key) => \`order ${key} was charged\``. Default: the key had its effect.
   */
  readonly saying?: (key: string) => string;
  /** The keys whose effect must be there by now. Default: none, so that this judges "at most once". */
  readonly wanted?: Iterable<string> | undefined;
}

/**
 * Judges whether each key had its effect once: never twice, and not never where it is wanted.
 *
 * @throws {OptionError} If an option is missing or of the wrong type.
 * @example
 * exactlyOnce({ of: charges, by: (charge) => charge.orderId, wanted: acknowledgedOrders(world) });
 */
export function exactlyOnce<Row>(options: ExactlyOnceOptions<Row>): Integrity {
  const { of, by, wanted = [], saying = (key) => `\`${key}\` had its effect` } = options;
  checkSelectors('exactlyOnce', { by, saying });
  const records = recordsOf('exactlyOnce({ of })', of);
  if (records === undefined) return unseen('effects');
  const effects = grouped(records, ({ key, value }) => by(value, key));
  const breaches: Breach[] = [];
  for (const [key, members] of effects) {
    if (members.length < 2) continue;
    breaches.push({
      what: `${saying(key)} ${members.length} times`,
      culprits: members.map(culpritOf),
    });
  }
  for (const key of new Set(wanted)) {
    if (effects.has(key)) continue;
    breaches.push({ what: `\`${key}\` had no effect`, culprits: [{ key, record: undefined }] });
  }
  return judged(breaches);
}
