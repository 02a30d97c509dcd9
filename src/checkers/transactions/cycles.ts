// Finds a shortest cycle of each sort in a dependency graph: which sort it is tells what isolation is broken.

import type { Dependency, DependencyGraph, DependencyKind } from './graph.ts';

/**
 * The sorts of cycles, from what hardly any system allows to what many do.
 *
 * Source: Generalized Isolation Level Definitions (Adya, Liskov and O'Neil, 2000); G-nonadjacent from Elle
 * (Kingsbury and Alvaro, 2020).
 */
export type CycleKind = 'G0' | 'G1c' | 'G-single' | 'G-nonadjacent' | 'G2-item';

/** A cycle, from any of its transactions back to it. */
export interface Cycle {
  readonly kind: CycleKind;
  /** Whether it needs the clock: by the data alone there is none of this sort through these. */
  readonly isRealtime: boolean;
  readonly edges: readonly Dependency[];
}

interface Sort {
  readonly kind: CycleKind;
  /** What the cycle may consist of besides the `rw` edges that it must have. */
  readonly other: ReadonlySet<DependencyKind>;
  readonly rw: 'none' | 'one' | 'apart' | 'some';
}

const WRITES: ReadonlySet<DependencyKind> = new Set(['ww']);
const DATA: ReadonlySet<DependencyKind> = new Set(['ww', 'wr']);
const SORTS: readonly Sort[] = [
  { kind: 'G0', other: WRITES, rw: 'none' },
  { kind: 'G1c', other: DATA, rw: 'none' },
  { kind: 'G-single', other: DATA, rw: 'one' },
  { kind: 'G-nonadjacent', other: DATA, rw: 'apart' },
  { kind: 'G2-item', other: DATA, rw: 'some' },
];

/**
 * Finds the worst cycle of each component of a graph that is one: the first sort of the list that it has.
 * Sorts that need the clock come after all that do not.
 */
export function worstCycles(
  graph: DependencyGraph,
  effort: Effort = { left: Number.POSITIVE_INFINITY },
): Cycle[] {
  return graph.components().flatMap((component) => {
    const inside = new Set(component);
    for (const isRealtime of [false, true]) {
      for (const sort of SORTS) {
        const where = placesOf(graph, inside, { sort, isRealtime });
        const edges =
          where.size === 0 ? undefined : shortestCycle(graph, where, { sort, isRealtime }, effort);
        if (edges !== undefined) return [{ kind: sort.kind, isRealtime, edges }];
      }
    }
    return [];
  });
}

/** How many edges may be looked at; below 0 the search was cut short, and worse cycles may be there. */
export interface Effort {
  left: number;
}

/** Where a cycle of a sort could be: without `rw`, only where the other edges alone make one. */
function placesOf(
  graph: DependencyGraph,
  inside: ReadonlySet<number>,
  allowed: Allowed,
): ReadonlySet<number> {
  const { sort, isRealtime } = allowed;
  if (sort.rw !== 'none' || inside.size <= SHORTEST_WITHIN) return inside;
  const isIn = ({ kind, to }: Dependency): boolean =>
    inside.has(to) && (sort.other.has(kind) || (isRealtime && kind === 'realtime'));
  const found = graph.components(isIn).find(([node]) => inside.has(node as number));
  return new Set(found);
}

/** A walk through the graph, last edge first. */
interface Walk {
  readonly edge: Dependency;
  readonly before: Walk | undefined;
}

interface Allowed {
  readonly sort: Sort;
  readonly isRealtime: boolean;
}

/** In components larger than this any cycle will do. */
const SHORTEST_WITHIN = 200;

function shortestCycle(
  graph: DependencyGraph,
  inside: ReadonlySet<number>,
  allowed: Allowed,
  effort: Effort,
): readonly Dependency[] | undefined {
  let shortest: readonly Dependency[] | undefined;
  for (const start of inside) {
    const lengthMax = shortest?.length ?? Infinity;
    const found = cycleFrom(graph, inside, { start, allowed, lengthMax, effort });
    if (effort.left < 0) return shortest ?? found;
    if (found === undefined) continue;
    shortest = found;
    if (found.length === 2 || inside.size > SHORTEST_WITHIN) break;
  }
  return shortest;
}

/**
 * The shortest cycle through a node that begins with `rw`, if there has to be one: each cycle with an `rw`
 * has a node at which it does. A walk that meets a node twice is never the shortest: what lies in between, or
 * what lies around it, would be a shorter cycle of the same sort or one of a worse sort, and those are sought
 * first.
 */
function cycleFrom(
  graph: DependencyGraph,
  inside: ReadonlySet<number>,
  search: { start: number; allowed: Allowed; lengthMax: number; effort: Effort },
): readonly Dependency[] | undefined {
  const { start, allowed, lengthMax, effort } = search;
  const isApart = allowed.sort.rw === 'apart';
  const seen = new Set<number>();
  let walks: (Walk | undefined)[] = [undefined];
  for (let length = 1; walks.length > 0 && length < lengthMax; length++) {
    const next: Walk[] = [];
    for (const before of walks) {
      for (const edge of graph.from(before?.edge.to ?? start)) {
        if (effort.left-- <= 0) return undefined;
        if (!inside.has(edge.to) || !mayFollow(edge, before, allowed)) continue;
        const walk: Walk = { edge, before };
        if (edge.to === start) {
          if (isApart && edge.kind === 'rw') continue;
          return edgesOf(walk);
        }
        const state = isApart && edge.kind === 'rw' ? -1 - edge.to : edge.to;
        if (seen.has(state)) continue;
        seen.add(state);
        next.push(walk);
      }
    }
    walks = next;
  }
  return undefined;
}

function mayFollow(edge: Dependency, before: Walk | undefined, { sort, isRealtime }: Allowed): boolean {
  const isRw = edge.kind === 'rw';
  if (before === undefined && sort.rw !== 'none') return isRw;
  if (!isRw) return sort.other.has(edge.kind) || (isRealtime && edge.kind === 'realtime');
  if (sort.rw === 'apart') return before?.edge.kind !== 'rw';
  return sort.rw === 'some';
}

function edgesOf(walk: Walk): readonly Dependency[] {
  const edges: Dependency[] = [];
  for (let each: Walk | undefined = walk; each !== undefined; each = each.before) edges.push(each.edge);
  return edges.toReversed();
}
