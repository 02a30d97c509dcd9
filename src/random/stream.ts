// Named streams of randomness (seedrandom): what code on one host consumes, draw after draw.
// Streams of different names are independent, so one host never shifts another.

import tychei from 'seedrandom/lib/tychei.js';
import { combine32, hashString, mix32 } from './hash.ts';

/** A stream of pseudo-random numbers that only its owner consumes. */
export interface RandomStream {
  /** The next float in [0, 1) with 53 random bits: what `Math.random()` gives. */
  double(): number;
  /** The next integer from 0 to 2^32 - 1. */
  uint32(): number;
}

/**
 * Opens the stream with a name under a seed.
 *
 * Source: Tyche-i (Neves and Araujo, 2011), by seedrandom. The name and seed are hashed first, because the
 * first draws of consecutive plain seeds correlate in several of these generators.
 */
export function openStream(seed: number, name: string): RandomStream {
  const key = combine32(mix32(seed), hashString(name));
  let draw: ReturnType<typeof tychei> | undefined;
  const open = (): ReturnType<typeof tychei> => (draw ??= tychei(`${key}/${name}`));
  return { double: () => open().double(), uint32: () => open().int32() >>> 0 };
}
