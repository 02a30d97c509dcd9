// The causal slice: the few entries of a trace that a failure depends on. From what is known to belong to the
// failure backwards along causes.

import { causesOf, roundBefore } from './causes.ts';
import { seedsOf } from './seeds.ts';
import type { SlicedRun } from './sliced-run.ts';
import { TraceIndex } from './trace-index.ts';

/**
 * The places in the trace of a recorded run that its first violation depends on, in order. The slice of a
 * trace that has only these entries is that whole trace.
 *
 * @returns Nothing for a run without a trace, or without a violation.
 */
export function sliceOf(run: SlicedRun): number[] {
  const [violation] = run.violations;
  if (run.trace === undefined || violation === undefined) return [];
  const index = new TraceIndex(run.trace);
  const { seeds, stepsMax } = seedsOf(index, run, violation);
  return closed(index, seeds, stepsMax);
}

/**
 * Adds causes until there are none, the latest first; of a chain without end, the last steps alone. Of a
 * loop that waits again and again, the last round is how the waiting ended; of those before it the first is
 * enough, and those that a seed is in.
 */
function closed(index: TraceIndex, seeds: readonly number[], stepsMax: number): number[] {
  const wanted = new Set(seeds);
  const found = new Set<number>();
  const steps = new Set<number>();
  const seeded = new Set(seeds.map((place) => index.at(place).step));
  const waiting = new Set<number | undefined>();
  const follow = (place: number): void => {
    if (found.has(place)) return;
    const { step } = index.at(place);
    if (!steps.has(step) && steps.size >= stepsMax && !seeds.includes(place)) return;
    steps.add(step);
    found.add(place);
    const round = roundBefore(index, place);
    if (round?.steps.every((each) => !seeded.has(each)) === true) waiting.add(round.place);
    for (const cause of causesOf(index, place, waiting.has(place))) {
      // Within a step, its beginning and its arrival belong together.
      if (cause > place) follow(cause);
      else wanted.add(cause);
    }
  };
  for (let place = index.trace.length - 1; place >= 0; place--) if (wanted.has(place)) follow(place);
  return [...found].toSorted((left, right) => left - right);
}
