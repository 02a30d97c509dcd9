// Shows a value of the code under test as plain data, and what changed in it since it was last shown.

import type { Patch } from './journal.ts';
import { type Call, type Entries, PlainReader } from './plain-reader.ts';

/** What is deeper is left out. */
export const VIEW_DEPTH_MAX = 8;
/** What comes after so many values is left out. */
export const VIEW_VALUES_MAX = 2_000;

/** Nothing was there before. */
const NONE = Symbol('none');

/**
 * A value, as it is shown: plain objects and lists of texts, numbers, booleans and null. Maps are objects by
 * key, sets are lists, dates are texts as JSON has them; of instances of classes the fields are shown, and
 * what their `entries()` lists. Functions, promises, proxies, getters, and what emits events are left out.
 */
export class PlainView {
  /** What was shown last. Never changed: the next is another. */
  value: unknown;
  readonly #reader: PlainReader;
  readonly #ancestors: object[] = [];
  readonly #path: (string | number)[] = [];
  #patches: Patch[] = [];
  #left = 0;
  #isCut = false;

  /** @param call - Calls code under test: where it can do no harm. */
  constructor(call: Call = (act) => act()) {
    this.#reader = new PlainReader(call);
  }

  /** Whether something was left out, now or before, because there was too much of it. */
  get isCut(): boolean {
    return this.#isCut || this.#reader.isCut;
  }

  /**
   * Looks at a value.
   *
   * @param hasBindings - Whether getters of the value itself are read: those of the exports of a program are
   *   its variables.
   * @returns What leads from what was shown before to what is shown now.
   */
  look(live: unknown, hasBindings = false): readonly Patch[] {
    this.#patches = [];
    this.#left = VIEW_VALUES_MAX;
    const before = this.value === undefined ? NONE : this.value;
    this.value = this.#show(live, before, hasBindings);
    if (before === NONE && this.value !== undefined) this.#changed('replace', this.value);
    else if (before !== NONE && this.value === undefined) this.#changed('replace', undefined);
    return this.#patches;
  }

  /** @returns undefined for what is not shown; the very value from before where nothing changed. */
  #show(live: unknown, before: unknown, hasBindings = false): unknown {
    if (--this.#left < 0) {
      this.#isCut = true;
      return undefined;
    }
    if (typeof live === 'object' && live !== null) {
      const entries = this.#reader.entriesOf(live, hasBindings);
      if (entries !== undefined) return this.#showEntries(live, entries, before);
    }
    const shown = this.#reader.leafOf(live);
    if (before !== NONE && shown !== undefined && shown !== before) this.#changed('replace', shown);
    return shown;
  }

  #showEntries(live: object, { keys, values }: Entries, before: unknown): unknown {
    if (this.#ancestors.includes(live)) return this.#showCut(before, '(circular)');
    if (this.#ancestors.length === VIEW_DEPTH_MAX) {
      this.#isCut = true;
      return this.#showCut(before, '(deeper)');
    }
    this.#ancestors.push(live);
    const isAlike =
      typeof before === 'object' && before !== null && Array.isArray(before) === (keys === undefined);
    const old = isAlike ? before : NONE;
    const first = this.#patches.length;
    const next =
      keys === undefined
        ? this.#list(values, old as readonly unknown[] | typeof NONE)
        : this.#fields(keys, values, old as Readonly<Record<string, unknown>> | typeof NONE);
    this.#ancestors.pop();
    if (before === NONE) return next;
    // Of a list whose items moved, the whole is shorter than what changed.
    const isRewritten = keys === undefined && this.#patches.length - first > values.length + 1;
    if (isRewritten) this.#patches.length = first;
    if (isRewritten || old === NONE) this.#changed('replace', next);
    return this.#patches.length === first ? before : next;
  }

  #showCut(before: unknown, text: string): string {
    if (before !== NONE && before !== text) this.#changed('replace', text);
    return text;
  }

  #list(values: readonly unknown[], old: readonly unknown[] | typeof NONE): unknown[] {
    const next: unknown[] = [];
    // Not by its iterator: the class of a list may have another.
    for (let i = 0; i < values.length; i++) {
      if (this.#left <= 0) {
        this.#isCut = true;
        break;
      }
      const isNew = old === NONE || i >= old.length;
      this.#path.push(i);
      // What is not shown keeps its place.
      const shown = this.#show(values[i], isNew ? NONE : old[i]);
      if (shown === undefined && !isNew && old[i] !== null) this.#changed('replace', null);
      if (isNew && old !== NONE) this.#changed('add', shown ?? null);
      this.#path.pop();
      next.push(shown ?? null);
    }
    if (old !== NONE && next.length < old.length) this.#changedIn('length', next.length);
    return next;
  }

  #fields(
    keys: readonly string[],
    values: readonly unknown[],
    old: Readonly<Record<string, unknown>> | typeof NONE,
  ): Record<string, unknown> {
    const next: Record<string, unknown> = {};
    for (const [i, key] of keys.entries()) {
      const isNew = old === NONE || !Object.hasOwn(old, key);
      this.#path.push(key);
      const shown = this.#show(values[i], isNew ? NONE : old[key]);
      if (shown !== undefined) {
        if (isNew && old !== NONE) this.#changed('add', shown);
        next[key] = shown;
      }
      this.#path.pop();
    }
    if (old === NONE) return next;
    for (const key of Object.keys(old)) {
      if (Object.hasOwn(next, key)) continue;
      this.#patches.push({ op: 'remove', path: [...this.#path, key] });
    }
    return next;
  }

  #changed(op: 'add' | 'replace', value: unknown): void {
    this.#patches.push({ op, path: [...this.#path], value });
  }

  #changedIn(key: string, value: unknown): void {
    this.#patches.push({ op: 'replace', path: [...this.#path, key], value });
  }
}

/** Shows a value once. @returns undefined where nothing is to be seen. */
export function plainOf(value: unknown): unknown {
  const view = new PlainView();
  view.look(value);
  return view.value;
}
