// Reads off a value of the code under test what it holds. Runs none of that code (no getters, no traps of
// proxies, no iterators of its own) but one method: the `entries()` of a class of its own, which has nothing
// else to show where its fields are private.

import { types } from 'node:util';

/** Of longer texts only the beginning is shown. */
const TEXT_LENGTH_MAX = 4_096;
const BYTES_MAX = 1_024;
/** Of what a collection lists, as much is read. */
const LISTED_MAX = 2_000;

/** Calls a function, in the context that is right for it. */
export type Call = <Result>(act: () => Result) => Result;

/** What is known of a value without asking it: its entries in order, by key, or in a list. */
export interface Entries {
  readonly keys: readonly string[] | undefined;
  readonly values: readonly unknown[];
}

// Those of the code under test may do anything.
// oxlint-disable-next-line typescript/unbound-method -- applied to maps
const { forEach: eachOfMap } = Map.prototype;
// oxlint-disable-next-line typescript/unbound-method -- applied to sets
const { forEach: eachOfSet } = Set.prototype;
// oxlint-disable-next-line typescript/unbound-method -- applied to dates
const { toISOString } = Date.prototype;

/** Reads values. */
export class PlainReader {
  /** Whether a text was too long. */
  isCut = false;
  /** How many fields an object had when it was seen to have no getters. */
  readonly #plain = new WeakMap<object, number>();
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  /** What a value without entries is shown as; undefined for what is at work, and is no data. */
  leafOf(value: unknown): unknown {
    switch (typeof value) {
      case 'string':
        if (value.length <= TEXT_LENGTH_MAX) return value;
        this.isCut = true;
        return `${value.slice(0, TEXT_LENGTH_MAX)}…`;
      case 'number':
        return Number.isFinite(value) ? value : String(value);
      case 'bigint':
        return `${value}n`;
      case 'boolean':
        return value;
      case 'object':
        return value === null ? null : textOf(value);
      default:
        return undefined;
    }
  }

  /** @param hasBindings - Whether its own getters are read. */
  entriesOf(value: object, hasBindings: boolean): Entries | undefined {
    if (types.isProxy(value) || ArrayBuffer.isView(value)) return undefined;
    if (Array.isArray(value)) return { keys: undefined, values: value };
    if (types.isMap(value)) return entriesOfMap(value);
    if (types.isSet(value)) {
      const values: unknown[] = [];
      Reflect.apply(eachOfSet, value, [(item: unknown) => void values.push(item)]);
      return { keys: undefined, values };
    }
    if (types.isDate(value) || types.isNativeError(value) || isAtWork(value)) return undefined;
    const own = this.#fieldsOf(value, hasBindings);
    const listed = this.#listOf(value);
    if (listed === undefined) return own;
    if (own.keys.length === 0) return listed;
    const names = listed.keys ?? listed.values.map((_, i) => String(i));
    return { keys: [...own.keys, ...names], values: [...own.values, ...listed.values] };
  }

  /** What a collection of the user's own lists. */
  #listOf(value: object): Entries | undefined {
    const entries = methodOf(value, 'entries');
    if (entries === undefined || entries.length > 0 || types.isAsyncFunction(entries)) return undefined;
    try {
      const items = this.#call(() => firstOf(Reflect.apply(entries, value, []) as Iterable<unknown>));
      if (!items.every((item) => Array.isArray(item) && item.length === 2))
        return { keys: undefined, values: items };
      return entriesOfMap(new Map(items as [unknown, unknown][]));
    } catch {
      return undefined;
    }
  }

  #fieldsOf(value: object, hasBindings: boolean): Entries & { readonly keys: readonly string[] } {
    const keys = Object.keys(value).filter((key) => key !== '__proto__');
    if (this.#plain.get(value) === keys.length)
      return { keys, values: keys.map((key) => (value as Record<string, unknown>)[key]) };
    const values = keys.map((key) => dataOf(value, key, hasBindings));
    if (!keys.some((key) => isGetter(value, key))) this.#plain.set(value, keys.length);
    return { keys, values };
  }
}

function textOf(value: object): string | undefined {
  if (types.isProxy(value)) return undefined;
  if (types.isDate(value)) return isoText(value);
  if (types.isNativeError(value)) {
    const message = dataOf(value, 'message');
    return typeof message === 'string' ? `Error: ${message}` : 'Error';
  }
  if (!ArrayBuffer.isView(value)) return undefined;
  const { buffer, byteOffset, byteLength } = value;
  const kept = Buffer.from(buffer, byteOffset, Math.min(byteLength, BYTES_MAX));
  return `(${byteLength} bytes) ${kept.toString('base64')}`;
}

/** A method of the class of an object; undefined for objects of no class. */
function methodOf(value: object, name: string): ((...args: unknown[]) => unknown) | undefined {
  let prototype: unknown = Object.getPrototypeOf(value);
  while (typeof prototype === 'object' && prototype !== null && prototype !== Object.prototype) {
    if (types.isProxy(prototype)) return undefined;
    const method: unknown = Object.getOwnPropertyDescriptor(prototype, name)?.value;
    if (method !== undefined)
      return typeof method === 'function' ? (method as (...args: unknown[]) => unknown) : undefined;
    prototype = Object.getPrototypeOf(prototype);
  }
  return undefined;
}

/** As many items as are shown: there may be no end of them. */
function firstOf(items: Iterable<unknown>): unknown[] {
  const found: unknown[] = [];
  for (const item of items) {
    if (found.length > LISTED_MAX) break;
    found.push(item);
  }
  return found;
}

function entriesOfMap(map: ReadonlyMap<unknown, unknown>): Entries {
  const keys: string[] = [];
  const values: unknown[] = [];
  let isByName = true;
  const each = (value: unknown, key: unknown): void => {
    if (
      typeof key === 'object' ||
      typeof key === 'function' ||
      typeof key === 'symbol' ||
      key === '__proto__'
    )
      isByName = false;
    else keys.push(nameOf(key));
    values.push([key, value]);
  };
  Reflect.apply(eachOfMap, map, [each]);
  if (!isByName) return { keys: undefined, values };
  return { keys, values: values.map((pair) => (pair as unknown[])[1]) };
}

/** Servers, sockets, promises and the like. */
function isAtWork(value: object): boolean {
  if (types.isPromise(value) || types.isWeakMap(value) || types.isWeakSet(value)) return true;
  if (value instanceof Response || value instanceof Request || value instanceof ReadableStream) return true;
  return 'emit' in value && 'on' in value;
}

function isGetter(value: object, key: string): boolean {
  const property = Object.getOwnPropertyDescriptor(value, key);
  return property?.get !== undefined || property?.set !== undefined;
}

/** What a field holds, without asking its getter, unless that may be asked. */
function dataOf(value: object, key: string, hasBindings = false): unknown {
  const property = Object.getOwnPropertyDescriptor(value, key);
  if (property?.get === undefined || !hasBindings) return property?.value as unknown;
  try {
    return property.get.call(value) as unknown;
  } catch {
    // A variable whose statement has not run yet.
    return undefined;
  }
}

function isoText(date: Date): string {
  try {
    return Reflect.apply(toISOString, date, []);
  } catch {
    return 'Invalid Date';
  }
}

/** The text of a key of a map that is no object. */
function nameOf(key: unknown): string {
  return typeof key === 'bigint' ? `${key}n` : typeof key === 'string' ? key : JSON.stringify(key ?? null);
}
