// Takes down what is written to the disk of a machine, and by whom.

import type { Journal, JournalEntry, Patch } from '../history/journal.ts';
import type { HostMachine } from './machine.ts';

/** The name under which a disk is in the journal. */
export const DISK_STORE = 'disk';

/** From now on each write and removal is in the journal, and each key knows its entry. */
export function keepDiskJournal(machine: HostMachine, journal: Journal): void {
  machine.disk.onChange = (key, before, value): JournalEntry => {
    const number = machine.incarnation?.number ?? 0;
    const path = [key];
    const remove: Patch = { op: 'remove', path };
    const put = (content: unknown): Patch => ({ op: 'replace', path, value: structuredClone(content) });
    const writer = { host: machine.name, incarnation: number, store: DISK_STORE };
    return journal.add(writer, {
      patches: [value === undefined ? remove : put(value)],
      inverse: [before === undefined ? remove : put(before.value)],
    });
  };
}
