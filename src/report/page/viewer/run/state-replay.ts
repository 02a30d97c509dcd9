// What every host keeps, at any step: the patches of a run applied in order. Pure, but for a place that it
// remembers, so that stepping forward costs only what changed.

import type { Patch } from '../../../../history/journal.ts';
import type { StateEntry } from '../../../../history/trace.ts';
import type { RunModel } from './run-model.ts';

/** What a host keeps in one of its stores. */
export interface StoreState {
  readonly host: string;
  readonly store: string;
  readonly value: unknown;
  /** The parts that changed during the step, outermost first. */
  readonly changed: readonly ChangedPart[];
}

/** A part of a store that changed. */
export interface ChangedPart {
  readonly path: readonly (string | number)[];
  readonly before: unknown;
  readonly after: unknown;
}

type Key = string | number;

/** Replays the state of a run. */
export class StateReplay {
  readonly #entries: readonly StateEntry[];
  readonly #stores = new Map<string, { host: string; store: string; value: unknown }>();
  #next = 0;

  constructor({ trace }: Pick<RunModel, 'trace'>) {
    this.#entries = trace.filter((entry): entry is StateEntry => entry.kind === 'state');
  }

  /** All stores after a step, in the order in which they were first written. */
  after(step: number): StoreState[] {
    const applied = this.#entries[this.#next - 1];
    if (applied !== undefined && applied.step >= step) this.#begin();
    while ((this.#entries[this.#next]?.step ?? Infinity) < step) this.#apply();
    const before = new Map<string, unknown>();
    const paths = new Map<string, Key[][]>();
    while (this.#entries[this.#next]?.step === step) {
      const entry = this.#entries[this.#next] as StateEntry;
      const key = keyOf(entry);
      const list = paths.get(key) ?? [];
      paths.set(key, list);
      if (!before.has(key)) before.set(key, structuredClone(this.#stores.get(key)?.value));
      for (const patch of entry.patches) list.push(partOf(patch));
      this.#apply();
    }
    return [...this.#stores].map(([key, { host, store, value }]) => ({
      host,
      store,
      value,
      changed: outermost(paths.get(key) ?? [])
        .map((path) => ({ path, before: at(before.get(key), path), after: at(value, path) }))
        .filter((part) => JSON.stringify(part.before) !== JSON.stringify(part.after)),
    }));
  }

  #begin(): void {
    this.#stores.clear();
    this.#next = 0;
  }

  #apply(): void {
    const entry = this.#entries[this.#next] as StateEntry;
    this.#next++;
    const key = keyOf(entry);
    const { host, store } = entry;
    const value = entry.patches.reduce(patched, this.#stores.get(key)?.value);
    this.#stores.set(key, { host, store, value });
  }
}

function keyOf({ host, store }: StateEntry): string {
  return `${host}\n${store}`;
}

/** Where a list becomes longer or shorter, the list has changed. */
function partOf({ op, path }: Patch): Key[] {
  const last = path.at(-1);
  const isOfList = last === 'length' || (op !== 'replace' && typeof last === 'number');
  return isOfList ? path.slice(0, -1) : [...path];
}

function outermost(paths: readonly Key[][]): Key[][] {
  const sorted = paths.toSorted((a, b) => a.length - b.length);
  const kept: Key[][] = [];
  for (const path of sorted) {
    if (!kept.some((outer) => outer.every((key, i) => String(key) === String(path[i])))) kept.push(path);
  }
  return kept;
}

/** What is at a path of a value; undefined where nothing is. */
export function at(value: unknown, path: readonly Key[]): unknown {
  let found = value;
  for (const key of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined;
    found = (found as Record<Key, unknown>)[key];
  }
  return found;
}

/** Applies one patch, as immer writes it. A part on its way that is missing is made. */
export function patched(value: unknown, { op, path, value: given }: Patch): unknown {
  const last = path.at(-1);
  if (last === undefined) return op === 'remove' ? undefined : structuredClone(given);
  const root = isContainer(value) ? value : containerFor(path[0]);
  let container = root;
  for (const [i, key] of path.slice(0, -1).entries()) {
    const inner = Object.hasOwn(container, key) ? container[key] : undefined;
    if (isContainer(inner)) container = inner;
    else {
      const made = containerFor(path[i + 1]);
      define(container, key, made);
      container = made;
    }
  }
  change(container, last, op, structuredClone(given));
  return root;
}

type Container = Record<Key, unknown>;

function change(container: Container, key: Key, op: Patch['op'], given: unknown): void {
  if (Array.isArray(container)) {
    if (key === 'length') container.length = Number(given);
    else if (op === 'add') container.splice(Number(key), 0, given);
    else if (op === 'remove') container.splice(Number(key), 1);
    else container[Number(key)] = given;
  } else if (op === 'remove') Reflect.deleteProperty(container, key);
  else define(container, key, given);
}

/** Also a key named `__proto__` is only a key. */
function define(container: Container, key: Key, value: unknown): void {
  Object.defineProperty(container, key, { value, writable: true, enumerable: true, configurable: true });
}

function isContainer(value: unknown): value is Container {
  return typeof value === 'object' && value !== null;
}

function containerFor(key: Key | undefined): Container {
  return typeof key === 'number' ? ([] as unknown as Container) : {};
}
