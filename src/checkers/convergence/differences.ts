// Where two values differ, by path.

import { canonicalText, shownText } from '../canonical-text.ts';

/** One place at which two values differ. A side is undefined where it has nothing. */
export interface PathDifference {
  readonly path: string;
  readonly left: { readonly value: unknown } | undefined;
  readonly right: { readonly value: unknown } | undefined;
}

/** The first places at which two values differ, the deepest that can be named. */
export function differencesOf(left: unknown, right: unknown, max: number): PathDifference[] {
  const found: PathDifference[] = [];
  const compare = (path: string, one: PathDifference['left'], other: PathDifference['right']): void => {
    if (found.length >= max) return;
    const ones = one === undefined ? undefined : childrenOf(one.value);
    const others = other === undefined ? undefined : childrenOf(other.value);
    if (ones === undefined || others === undefined || ones.kind !== others.kind) {
      const isEqual = one && other && canonicalText(one.value) === canonicalText(other.value);
      if (isEqual !== true) found.push({ path, left: one, right: other });
      return;
    }
    for (const key of new Set([...ones.entries.keys(), ...others.entries.keys()])) {
      compare(
        path === '' ? key.replace(/^\./, '') : `${path}${key}`,
        ones.entries.get(key),
        others.entries.get(key),
      );
    }
  };
  compare('', { value: left }, { value: right });
  return found;
}

interface Children {
  readonly kind: string;
  readonly entries: ReadonlyMap<string, { readonly value: unknown }>;
}

/** What a value consists of, by the text that leads to it; undefined for what is compared as a whole. */
function childrenOf(value: unknown): Children | undefined {
  if (typeof value !== 'object' || value === null || value instanceof Date || ArrayBuffer.isView(value)) {
    return undefined;
  }
  const entries = new Map<string, { readonly value: unknown }>();
  if (Array.isArray(value)) {
    for (const [i, each] of (value as unknown[]).entries()) entries.set(`[${i}]`, { value: each });
    return { kind: 'array', entries };
  }
  if (value instanceof Map) {
    for (const [key, each] of value) entries.set(`[${shownText(key)}]`, { value: each });
    return { kind: 'map', entries };
  }
  if (value instanceof Set) {
    for (const each of value) entries.set(`[${shownText(each)}]`, { value: each });
    return { kind: 'set', entries };
  }
  for (const [key, each] of Object.entries(value)) entries.set(`.${key}`, { value: each });
  return { kind: 'object', entries };
}
