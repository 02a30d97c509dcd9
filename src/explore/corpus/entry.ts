// What a feedback-guided search keeps: inputs of runs that showed something new. Plain JSON; who stores it
// where is not decided here.

import type { FaultPlan } from '../../faults/fault.ts';
import type { Origin } from '../strategies/strategy.ts';

/** The input of a run that showed something new. */
export interface Entry {
  readonly plan: FaultPlan;
  readonly seed: number;
  /** The generated input whose workload it has: the same one for as long as the scenario generates alike. */
  readonly workload: Origin;
  /** The first of the things that were new, in words. */
  readonly why: string;
  /** All of them, as numbers. */
  readonly shows: readonly number[];
}

/** Counts up with each change of what entries are, and of what features of runs are called. */
export const CORPUS_VERSION = 1;

/** How many entries a corpus keeps where nobody says. */
export const CORPUS_MAX = 512;
/** Longer ones are not kept, so that what is kept is far from what is read at once. */
const ENTRY_LENGTH_MAX = 16_384;
const WHY_LENGTH_MAX = 200;

/**
 * Joins what several searches found; the first of two that show the same stays. Entries that show nothing
 * which those before them do not show are left out.
 */
export function mergeCorpora(...corpora: readonly (readonly Entry[])[]): Entry[] {
  const shown = new Set<number>();
  return corpora.flat().filter(({ shows }) => {
    const before = shown.size;
    for (const feature of shows) shown.add(feature);
    return shown.size > before;
  });
}

/**
 * Keeps the entries with which most is shown by fewest: one after another the one that adds most, until
 * nothing is added or there are enough. In the order in which they were found.
 *
 * @param most - How many, at least 0. Default 512.
 */
export function pruneCorpus(corpus: readonly Entry[], most: number = CORPUS_MAX): Entry[] {
  const shown = new Set<number>();
  const kept = new Set<Entry>();
  const added = ({ shows }: Entry): number => shows.reduce((sum, each) => sum + (shown.has(each) ? 0 : 1), 0);
  while (kept.size < most) {
    let best: Entry | undefined;
    let bestAdded = 0;
    for (const entry of corpus) {
      const adds = kept.has(entry) ? 0 : added(entry);
      if (adds > bestAdded) [best, bestAdded] = [entry, adds];
    }
    if (best === undefined) break;
    kept.add(best);
    for (const feature of best.shows) shown.add(feature);
  }
  return corpus.filter((entry) => kept.has(entry));
}

/** At most so many, those with which most is shown. */
export function boundedCorpus(entries: readonly Entry[], most: number): readonly Entry[] {
  return entries.length > most ? pruneCorpus(entries, most) : entries;
}

/** An entry as it is kept; none where it is too long. */
export function storable(entry: Entry): Entry[] {
  const kept = { ...entry, why: entry.why.slice(0, WHY_LENGTH_MAX) };
  return JSON.stringify(kept).length > ENTRY_LENGTH_MAX ? [] : [kept];
}

/** Tells whether something that was stored is an entry, as far as that can be told without a scenario. */
export function isEntry(value: unknown): value is Entry {
  if (typeof value !== 'object' || value === null) return false;
  const { plan, seed, workload, why, shows } = value as Partial<Record<keyof Entry, unknown>>;
  const { seed: from, nth } = (workload ?? {}) as Partial<Record<keyof Origin, unknown>>;
  return (
    Array.isArray((plan as Partial<FaultPlan> | null | undefined)?.faults) &&
    [seed, from, nth].every((number) => Number.isSafeInteger(number)) &&
    typeof why === 'string' &&
    Array.isArray(shows) &&
    shows.every((feature) => Number.isSafeInteger(feature))
  );
}
