// Dead letters accounted for: every message that was sent is dealt with, still waits, or lies among the dead
// letters, and nothing lies there that was dealt with or that nobody sent.

import type { ObservedRecord } from '../../history/observed.ts';
import { culpritOf, judged, unseen, type Breach, type Integrity } from './culprit.ts';
import { checkSelectors, recordsOf, type Source } from './source.ts';

/** What {@link deadLettersAccounted} judges. All rows of it are messages, as they lie there. */
export interface DeadLettersOptions<Row> {
  /** Everything that was sent. */
  readonly sent: Source<Row>;
  /** What was dealt with. */
  readonly handled: Source<Row>;
  /** The dead letters. */
  readonly dead: Source<Row>;
  /** What still waits. Default: nothing may, as at the end. */
  readonly waiting?: Source<Row>;
  /** The id of a message, wherever it lies. */
  readonly id: (message: Row, key: string) => string;
}

/**
 * Judges whether every message is accounted for.
 *
 * @throws {OptionError} If an option is missing or of the wrong type.
 * @example
 * deadLettersAccounted({ sent, handled, dead, waiting: queued, id: (message) => message.id });
 */
export function deadLettersAccounted<Row>(options: DeadLettersOptions<Row>): Integrity {
  const { id } = options;
  checkSelectors('deadLettersAccounted', { id });
  const places = { sent: options.sent, handled: options.handled, dead: options.dead };
  const [sent, handled, dead, waiting] = [
    ...Object.entries(places),
    ['waiting', 'waiting' in options ? options.waiting : []] as const,
  ].map(([name, source]) => recordsOf(`deadLettersAccounted({ ${name} })`, source));
  if (sent === undefined || handled === undefined || dead === undefined || waiting === undefined)
    return unseen('messages');
  const byId = (records: readonly ObservedRecord<Row>[]): Map<string, ObservedRecord<Row>> =>
    new Map(records.map((record) => [id(record.value, record.key), record]));
  const [known, done, lying, queued] = [byId(sent), byId(handled), byId(dead), byId(waiting)];
  const breaches: Breach[] = [];
  const add = (what: string, ...records: readonly ObservedRecord<Row>[]): void =>
    void breaches.push({ what, culprits: records.map(culpritOf) });
  for (const [name, message] of known) {
    if (!done.has(name) && !lying.has(name) && !queued.has(name))
      add(`message \`${name}\` is gone: not handled, not waiting, and no dead letter`, message);
  }
  for (const [name, letter] of lying) {
    const handling = done.get(name);
    if (!known.has(name)) add(`dead letter \`${name}\` was never sent`, letter);
    if (handling !== undefined)
      add(`message \`${name}\` was handled, and is a dead letter too`, handling, letter);
  }
  return judged(breaches);
}
