// What the violating step changed in what hosts keep: before and after.

import type { Patch } from '../history/journal.ts';
import type { StateEntry, TraceEntry } from '../history/trace.ts';
import { identifiersIn } from './slice/identifiers.ts';
import { changedJson, placeText } from './state-text.ts';
import { lineOf, STORY_COLUMNS, type StoryLine } from './story.ts';
import { cutMiddle, widthOf } from './text-width.ts';

const LINES_MAX = 6;
const PLACE_MAX = 34;
const ARROW = ' → ';

/**
 * Tells it in a few lines of at most 80 columns; in none if nothing that matters is known to have changed.
 *
 * @param around.slice - The places in the trace that matter, in order.
 * @param around.about - The sentence of the violation: what it names is not cut.
 */
export function stateDifference(
  trace: readonly TraceEntry[],
  {
    step,
    slice,
    about,
  }: { readonly step: number; readonly slice: readonly number[]; readonly about: string },
): StoryLine[] {
  const names = identifiersIn(about);
  const changes: { readonly entry: StateEntry; readonly patch: Patch; readonly before: unknown }[] = [];
  for (const place of slice) {
    const entry = trace[place];
    if (entry?.kind !== 'state' || entry.step !== step) continue;
    for (const patch of entry.patches) {
      changes.push({ entry, patch, before: valueBefore(trace, { entry, place, path: patch.path }) });
    }
  }
  if (changes.length === 0) return [];
  const hosts = [...new Set(changes.map(({ entry }) => entry.host))];
  const shown = changes.slice(0, LINES_MAX).map(({ entry, patch, before }) => {
    const owner = hosts.length === 1 ? '' : `${entry.host}: `;
    const place = cutMiddle(owner + placeText(entry.store, patch.path), PLACE_MAX);
    const room = STORY_COLUMNS - 4 - widthOf(place) - 2 - ARROW.length;
    const after = patch.op === 'remove' ? undefined : patch.value;
    const text = changedJson({ before, after }, room, names).join(ARROW);
    return { part: 'state', spans: [{ text: `    ${place}: ` }, { text, role: 'change' }] } as const;
  });
  const rest = changes.length - shown.length;
  const title = hosts.length === 1 ? `this step changed on ${hosts.join('')}:` : 'this step changed:';
  return [
    lineOf('state', `  ${cutMiddle(title, STORY_COLUMNS - 2)}`),
    ...shown,
    ...(rest > 0 ? [lineOf('state', `    ... and ${rest} more`, 'muted')] : []),
  ];
}

/** What was there before, as far as an earlier change of that place or of what holds it says. */
function valueBefore(
  trace: readonly TraceEntry[],
  { entry, place, path }: { entry: StateEntry; place: number; path: Patch['path'] },
): unknown {
  for (let i = place - 1; i >= 0; i--) {
    const earlier = trace[i] as TraceEntry;
    if (earlier.kind !== 'state' || earlier.host !== entry.host || earlier.store !== entry.store) continue;
    const patch = earlier.patches.findLast((each) => each.path.every((key, k) => key === path[k]));
    if (patch !== undefined) return patch.op === 'remove' ? undefined : inside(patch, path);
  }
  return undefined;
}

function inside(patch: Patch, path: Patch['path']): unknown {
  let value = patch.value;
  for (const key of path.slice(patch.path.length)) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<string | number, unknown>)[key];
  }
  return value;
}
