// The options of commands that make many runs: how many, for how long, from which seed.

import type { Words } from './command.ts';
import { UsageError } from './exit-code.ts';

interface NumberWords {
  readonly runs?: string;
  readonly time?: string;
  readonly seed?: string;
}

/** Those that were given. */
export interface Numbers {
  readonly runs?: number;
  readonly budgetMs?: number;
  readonly seed?: number;
}

/** Reads them. @throws {UsageError} If one is no number of its kind. */
export function numbersOf(words: Words): Numbers {
  const { runs, time, seed } = words as NumberWords;
  return {
    ...(runs === undefined ? {} : { runs: wholeNumber('--runs', runs, 1) }),
    ...(seed === undefined ? {} : { seed: wholeNumber('--seed', seed, 0) }),
    ...(time === undefined ? {} : { budgetMs: durationOf('--time', time) }),
  };
}

/** Reads one. @throws {UsageError} If it is no whole number, or less. */
export function wholeNumber(option: string, word: string, min: number): number {
  const value = Number(word);
  if (Number.isSafeInteger(value) && value >= min && word.trim() !== '') return value;
  throw new UsageError(`Expected ${option} to be a whole number >= ${min}, got "${word}".`);
}

/** Reads `500ms`, `10s` or `2m`. @returns milliseconds. @throws {UsageError} If it is no such word. */
export function durationOf(option: string, word: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(word);
  const unit = { ms: 1, s: 1_000, m: 60_000 }[match?.[2] ?? ''];
  if (match === null || unit === undefined)
    throw new UsageError(`Expected ${option} like 500ms, 10s or 2m, got "${word}".`);
  return Math.max(1, Number(match[1]) * unit);
}
