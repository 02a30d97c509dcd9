// Draws of strategies: keyed by the block, so that they are the same in any process.

import { hashString } from '../../random/hash.ts';
import { KeyedRandom } from '../../random/keyed.ts';
import type { Draw } from '../../faults/timed.ts';

const DRAW = hashString('strategy/draw');

/** Draws one integer after another from a seed: each from 0 to `bound - 1`. */
export function drawsOf(seed: number): Draw {
  const random = new KeyedRandom(seed >>> 0);
  let nth = 0;
  return (bound) => random.below(bound, DRAW, ++nth);
}

/**
 * The `nth` number, from 0, of a sequence from 0 to 1 whose every beginning is spread evenly.
 *
 * Source: Verteilungsfunktionen (J. G. van der Corput, 1935), in base 2.
 */
export function spread(nth: number): number {
  let [share, value] = [0.5, 0];
  for (let rest = nth; rest > 0; rest = Math.floor(rest / 2), share /= 2) value += (rest % 2) * share;
  return value;
}

/** The integers from 0 to `count - 1`, at most so many of them, spread evenly from the beginning on. */
export function spreadOver(count: number, most: number): number[] {
  const order: number[] = [];
  const wanted = Math.min(count, most);
  const seen = new Set<number>();
  for (let nth = 0; seen.size < wanted; nth++) {
    const index = Math.floor(spread(nth) * count);
    if (seen.has(index)) continue;
    seen.add(index);
    order.push(index);
  }
  return order;
}

/** Takes one of each list in turn, then the next of each. */
export function inTurn<Item>(lists: readonly (readonly Item[])[]): Item[] {
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  return Array.from({ length: longest }, (_, i) => lists.flatMap((list) => list.slice(i, i + 1))).flat();
}
