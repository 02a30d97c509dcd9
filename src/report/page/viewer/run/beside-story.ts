// What of a passing run is shown beside the story of the failed one: the same events, and what follows from
// the first difference. Pure.

import { keyOf } from './aligned-rows.ts';
import { descendants } from './causes.ts';
import { isRoutine } from './event-text.ts';
import type { RunModel } from './run-model.ts';

/** After a difference everything may differ: no more steps than these are followed. */
const FOLLOWED_MAX = 60;

/** The entries of a passing run that belong beside a story. */
export function besideStory(
  failed: RunModel,
  story: readonly number[],
  passed: RunModel,
  difference: number | undefined,
): number[] {
  const keys = new Set<string>();
  for (const i of story) {
    const entry = failed.trace[i];
    if (entry !== undefined) keys.add(keyOf(entry));
  }
  const step = difference === undefined ? undefined : passed.trace[difference]?.step;
  const followed = step === undefined ? new Set<number>() : descendants(passed, step, FOLLOWED_MAX);
  const shown: number[] = [];
  for (const [i, entry] of passed.trace.entries()) {
    const isFollowed = followed.has(entry.step) && !isRoutine(entry) && i >= (difference ?? 0);
    if (i === difference || isFollowed || keys.has(keyOf(entry))) shown.push(i);
  }
  return shown;
}
