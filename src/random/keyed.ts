// Keyed draws: a decision is a function of (seed, what it is about, which occurrence), never of how many
// draws were made before it. Taking one decision away does not shift the others.

import { combine32, hashString, mix32 } from './hash.ts';

/** Draws decisions from a seed and a key. Holds no state, so it can be shared and never runs out. */
export class KeyedRandom {
  readonly seed: number;
  readonly #base: number;

  /** @param seed - An integer from 0 to 2^32 - 1. */
  constructor(seed: number) {
    this.seed = seed;
    this.#base = combine32(mix32(seed), hashString('wavetank/keyed'));
  }

  /** Draws an integer from 0 to 2^32 - 1 for the `nth` occurrence of the key with hash `key`. */
  uint32(key: number, nth: number): number {
    return combine32(combine32(this.#base, key), nth);
  }

  /** Draws an integer from 0 to `bound - 1`; `bound` is at most 2^32. */
  below(bound: number, key: number, nth: number): number {
    return Math.floor((this.uint32(key, nth) / 0x1_0000_0000) * bound);
  }

  /** Tells whether something of probability `rate` (0 to 1) happens. */
  chance(rate: number, key: number, nth: number): boolean {
    return rate > 0 && this.uint32(key, nth) < rate * 0x1_0000_0000;
  }
}
