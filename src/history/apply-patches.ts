// Leads a plain value from one state to the next, by the patches of a trace.

import { isDeepStrictEqual } from 'node:util';
import type { Patch } from './journal.ts';

type Container = Record<string | number, unknown>;

/**
 * Applies patches to plain data, one after the other.
 *
 * @param value - The value before; it is not changed. Undefined where there was none.
 * @returns The value after; what did not change is shared with the one before.
 */
export function applyPatches(value: unknown, patches: readonly Patch[]): unknown {
  let next = value;
  for (const patch of patches) next = applied(next, patch, 0);
  return next;
}

function applied(value: unknown, patch: Patch, depth: number): unknown {
  const { path } = patch;
  const key = path[depth];
  if (key === undefined) return patch.value;
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...(value as Container) }) as Container;
  if (depth < path.length - 1) copy[key] = applied(copy[key], patch, depth + 1);
  else if (Array.isArray(copy)) applyToList(copy, key, patch);
  else if (patch.op === 'remove') Reflect.deleteProperty(copy, key);
  else copy[key] = patch.value;
  return copy;
}

function applyToList(list: unknown[], key: string | number, patch: Patch): void {
  if (key === 'length') list.length = Number(patch.value);
  else if (patch.op === 'add') list.splice(Number(key), 0, patch.value);
  else if (patch.op === 'replace') list[Number(key)] = patch.value;
  // What leaves a set is named by its value: places in sets mean nothing.
  else if ('value' in patch) removeItem(list, patch.value);
  else list.splice(Number(key), 1);
}

function removeItem(list: unknown[], item: unknown): void {
  const at = list.findIndex((each) => isDeepStrictEqual(each, item));
  if (at !== -1) list.splice(at, 1);
}
