// The state of a host as checks see it: its stores and its disk, now and at earlier steps, and where each
// record came from.

import { isDeepStrictEqual } from 'node:util';
import type { Immutable } from 'immer';
import { OptionError, nearMiss } from '../errors.ts';
import type { Journal, JournalEntry } from '../history/journal.ts';
import { idOf, type Observed, type ObservedRecord } from '../history/observed.ts';
import type { Origin } from '../history/provenance.ts';
import { DISK_STORE } from '../host/disk-journal.ts';
import type { HostMachine } from '../host/machine.ts';
import type { PastState, StoreSlot } from '../host/store.ts';
import type { DiskCell } from '../storage/disk.ts';

/** Records by key, or in a list. */
export type Table<Row> = Readonly<Record<string, Row>> | ReadonlyMap<string, Row> | readonly Row[];

/** A store of a host, for checks. */
export interface StoreHandle<State> {
  /** Undefined while it does not exist: before it was opened, and in memory while its process is down. */
  readonly state: Immutable<State> | undefined;
  /**
   * The records of a table of the state, each with who wrote it last.
   *
   * @param select - Picks the table: an object by key, a `Map`, or a list.
   * @returns undefined while there is no state.
   */
  records<Row>(select: (state: Immutable<State>) => Table<Row>): Observed<Row> | undefined;
  /**
   * Every change so far, oldest first.
   *
   * @throws {OptionError} If the scenario does not say `journal: true`.
   */
  readonly journal: readonly JournalEntry[];
  /**
   * The state after a step, as `journal` and violations number them.
   *
   * @throws {OptionError} If the scenario does not say `journal: true`.
   */
  at(step: number): Immutable<State> | undefined;
}

/** The disk of a host, for checks: what `host.disk` would read, with no fault in between. */
export interface DiskHandle {
  /** What a key holds. Not to be changed. */
  get(key: string): unknown;
  keys(): string[];
  /** The records whose key begins with this, each with who wrote it last. */
  records<Row>(prefix?: string): Observed<Row>;
  /**
   * Every write and removal so far, oldest first.
   *
   * @throws {OptionError} If the scenario does not say `journal: true`.
   */
  readonly journal: readonly JournalEntry[];
}

/** What tells whether checks may read journals. */
export interface JournalAccess {
  readonly journal: Journal | undefined;
  /** Whether the scenario asks for it, in every run. */
  readonly isOpen: boolean;
}

/** Shows a store. @throws {OptionError} If the host has stores, and none of that name. */
export function viewStore<State>(
  machine: HostMachine,
  name: string,
  access: JournalAccess,
): StoreHandle<State> {
  const { slots } = machine.stores;
  const slot = (): StoreSlot | undefined => {
    const found = slots.get(name);
    if (found === undefined && slots.size > 0 && machine.process === 'up')
      throw new OptionError(
        `Host \`${machine.name}\` has no store "${name}"${nearMiss(name, [...slots.keys()])}`,
      );
    return found;
  };
  return {
    get state() {
      return slot()?.state as Immutable<State> | undefined;
    },
    records<Row>(select: (state: Immutable<State>) => Table<Row>) {
      const found = slot();
      if (found?.state === undefined) return undefined;
      return recordsOf(found, machine.name, select as (state: unknown) => Table<Row>);
    },
    get journal() {
      return entriesOf(access, machine.name, name);
    },
    at(step) {
      refuseClosed(access);
      const before = slot()?.past.findLast(({ entry }) => entry.step <= step);
      return before?.state as Immutable<State> | undefined;
    },
  };
}

/** Shows a disk. */
export function viewDisk({ disk, name: host }: HostMachine, access: JournalAccess): DiskHandle {
  return {
    get: (key) => valueOf(disk.peek(key)),
    keys: () => disk.keys(),
    records<Row>(prefix = '') {
      const records: ObservedRecord<Row>[] = [];
      for (const path of disk.keys()) {
        if (!path.startsWith(prefix)) continue;
        const cell = disk.peek(path);
        const origin = cell?.note as Origin | undefined;
        records.push({ key: path.slice(prefix.length), value: valueOf(cell) as Row, host, origin });
      }
      return { kind: 'observed', records };
    },
    get journal() {
      return entriesOf(access, host, DISK_STORE);
    },
  };
}

function recordsOf<Row>(
  slot: StoreSlot,
  host: string,
  select: (state: unknown) => Table<Row>,
): Observed<Row> {
  const table = select(slot.state);
  const isList = Array.isArray(table);
  const records: ObservedRecord<Row>[] = [];
  for (const [key, value] of entriesIn(table)) {
    records.push({
      key: isList ? (idOf(value) ?? key) : key,
      value,
      host,
      // Asked only for what is wrong, so it may take its time.
      get origin() {
        return originOf(slot.past, select, placeOf(table, key, value));
      },
    });
  }
  return { kind: 'observed', records };
}

/** Where a record is: under a key, or as the how-many-eth of its kind in a list, whose places move. */
interface Place<Row> {
  readonly key: string;
  readonly value: Row;
  readonly nth: number;
}

function placeOf<Row>(table: Table<Row>, key: string, value: Row): Place<Row> {
  return { key, value, nth: Array.isArray(table) ? countOf(table.slice(0, Number(key) + 1), value) : 0 };
}

/** The entry of the journal that gave a record the value that it has. */
function originOf<Row>(
  past: readonly PastState[],
  select: (state: unknown) => Table<Row>,
  place: Place<Row>,
): Origin | undefined {
  let origin: Origin | undefined;
  for (const { entry, state } of past.toReversed()) {
    // What was in memory is gone between two lives of a host; what is durable only passed through them.
    if (state === undefined || !isAt(select, state, place)) break;
    origin = entry;
  }
  return origin;
}

/** Whether a state had the record, as it is now. */
function isAt<Row>(
  select: (state: unknown) => Table<Row>,
  state: unknown,
  { key, value, nth }: Place<Row>,
): boolean {
  let table: Table<Row> | undefined;
  try {
    table = select(state);
  } catch {
    // An earlier state may have no such table yet.
  }
  if (table === undefined) return false;
  if (Array.isArray(table)) return countOf(table, value) >= nth;
  const before =
    table instanceof Map
      ? (table as ReadonlyMap<string, Row>).get(key)
      : (table as Readonly<Record<string, Row>>)[key];
  return isDeepStrictEqual(before, value);
}

function countOf(list: readonly unknown[], value: unknown): number {
  return list.filter((item) => isDeepStrictEqual(item, value)).length;
}

function entriesIn<Row>(table: Table<Row>): Iterable<[string, Row]> {
  return table instanceof Map ? (table as ReadonlyMap<string, Row>) : Object.entries(table);
}

function valueOf(cell: DiskCell | undefined): unknown {
  return freezeDeep(cell?.value);
}

/** Whoever looks must not change what is stored; who reads through `host.disk` gets a copy anyway. */
function freezeDeep(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || Object.isFrozen(value))
    return value;
  Object.freeze(value);
  for (const item of Object.values(value)) freezeDeep(item);
  return value;
}

function entriesOf(access: JournalAccess, host: string, store: string): readonly JournalEntry[] {
  refuseClosed(access);
  return (access.journal?.entries ?? []).filter((entry) => entry.host === host && entry.store === store);
}

/** A check that read the journal of a recorded run alone would judge two runs that are equal unequally. */
function refuseClosed({ isOpen }: JournalAccess): void {
  if (isOpen) return;
  throw new OptionError(
    'Expected `journal: true` in the scenario, because its code reads earlier states: an exploration keeps ' +
      'only the current one otherwise. Add it to defineScenario(), or read `state`.',
  );
}
