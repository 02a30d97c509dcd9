// The payload of a datagram: copied, because hosts share no memory, and hashed for the trace. Plain data,
// which almost every payload is, takes one pass; anything else takes the structured clone.

import { combine32, hashBytes, hashString } from '../random/hash.ts';

/** A value that hosts do not share, with the hash of its content. */
export interface Payload {
  readonly value: unknown;
  readonly hash: number;
}

/**
 * Copies a payload.
 *
 * @throws {DOMException} `DataCloneError` for what no message can carry: functions, symbols.
 */
export function copyPayload(value: unknown): Payload {
  const hasher = { hash: 0x811c9dc5 };
  const copy = copyPlain(value, hasher, 0);
  return copy === NOT_PLAIN
    ? { value: structuredClone(value), hash: hashAny(value) }
    : { value: copy, hash: hasher.hash };
}

/** What a payload weighs, in bytes: its own, or those of its JSON. */
export function weightOf(value: unknown): number {
  if (ArrayBuffer.isView(value)) return value.byteLength;
  if (value instanceof Map || value instanceof Set) return weightOf([...value]);
  try {
    return Buffer.byteLength(JSON.stringify(value) ?? '');
  } catch {
    return 0;
  }
}

const NOT_PLAIN = Symbol('not plain data');
/** Deeper than this may be a cycle. */
const DEPTH_MAX = 64;

function copyPlain(value: unknown, hasher: { hash: number }, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return copyPrimitive(value, hasher);
  if (depth === DEPTH_MAX) return NOT_PLAIN;
  if (Array.isArray(value)) {
    hasher.hash = combine32(hasher.hash, value.length);
    const copy: unknown[] = [];
    for (const item of value) {
      const copied = copyPlain(item, hasher, depth + 1);
      if (copied === NOT_PLAIN) return NOT_PLAIN;
      copy.push(copied);
    }
    return copy;
  }
  if (Object.getPrototypeOf(value) !== Object.prototype) return NOT_PLAIN;
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    if (key === '__proto__') return NOT_PLAIN;
    hasher.hash = combine32(hasher.hash, hashString(key));
    const copied = copyPlain((value as Record<string, unknown>)[key], hasher, depth + 1);
    if (copied === NOT_PLAIN) return NOT_PLAIN;
    copy[key] = copied;
  }
  return copy;
}

function copyPrimitive(value: unknown, hasher: { hash: number }): unknown {
  if (typeof value === 'function' || typeof value === 'symbol') return NOT_PLAIN;
  const isSmall = typeof value === 'number' && (value | 0) === value;
  hasher.hash = combine32(hasher.hash, isSmall ? value : hashString(`${typeof value} ${String(value)}`));
  return value;
}

/** What is not plain, by what JSON and its bytes show of it. */
function hashAny(value: unknown): number {
  if (ArrayBuffer.isView(value))
    return hashBytes(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
  if (value instanceof Map || value instanceof Set) return hashAny([...value]);
  try {
    return hashString(JSON.stringify(value) ?? typeof value);
  } catch {
    return hashString(typeof value);
  }
}
