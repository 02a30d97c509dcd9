// Partitions: which links a cut between groups of hosts blocks.

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

/** Blocks the links of a cut. Cuts may overlap: a link is open when no cut blocks it. */
export function block(network: Network, cut: Cut): void {
  for (const link of linksOf(network, cut)) link.cuts.add(cut);
}

/** Removes a cut, unless it was removed before. @returns the links on which something may have changed. */
export function unblock(network: Network, cut: Cut): Link[] {
  return linksOf(network, cut).filter((link) => link.cuts.delete(cut));
}

/** The links that a cut blocks. */
export function linksOf(network: Network, cut: Cut): Link[] {
  const links: Link[] = [];
  for (const source of cut.from) {
    for (const target of cut.to) {
      if (source === target) continue;
      links.push(network.link(source, target));
      if (!cut.isOneWay) links.push(network.link(target, source));
    }
  }
  return links;
}
