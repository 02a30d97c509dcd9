// What may be in the state of a store: plain data, which immer can keep immutable. An instance of a class
// would be changed in place, unseen by every check.

import { OptionError, describeValue } from '../errors.ts';

/**
 * Looks at what is new in a state.
 *
 * @param before - The state before: what it shares with the new one was looked at then.
 * @throws {OptionError} If something in it is no plain data; it names the place.
 */
export function refuseStrange(value: unknown, before: unknown, path: string): void {
  if (value === before || typeof value !== 'object' || value === null) {
    if (typeof value === 'function' || typeof value === 'symbol') throw strange(path, value);
    return;
  }
  if (Array.isArray(value)) {
    const old = Array.isArray(before) ? (before as unknown[]) : [];
    for (const [i, item] of value.entries()) refuseStrange(item, old[i], `${path}[${i}]`);
  } else if (value instanceof Map) {
    const old = before instanceof Map ? before : undefined;
    for (const [key, item] of value) refuseStrange(item, old?.get(key), `${path}.get(${String(key)})`);
  } else if (value instanceof Set) {
    const old = before instanceof Set ? before : undefined;
    for (const item of value)
      if (old?.has(item) !== true) refuseStrange(item, undefined, `an item of ${path}`);
  } else {
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype !== Object.prototype && prototype !== null) throw strange(path, value);
    const old = (before ?? {}) as Record<string, unknown>;
    for (const [key, item] of Object.entries(value)) refuseStrange(item, old[key], `${path}.${key}`);
  }
}

function strange(path: string, value: unknown): OptionError {
  const name = typeof value === 'object' ? ` of the class ${value?.constructor.name ?? ''}` : '';
  return new OptionError(
    `Expected \`${path}\` to be plain data (objects, arrays, maps, sets, texts, numbers), ` +
      `got ${describeValue(value)}${name}. Keep times as numbers, and functions outside of the store.`,
  );
}
