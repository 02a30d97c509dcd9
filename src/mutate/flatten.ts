// Turns values of any shape into facts: a text for each leaf, by where it is.

import { types } from 'node:util';

const DEPTH_MAX = 8;
const FACTS_MAX = 20_000;

/**
 * Writes down what can be read of a value: plain data, maps, sets, what getters give, and what instances of
 * classes list under `entries()`. Functions and what emits events have nothing to read.
 */
export function flatten(facts: Map<string, string>, place: string, value: unknown, depth = 0): void {
  if (facts.size >= FACTS_MAX || typeof value === 'function' || typeof value === 'symbol') return;
  if (typeof value !== 'object' || value === null) facts.set(place, leaf(value));
  else if (value instanceof Date || value instanceof RegExp || value instanceof Error)
    facts.set(place, String(value));
  else if (ArrayBuffer.isView(value)) facts.set(place, bytesOf(value).toString('base64'));
  else if (depth < DEPTH_MAX && isReadable(value)) {
    for (const [name, item] of entriesOf(value)) flatten(facts, placeIn(place, name), item, depth + 1);
  }
}

function placeIn(place: string, name: unknown): string {
  if (name === 'exports') return place;
  return `${place} ${typeof name === 'string' ? name : JSON.stringify(name)}`;
}

function leaf(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}

function bytesOf(view: ArrayBufferView): Buffer {
  return Buffer.from(view.buffer, view.byteOffset, view.byteLength);
}

/** Servers, sockets and promises are at work, and are no data. */
function isReadable(value: object): boolean {
  if (types.isPromise(value) || types.isProxy(value) || value instanceof Response || value instanceof Request)
    return false;
  return !('emit' in value && 'on' in value);
}

function entriesOf(value: object): readonly (readonly [name: unknown, item: unknown])[] {
  if (value instanceof Map) return [...value];
  if (Array.isArray(value)) return [...value.entries()];
  if (value instanceof Set) return [...value].map((item, i) => [i, item]);
  const own = Object.entries(value);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) return own;
  const listed = listOf(value);
  return [...own, ...gettersOf(value), ...(listed ?? [])];
}

/** What an instance of a class gives by its getters. */
function gettersOf(value: object): [name: string, item: unknown][] {
  const found: [name: string, item: unknown][] = [];
  let prototype: unknown = Object.getPrototypeOf(value);
  while (typeof prototype === 'object' && prototype !== null && prototype !== Object.prototype) {
    for (const name of Object.getOwnPropertyNames(prototype)) {
      if (Object.getOwnPropertyDescriptor(prototype, name)?.get === undefined) continue;
      try {
        found.push([name, Reflect.get(prototype, name, value)]);
      } catch {
        // Not to be read now.
      }
    }
    prototype = Object.getPrototypeOf(prototype);
  }
  return found;
}

/** What a collection of the user's own lists: by key, where it is a map. */
function listOf(value: object): [name: unknown, item: unknown][] | undefined {
  const { entries } = value as { entries?: unknown };
  if (typeof entries !== 'function' || entries.length > 0) return undefined;
  try {
    const items = [...(Reflect.apply(entries, value, []) as Iterable<unknown>)];
    const isMap = items.every((item) => Array.isArray(item) && item.length === 2);
    return isMap ? (items as [unknown, unknown][]) : [...items.entries()];
  } catch {
    return undefined;
  }
}
