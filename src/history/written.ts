// Histories as text: JSON that is read back equal. What JSON would change without a word is refused.

import { HistoryError } from '../errors.ts';
import type { Operation } from './operation.ts';
import { checkHistory } from './well-formed.ts';

const DEPTH_MAX = 1_000;

/**
 * Writes a history as JSON, one operation a line; `readHistory` reads it back equal.
 *
 * Inputs and values may be null, booleans, strings, finite numbers, and arrays and objects of these. A
 * property that is undefined is left out.
 *
 * @throws {HistoryError} If the history is malformed, or a value is none of these: a `Date`, a `Map`, a
 *   bigint, NaN, an array with holes, an object of a class, one that contains itself. It says where. Also
 *   if the text would be longer than a string can be.
 */
export function writeHistory(history: readonly Operation[]): string {
  checkHistory(history);
  const lines = history.map((operation, i) => write(operation, { at: `operation ${i}`, path: [] }));
  try {
    return lines.length === 0 ? '[]\n' : `[\n${lines.join(',\n')}\n]\n`;
  } catch {
    throw new HistoryError(
      `a history of ${lines.length} operations is too long for one text: write it in parts`,
    );
  }
}

interface Place {
  readonly at: string;
  readonly path: (string | number)[];
}

function write(value: unknown, place: Place): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number' && Number.isFinite(value)) return Object.is(value, -0) ? '-0' : String(value);
  if (typeof value !== 'object' || !isPlain(value)) throw notPlain(value, place);
  if (place.path.length > DEPTH_MAX) {
    throw new HistoryError(`${place.at}: a value contains itself, or is more than ${DEPTH_MAX} deep`);
  }
  const inner = (key: string | number, each: unknown): string => {
    place.path.push(key);
    const text = write(each, place);
    place.path.pop();
    return text;
  };
  // Not by `map`, which leaves holes out.
  if (Array.isArray(value)) return `[${Array.from(value, (each: unknown, i) => inner(i, each)).join(',')}]`;
  const fields = Object.entries(value).filter(([, each]) => each !== undefined);
  return `{${fields.map(([key, each]) => `${JSON.stringify(key)}:${inner(key, each)}`).join(',')}}`;
}

function isPlain(value: object): boolean {
  if (Array.isArray(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function notPlain(value: unknown, { at, path }: Place): HistoryError {
  const where = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`)).join('');
  const hint = value instanceof Date ? ' Give it as text or as a number.' : '';
  const error = HistoryError.expected(`plain JSON data as \`${where.replace(/^\./, '')}\``, value, at);
  return hint === '' ? error : new HistoryError(error.message + hint);
}
