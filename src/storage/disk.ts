// A host's disk as a key-value store: what is written is cached until it is synced, and a crash loses the
// rest. The cache is one of the process, as that of a database is: it goes with the process, not the power.

import { flipValue } from './flip-value.ts';
import { DiskCounts, type DiskVerdict, type Interference } from './interference.ts';
import type { Loss, NameChange, Pending } from './pending.ts';

/** What a service keeps its data in. Values are copied in and out, as a real disk would. */
export interface Disk {
  get(key: string): unknown;
  /** Writes to the cache; durable after the next `sync`. */
  put(key: string, value: unknown): void;
  delete(key: string): void;
  /** Every key, in the order of the alphabet. */
  keys(): string[];
  /** Makes everything written so far durable. */
  sync(): void;
}

/** What a key holds. */
export interface DiskCell {
  readonly value: unknown;
  /** What `onChange` answered when it was written. */
  readonly note: unknown;
}

/** The disk of one machine. It outlives the incarnations of its host. */
export class HostDisk {
  /** Decides what befalls operations; undefined where no fault is about this disk. */
  interference: Interference | undefined;
  /** Told of what is written, or removed where there is no value; set where a journal is kept. */
  onChange: ((key: string, before: DiskCell | undefined, value?: unknown) => unknown) | undefined;
  /** Told of what a crash takes back, and what the key holds then; set where a run is recorded. */
  onLost: ((key: string, cell: DiskCell | undefined) => void) | undefined;
  #durable = new Map<string, DiskCell>();
  #cached = new Map<string, DiskCell>();
  /** What keys held before they were last written; kept where the disk may fail. */
  readonly #previous = new Map<string, DiskCell | undefined>();
  /** The last change of each key that is not durable; kept where the disk may fail. */
  readonly #pending = new Map<string, NameChange>();
  /** Keys whose sync failed: the system takes them for written, and no later sync writes them. */
  readonly #forgotten = new Set<string>();
  /** Writes that are made after the next one of their key. */
  readonly #late = new Map<string, { readonly value: unknown; readonly struck: () => void }>();
  readonly #counts = new DiskCounts();

  /** Opens the disk for one incarnation: once `isAlive` says no, writes have no effect. */
  open(isAlive: () => boolean): Disk {
    return {
      get: (key) => this.#get(key),
      put: (key, value) => {
        if (isAlive()) this.#put(key, value);
      },
      delete: (key) => {
        if (!isAlive()) return;
        if (this.interference !== undefined && this.#cached.has(key)) {
          this.#note('remove', key, this.#counts.next('remove', pathOf(key)));
        }
        if (this.#cached.has(key)) this.onChange?.(key, this.#cached.get(key));
        this.#cached.delete(key);
      },
      keys: () => this.keys(),
      sync: () => {
        if (isAlive()) this.#sync();
      },
    };
  }

  /** What a key holds, for those who only look: no fault befalls that. Not to be changed. */
  peek(key: string): DiskCell | undefined {
    return this.#cached.get(key);
  }

  /** Every key, in the order of the alphabet. */
  keys(): string[] {
    return [...this.#cached.keys()].toSorted();
  }

  /** Loses what was never synced. */
  crash(): void {
    if (this.onLost !== undefined) {
      for (const key of new Set([...this.#cached.keys(), ...this.#durable.keys()])) this.#revert(key);
    }
    this.#cached = new Map(this.#durable);
    this.#pending.clear();
    this.#late.clear();
  }

  /** What a reader finds now, by key. */
  contents(): ReadonlyMap<string, unknown> {
    return this.#cached;
  }

  /** Writes the cache back, as an orderly stop does. */
  flush(): void {
    for (const key of this.#forgotten) {
      this.#revert(key);
    }
    this.#makeDurable();
  }

  /** Loses power: some of what was not synced is gone, the rest is durable. @returns what was lost. */
  losePower(choose: (pending: readonly Pending[]) => readonly Loss[]): readonly Loss[] {
    const pending = [...this.#pending.values()];
    const lost = choose(pending).filter((loss) =>
      pending.some(({ operation, path, nth }) => {
        return loss.operation === operation && loss.path === path && loss.nth === nth;
      }),
    );
    for (const change of pending) {
      if (lost.some(({ path, nth }) => change.path === path && change.nth === nth)) change.undo();
    }
    this.#makeDurable();
    return lost;
  }

  #get(key: string): unknown {
    const value = this.#cached.get(key)?.value;
    if (this.interference === undefined) return structuredClone(value);
    const verdict = this.#befall('read', key);
    if (verdict?.kind === 'stale' && this.#previous.has(key)) {
      verdict.struck();
      return structuredClone(this.#previous.get(key)?.value);
    }
    if (verdict?.kind !== 'flip' || value === undefined) return structuredClone(value);
    verdict.struck();
    return flipValue(structuredClone(value), verdict.bit);
  }

  #put(key: string, given: unknown): void {
    const value = structuredClone(given);
    if (this.interference === undefined) {
      this.#write(key, value);
      return;
    }
    const verdict = this.#befall('write', key);
    if (verdict?.kind === 'lose' || verdict?.kind === 'misdirect') {
      verdict.struck();
      const others = [...this.#cached.keys()].filter((other) => other !== key).toSorted();
      const other = verdict.kind === 'lose' ? undefined : others[Math.abs(verdict.byBytes) % others.length];
      if (other !== undefined) this.#set(other, value);
    } else if (verdict?.kind === 'swap') this.#late.set(key, { value, struck: verdict.struck });
    else this.#set(key, value);
    if (verdict?.kind !== 'swap') this.#setLate(key);
  }

  #setLate(key: string): void {
    const late = this.#late.get(key);
    if (late === undefined) return;
    this.#late.delete(key);
    late.struck();
    this.#set(key, late.value);
  }

  #set(key: string, value: unknown): void {
    this.#previous.set(key, this.#cached.get(key));
    this.#note('write', key, this.#counts.next('written', pathOf(key)));
    this.#forgotten.delete(key);
    this.#write(key, value);
  }

  #write(key: string, value: unknown): void {
    const note = this.onChange?.(key, this.#cached.get(key), value);
    this.#cached.set(key, { value, note });
  }

  /** Puts back what is durable. */
  #revert(key: string): void {
    const cell = this.#durable.get(key);
    if (cell !== this.#cached.get(key)) this.onLost?.(key, cell);
    if (cell === undefined) this.#cached.delete(key);
    else this.#cached.set(key, cell);
  }

  #sync(): void {
    if (this.interference === undefined) {
      this.#durable = new Map(this.#cached);
      return;
    }
    const verdict = this.interference.befall(callOf('sync', '', this.#counts.next('sync', pathOf(''))));
    if (verdict?.kind !== 'fail') {
      const durable = new Map(this.#cached);
      for (const key of this.#forgotten) {
        const cell = this.#durable.get(key);
        if (cell === undefined) durable.delete(key);
        else durable.set(key, cell);
      }
      for (const key of this.#pending.keys()) if (!this.#forgotten.has(key)) this.#pending.delete(key);
      this.#durable = durable;
      return;
    }
    verdict.struck();
    if (verdict.drops) this.crash();
    else for (const key of this.#pending.keys()) this.#forgotten.add(key);
    throw diskError(verdict.code, 'sync');
  }

  #makeDurable(): void {
    this.#durable = new Map(this.#cached);
    this.#pending.clear();
    this.#forgotten.clear();
  }

  /** @throws if it is to fail. */
  #befall(operation: 'read' | 'write', key: string): DiskVerdict | undefined {
    const call = callOf(operation, key, this.#counts.next(operation, pathOf(key)));
    const verdict = this.interference?.befall(call);
    if (verdict?.kind !== 'fail') return verdict;
    verdict.struck();
    throw diskError(verdict.code, `${operation} "${key}"`);
  }

  #note(operation: 'write' | 'remove', key: string, nth: number): void {
    this.#pending.delete(key);
    const undo = (): void => this.#revert(key);
    this.#pending.set(key, { operation, path: pathOf(key), nth, undo, release: () => {} });
  }
}

function callOf(operation: 'read' | 'write' | 'sync', key: string, nth: number) {
  return { operation, path: pathOf(key), nth, bytes: 0 };
}

/** The name of a key for faults. */
function pathOf(key: string): string {
  return `disk:${key}`;
}

function diskError(code: string, what: string): Error {
  return Object.assign(new Error(`${code}: host.disk could not ${what}`), { code });
}
