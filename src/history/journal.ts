// The journal of a run: every change of what hosts keep, in the order of virtual time, and where it came
// from. Kept only where a run is recorded or its scenario asks for it.

import type { Origin } from './provenance.ts';

/** One step from one state to the next, as immer writes it. */
export interface Patch {
  readonly op: 'replace' | 'remove' | 'add';
  readonly path: readonly (string | number)[];
  readonly value?: unknown;
}

/** A change: what it was, who made it, and while doing what. */
export interface JournalEntry extends Origin {
  /** The name of the store; `disk` for what was written to `host.disk`. */
  readonly store: string;
  /** What leads from the state before to the state after. */
  readonly patches: readonly Patch[];
  /** What leads back. */
  readonly inverse: readonly Patch[];
}

/** Collects the changes of one run. */
export class Journal {
  readonly entries: JournalEntry[] = [];
  /** Told of each entry; only while a run is recorded. */
  onEntry: ((entry: JournalEntry) => void) | undefined;
  readonly #whereabouts: () => Omit<Origin, 'host' | 'incarnation'>;

  /** @param whereabouts - Says when it is, and what the code that runs is doing. */
  constructor(whereabouts: () => Omit<Origin, 'host' | 'incarnation'>) {
    this.#whereabouts = whereabouts;
  }

  /** Takes a change down. */
  add(
    writer: { readonly host: string; readonly incarnation: number; readonly store: string },
    change: Pick<JournalEntry, 'patches' | 'inverse'>,
  ): JournalEntry {
    const entry = Object.freeze({ ...this.#whereabouts(), ...writer, ...change });
    this.entries.push(entry);
    this.onEntry?.(entry);
    return entry;
  }
}
