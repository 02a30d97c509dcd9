// Whether one order of all writes agrees with what is known of it; if not, writes that each come before the
// next, the last of them before the first.

import type { Accesses, Write } from './access.ts';
import type { Precedence } from './visibility.ts';

/** So many cycles are found. */
const CYCLES_MAX = 10;
/** From how many writes a shortest cycle is sought. */
const STARTS_MAX = 200;

/** Cycles of writes; no two of them by the same read. */
export function cycles({ writes }: Accesses, precedences: readonly Precedence[]): Precedence[][] {
  const found: Precedence[][] = [];
  let left = precedences.concat(versionPrecedences(writes));
  while (found.length < CYCLES_MAX) {
    const cycle = cycleOf(writes.length, left);
    if (cycle === undefined) break;
    found.push(cycle);
    const told = new Set(cycle.flatMap(({ read }) => read ?? []));
    if (told.size === 0) break;
    left = left.filter(({ read }) => read === undefined || !told.has(read));
  }
  return found;
}

/** The order of the versions of each key, where the store tells it. */
function versionPrecedences(writes: readonly Write[]): Precedence[] {
  const byKey = new Map<string, Write[]>();
  for (const write of writes) {
    if (write.version === undefined) continue;
    const known = byKey.get(write.key);
    if (known === undefined) byKey.set(write.key, [write]);
    else known.push(write);
  }
  return [...byKey.values()].flatMap((known) => {
    const sorted = known.toSorted((one, other) => (one.version as number) - (other.version as number));
    return sorted.flatMap((to, i) => {
      const from = sorted[i - 1];
      return from === undefined ? [] : [{ from, to, reason: 'version', read: undefined } as const];
    });
  });
}

/** Finds a shortest cycle, if there is one. */
function cycleOf(size: number, precedences: readonly Precedence[]): Precedence[] | undefined {
  const out = outgoing(size, precedences);
  const inside = onCycles(size, precedences, out);
  let shortest: Precedence[] | undefined;
  let starts = 0;
  for (let start = 0; start < size && starts < STARTS_MAX; start++) {
    if (inside[start] !== 1) continue;
    starts++;
    const cycle = cycleThrough(start, out, inside);
    if (cycle === undefined || (shortest !== undefined && shortest.length <= cycle.length)) continue;
    shortest = cycle;
    if (cycle.length === 2) break;
  }
  return shortest;
}

function outgoing(size: number, precedences: readonly Precedence[]): Precedence[][] {
  const out: Precedence[][] = Array.from({ length: size }, () => []);
  for (const each of precedences) out[each.from.index]?.push(each);
  return out;
}

/**
 * Marks what is left when all that nothing precedes is taken away, again and again: all of it lies behind
 * cycles.
 */
function onCycles(
  size: number,
  precedences: readonly Precedence[],
  out: readonly (readonly Precedence[])[],
): Uint8Array {
  const inside = new Uint8Array(size).fill(1);
  const before = new Int32Array(size);
  for (const { to } of precedences) before[to.index] = (before[to.index] as number) + 1;
  const free = Array.from(before.keys()).filter((index) => before[index] === 0);
  for (let index = free.pop(); index !== undefined; index = free.pop()) {
    inside[index] = 0;
    for (const { to } of out[index] as readonly Precedence[]) {
      before[to.index] = (before[to.index] as number) - 1;
      if (before[to.index] === 0) free.push(to.index);
    }
  }
  return inside;
}

function cycleThrough(
  start: number,
  out: readonly (readonly Precedence[])[],
  inside: Uint8Array,
): Precedence[] | undefined {
  const cameBy = new Map<number, Precedence>();
  let reached = [start];
  while (reached.length > 0) {
    const next: number[] = [];
    for (const index of reached) {
      for (const each of out[index] as readonly Precedence[]) {
        const to = each.to.index;
        if (inside[to] !== 1 || cameBy.has(to)) continue;
        cameBy.set(to, each);
        if (to === start) return pathBack(start, cameBy);
        next.push(to);
      }
    }
    reached = next;
  }
  return undefined;
}

function pathBack(start: number, cameBy: ReadonlyMap<number, Precedence>): Precedence[] {
  const path: Precedence[] = [];
  let at = start;
  do {
    const each = cameBy.get(at) as Precedence;
    path.push(each);
    at = each.from.index;
  } while (at !== start);
  return path.toReversed();
}
