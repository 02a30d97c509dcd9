// An exploration as a sequence of blocks: stretches of runs, each of which can be made by itself.

import { combine32 } from '../random/hash.ts';
import { isWhole } from './strategies/table.ts';

/** A stretch of the runs of an exploration. */
export interface Block {
  /** From 0. */
  readonly number: number;
  /** The number of its first run in the exploration. */
  readonly firstRun: number;
  readonly runs: number;
  /** What its inputs are generated from. */
  readonly seed: number;
  /** The seed of the exploration: the same for all of its blocks. */
  readonly base: number;
  /** The name of the strategy that chooses its runs. */
  readonly strategy: string;
}

/** Runs of a block: few enough to look at the clock between two of them, and to share them out. */
const BLOCK_RUNS = 50;

/**
 * The blocks of an exploration, one after another, without an end where there is no limit of runs. A strategy
 * that walks through all runs has one.
 */
export function* blocksOf(given: {
  readonly seed: number;
  readonly runsMax: number;
  readonly strategy: string;
}): Generator<Block> {
  const { seed, runsMax, strategy } = given;
  const length = isWhole(strategy) ? runsMax : BLOCK_RUNS;
  for (let number = 0, firstRun = 0; firstRun < runsMax; number++, firstRun += length) {
    const runs = Math.min(length, runsMax - firstRun);
    yield { number, firstRun, runs, seed: combine32(seed, number) | 0, base: seed, strategy };
  }
}
