// Values as text, equal for equal values: to compare by, and to show.

import { HistoryError } from '../errors.ts';

/** Deeper than this no operation or state of a model goes; a value that contains itself does. */
const DEPTH_MAX = 1_000;

/**
 * A value as text, the same for equal values, and for no others: keys in the order of the alphabet, maps and
 * sets too.
 *
 * @throws {HistoryError} If a value is no plain data: a function, a symbol, an object that shows no fields;
 *   or contains itself, or is nested too deeply.
 */
export function canonicalText(value: unknown): string {
  return textOf(value, 0);
}

const SHOWN_MAX = 300;

/** A value for people: the same text, cut off where it is long, whatever the value. */
export function shownText(value: unknown): string {
  const text = textOrKind(value);
  return text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}…` : text;
}

/** What a model says of a value; undefined where it cannot put a strange one into words. */
export function attempted(describe: () => string | undefined): string | undefined {
  try {
    return describe();
  } catch {
    return undefined;
  }
}

function textOrKind(value: unknown): string {
  try {
    return canonicalText(value);
  } catch {
    return Object.prototype.toString.call(value);
  }
}

function textOf(value: unknown, depth: number): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function' || typeof value === 'symbol') throw notPlain(value);
  if (typeof value !== 'object' || value === null) return Object.is(value, -0) ? '0' : String(value);
  if (depth > DEPTH_MAX) {
    throw new HistoryError(`expected plain data, got a value that contains itself or is ${DEPTH_MAX} deep.`);
  }
  const inner = (each: unknown): string => textOf(each, depth + 1);
  // Not by `map`, which leaves holes out.
  if (Array.isArray(value)) return `[${Array.from(value, inner).join(',')}]`;
  if (value instanceof Map) {
    return `Map{${Array.from(value, ([key, each]) => `${inner(key)}:${inner(each)}`)
      .toSorted()
      .join(',')}}`;
  }
  if (value instanceof Set) return `Set{${Array.from(value, inner).toSorted().join(',')}}`;
  if (value instanceof Date) return `Date(${value.getTime()})`;
  if (ArrayBuffer.isView(value)) return viewText(value);
  const keys = Object.keys(value).toSorted();
  if (keys.length === 0 && !isPlainObject(value)) throw notPlain(value);
  return `{${keys.map((key) => `${JSON.stringify(key)}:${inner(Reflect.get(value, key))}`).join(',')}}`;
}

function viewText(view: ArrayBufferView): string {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  return `${view.constructor.name}(${bytes.join(',')})`;
}

/** Of any realm: objects without a prototype, and those whose prototype has none. */
function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function notPlain(value: unknown): HistoryError {
  return HistoryError.expected('plain data', value);
}
