// Carries workloads through JSON: what JSON does not know (undefined, bigint, Date, Map, Set, bytes, NaN, -0,
// objects without a prototype) is written as a tagged array, and arrays are tagged themselves.

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/**
 * Writes a value as JSON data.
 *
 * @throws {TypeError} For functions, symbols, class instances and cycles, which no token can carry.
 */
export function encodeValue(value: unknown, ancestors: readonly object[] = []): Json {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'number')
    return isPlainNumber(value) ? value : ['n', Object.is(value, -0) ? '-0' : String(value)];
  if (value === undefined) return ['u'];
  if (typeof value === 'bigint') return ['b', String(value)];
  if (typeof value !== 'object') throw new TypeError(`a replay token cannot carry a ${typeof value}`);
  if (ancestors.includes(value))
    throw new TypeError('a replay token cannot carry a value that contains itself');
  const inner = [...ancestors, value];
  const encode = (item: unknown): Json => encodeValue(item, inner);
  if (Array.isArray(value)) return ['a', ...Array.from(value, encode)];
  if (value instanceof Date) return ['d', value.getTime()];
  if (value instanceof Map)
    return ['m', ...Array.from(value, ([key, item]): Json => [encode(key), encode(item)])];
  if (value instanceof Set) return ['s', ...Array.from(value, encode)];
  if (value instanceof Uint8Array) return ['y', Buffer.from(value).toString('base64url')];
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype) {
    const { name = 'a class' } = (value.constructor ?? {}) as { name?: string };
    throw new TypeError(`a replay token cannot carry an instance of ${name}`);
  }
  // Entries, so that a key like "__proto__" is data.
  const entries = Object.fromEntries(Object.entries(value).map(([key, item]) => [key, encode(item)]));
  return prototype === null ? ['o', entries] : entries;
}

/** Reads what {@link encodeValue} wrote. @throws {TypeError} If it is something else. */
export function decodeValue(json: unknown): unknown {
  if (typeof json !== 'object' || json === null) return json;
  if (!Array.isArray(json)) {
    return Object.fromEntries(Object.entries(json).map(([key, item]) => [key, decodeValue(item)]));
  }
  const [tag, ...items] = json as unknown[];
  const [first] = items;
  switch (tag) {
    case 'a':
      return items.map(decodeValue);
    case 'u':
      return undefined;
    case 'n':
      return Number(first);
    case 'b':
      return BigInt(String(first));
    case 'd':
      // JSON has no NaN: the time of an invalid date is null.
      return new Date(first === null ? Number.NaN : Number(first));
    case 'm':
      return new Map(
        items.map((entry) => [decodeValue((entry as unknown[])[0]), decodeValue((entry as unknown[])[1])]),
      );
    case 'o':
      return Object.setPrototypeOf(decodeValue(first), null);
    case 's':
      return new Set(items.map(decodeValue));
    case 'y':
      return new Uint8Array(Buffer.from(String(first), 'base64url'));
    default:
      throw new TypeError(`unknown tag ${JSON.stringify(tag)}`);
  }
}

function isPlainNumber(value: number): boolean {
  return Number.isFinite(value) && !Object.is(value, -0);
}
