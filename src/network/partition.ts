// Partitions: which links a cut between groups of hosts blocks, and the cuts that leave a ring.

import type { Link } from './link.ts';
import type { Network } from './network.ts';

/** A cut between two groups of hosts. */
export interface Cut {
  readonly from: readonly string[];
  readonly to: readonly string[];
  /** True where only messages from `from` to `to` are stopped. */
  readonly isOneWay: boolean;
}

/** A cut in words: `orders ⇹ payments, bank`; `⇥` where only one direction is cut. */
export function cutText({ from, to, isOneWay }: Cut): string {
  return `${from.join(', ')} ${isOneWay ? '⇥' : '⇹'} ${to.join(', ')}`;
}

/** Blocks the links of a cut. Cuts may overlap: a link is open when no cut blocks it. @returns the links. */
export function block(network: Network, cut: Cut): Link[] {
  const links = linksOf(network, cut);
  for (const link of links) link.cuts.add(cut);
  return links;
}

/** Removes a cut, unless it was removed before. @returns the links on which something may have changed. */
export function unblock(network: Network, cut: Cut): Link[] {
  return linksOf(network, cut).filter((link) => link.cuts.delete(cut));
}

/** The links that a cut blocks. */
export function linksOf(network: Network, cut: Cut): Link[] {
  return endsOf(cut).map(([source, target]) => network.link(source, target));
}

/** The same by their names: `'a -> b'`. */
export function linkNames(cut: Cut): string[] {
  return endsOf(cut).map((ends) => ends.join(' -> '));
}

function endsOf({ from, to, isOneWay }: Cut): [source: string, target: string][] {
  const ends: [string, string][] = [];
  for (const source of from) {
    for (const target of to) {
      if (source === target) continue;
      ends.push([source, target]);
      if (!isOneWay) ends.push([target, source]);
    }
  }
  return ends;
}

/** The cuts that leave each host of a ring only the one before it and the one after it. */
export function ringCuts(ring: readonly string[]): Cut[] {
  return ring.flatMap((host, i) => {
    const others = ring.slice(i + 2, i === 0 ? -1 : ring.length);
    return others.length === 0 ? [] : [{ from: [host], to: others, isOneWay: false }];
  });
}
