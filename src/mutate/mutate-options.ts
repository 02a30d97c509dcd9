// The options of `mutate`: what they mean, their defaults, and what is refused before anything runs.

import { checkKeys, OptionError } from '../errors.ts';
import { checkSeed } from '../scenario/simulate.ts';

/** Options of `mutate`. */
export interface MutateOptions {
  /** How many altered runs. Default 300; without a limit when `budgetMs` is given. */
  readonly runs?: number;
  /** Real milliseconds after which no further run begins. Default: none. */
  readonly budgetMs?: number;
  /** From 0 to 2^32 - 1. Default 1: the same runs every time. */
  readonly seed?: number;
  /** A token of a report: only that run with that alteration is made. Default: all are drawn. */
  readonly only?: string;
  /**
   * Survivors that are as they should be: parts of what is said of them, as
   * 'queue: `POST /messages` is executed twice'. Default: none.
   */
  readonly accept?: readonly string[];
  /** Told after each altered run. */
  readonly onProgress?: (progress: MutationProgress) => void;
  /** Stops after the current run; the report is about those that were made. */
  readonly signal?: AbortSignal;
}

/** How far `mutate` got. */
export interface MutationProgress {
  /** Altered runs so far. */
  readonly runs: number;
  /** Those that were made, differed, and passed. */
  readonly survived: number;
}

/** Options with every default filled in. */
export interface CheckedMutateOptions {
  readonly runsMax: number;
  readonly budgetMs: number;
  readonly seed: number;
  readonly only: string | undefined;
  readonly accept: readonly string[];
  readonly onProgress: ((progress: MutationProgress) => void) | undefined;
  readonly signal: AbortSignal | undefined;
}

const KNOWN = ['runs', 'budgetMs', 'seed', 'only', 'accept', 'onProgress', 'signal'];

/** @throws {OptionError} If an option is unknown or out of range. */
export function checkMutateOptions(options: MutateOptions): CheckedMutateOptions {
  checkKeys('mutate', options, KNOWN);
  const { runs, budgetMs, seed = 1, only, accept = [], onProgress, signal } = options;
  if (runs !== undefined && !(Number.isSafeInteger(runs) && runs >= 1))
    throw OptionError.expected('runs', 'an integer >= 1', runs);
  if (budgetMs !== undefined && !(Number.isFinite(budgetMs) && budgetMs > 0))
    throw OptionError.expected('budgetMs', 'a finite number of milliseconds > 0', budgetMs);
  if (only !== undefined && typeof only !== 'string') throw OptionError.expected('only', 'a token', only);
  if (!Array.isArray(accept) || !accept.every((part) => typeof part === 'string' && part !== ''))
    throw OptionError.expected('accept', 'a list of texts', accept);
  if (onProgress !== undefined && typeof onProgress !== 'function')
    throw OptionError.expected('onProgress', 'a function', onProgress);
  if (signal !== undefined && typeof (signal as Partial<AbortSignal> | null)?.aborted !== 'boolean')
    throw OptionError.expected('signal', 'an AbortSignal', signal);
  return {
    runsMax: runs ?? (budgetMs === undefined ? 300 : Number.MAX_SAFE_INTEGER),
    budgetMs: budgetMs ?? Number.POSITIVE_INFINITY,
    seed: checkSeed('seed', seed),
    only,
    accept,
    onProgress,
    signal,
  };
}
