// The log of events replays to the state: folding the events gives what the service says it has.

import { isDeepStrictEqual } from 'node:util';
import type { ObservedRecord } from '../../history/observed.ts';
import { culpritOf, judged, unseen, type Breach, type Integrity } from './culprit.ts';
import { checkSelectors, recordsOf, type Source } from './source.ts';

/** Records by their key, as folding makes them. */
export type Folded<Row> = ReadonlyMap<string, Row> | Readonly<Record<string, Row>>;

/** What {@link foldsTo} judges. */
export interface FoldsToOptions<Event, Row> {
  /** The log, oldest first. */
  readonly events: Source<Event>;
  /** The table before the first event. Default: empty. */
  readonly initial?: Folded<Row>;
  /** The table after an event. Pure: it returns another table, or the same, and changes none. */
  readonly apply: (table: Folded<Row>, event: Event) => Folded<Row>;
  /** The table that the service has. */
  readonly state: Source<Row>;
  /** The key of a row of it. Default: its key in the table. */
  readonly key?: (row: Row) => string;
}

/**
 * Judges whether `state = fold(events)`. The culprits are the records that differ, each with the event that
 * touched it last.
 *
 * @throws {OptionError} If an option is missing or of the wrong type.
 * @example
 * foldsTo({
 *   events: log,
 *   state: balances,
 *   apply: (table, { account, amount }) => ({ ...table, [account]: (table[account] ?? 0) + amount }),
 * });
 */
export function foldsTo<Event, Row>(options: FoldsToOptions<Event, Row>): Integrity {
  const { apply, initial = {}, key } = options;
  checkSelectors('foldsTo', key === undefined ? { apply } : { apply, key });
  const events = recordsOf('foldsTo({ events })', options.events);
  const state = recordsOf('foldsTo({ state })', options.state);
  if (events === undefined || state === undefined) return unseen('events or the state');
  const rows = new Map(state.map((record) => [key?.(record.value) ?? record.key, record]));
  const steps = [{ table: initial, event: undefined as ObservedRecord<Event> | undefined }];
  let table = initial;
  for (const event of events) {
    table = apply(table, event.value);
    steps.push({ table, event });
  }
  const breaches: Breach[] = [];
  for (const name of new Set([...rows.keys(), ...keysOf(table)])) {
    const [expected, record] = [rowAt(table, name), rows.get(name)];
    if (isDeepStrictEqual(record?.value, expected)) continue;
    const last = steps.findLast(
      ({ event }, i) =>
        event !== undefined &&
        !isDeepStrictEqual(rowAt(steps[i - 1]?.table ?? {}, name), rowAt(steps[i]?.table ?? {}, name)),
    )?.event;
    const after = last === undefined ? 'no event is about it' : `the last event about it is \`${last.key}\``;
    breaches.push({
      what: `\`${name}\` is ${shown(record?.value)}, and its events give ${shown(expected)}; ${after}`,
      culprits: [
        record === undefined ? { key: name, record: undefined } : culpritOf(record),
        ...(last === undefined ? [] : [culpritOf(last)]),
      ],
    });
  }
  return judged(breaches);
}

function keysOf<Row>(table: Folded<Row>): Iterable<string> {
  return table instanceof Map ? (table as ReadonlyMap<string, Row>).keys() : Object.keys(table);
}

function rowAt<Row>(table: Folded<Row>, key: string): Row | undefined {
  if (table instanceof Map) return (table as ReadonlyMap<string, Row>).get(key);
  return Object.hasOwn(table, key) ? (table as Readonly<Record<string, Row>>)[key] : undefined;
}

function shown(value: unknown): string {
  return value === undefined ? 'missing' : (JSON.stringify(value) ?? typeof value);
}
