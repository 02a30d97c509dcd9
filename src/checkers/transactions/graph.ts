// The dependency graph of transactions: who must have come before whom, and why.

import type { Atom } from './transaction.ts';

/** Why one transaction must have come before another. */
export type DependencyKind =
  /** It wrote a version that the other overwrote. */
  | 'ww'
  /** It wrote what the other read. */
  | 'wr'
  /** It read a version that the other overwrote. */
  | 'rw'
  /** It ended before the other began. */
  | 'realtime';

/** One edge. */
export interface Dependency {
  readonly kind: DependencyKind;
  readonly from: number;
  readonly to: number;
  /** The key that both touched. */
  readonly key?: Atom;
  /** The version of it that the first wrote or read; null for none. */
  readonly version?: Atom;
  /** The version that the second wrote. */
  readonly next?: Atom;
}

/** A graph whose nodes are the places of transactions in a list. */
export class DependencyGraph {
  readonly #out: Dependency[][];
  readonly #edgesMax: number;
  #edges = 0;

  /** @param edgesMax - More edges are left out: what is found then is there, but not all is found. */
  constructor(size: number, edgesMax: number = Number.POSITIVE_INFINITY) {
    this.#out = Array.from({ length: size }, () => []);
    this.#edgesMax = edgesMax;
  }

  /** Whether no more edges fit in. */
  get isFull(): boolean {
    return this.#edges >= this.#edgesMax;
  }

  get size(): number {
    return this.#out.length;
  }

  add(dependency: Dependency): void {
    if (dependency.from === dependency.to || this.isFull) return;
    this.#out[dependency.from]?.push(dependency);
    this.#edges++;
  }

  from(node: number): readonly Dependency[] {
    return this.#out[node] ?? [];
  }

  /**
   * The sets of more than one node in which each can be reached from each other: where all cycles are.
   *
   * Source: Depth-First Search and Linear Graph Algorithms (Tarjan, 1972), without recursion.
   *
   * @param isIn - Which edges there are. Default: all.
   */
  components(isIn: (edge: Dependency) => boolean = () => true): number[][] {
    const order = new Int32Array(this.size).fill(-1);
    const low = new Int32Array(this.size);
    const isOnStack = new Uint8Array(this.size);
    const stack: number[] = [];
    const found: number[][] = [];
    let next = 0;
    const path: { node: number; edge: number }[] = [];
    const enter = (node: number): void => {
      order[node] = low[node] = next++;
      stack.push(node);
      isOnStack[node] = 1;
      path.push({ node, edge: 0 });
    };
    for (let root = 0; root < this.size; root++) {
      if (order[root] !== -1) continue;
      enter(root);
      for (let at = path.at(-1); at !== undefined; at = path.at(-1)) {
        const { node } = at;
        const edge = this.from(node)[at.edge++];
        if (edge !== undefined) {
          const { to } = edge;
          if (!isIn(edge)) continue;
          if (order[to] === -1) enter(to);
          else if (isOnStack[to] === 1) low[node] = Math.min(low[node] as number, order[to] as number);
          continue;
        }
        path.pop();
        const above = path.at(-1)?.node;
        if (above !== undefined) low[above] = Math.min(low[above] as number, low[node] as number);
        if (low[node] !== order[node]) continue;
        const component = stack.splice(stack.lastIndexOf(node));
        for (const each of component) isOnStack[each] = 0;
        if (component.length > 1) found.push(component);
      }
    }
    return found;
  }
}
