// What a reader has chosen to see of a run. Plain data; what follows from it is computed in `run-view.ts`.

import type { Selected } from './picture.ts';
import type { Kind } from './shown-entries.ts';

/** The choices of a reader. */
export interface ViewState {
  readonly selected: Selected;
  /** The story: what the failure depends on. Else everything. */
  readonly isStory: boolean;
  /** Whether the run that passes stands beside. */
  readonly isBeside: boolean;
  readonly isFolded: boolean;
  readonly hiddenHosts: ReadonlySet<string>;
  readonly hiddenKinds: ReadonlySet<Kind>;
  readonly text: string;
  /** Steps that were opened in the story, from and to, both included. */
  readonly opened: readonly (readonly [from: number, to: number])[];
  /** Silences that were opened, by the step before them. */
  readonly openedSilences: ReadonlySet<number>;
}

/** What is seen at first. */
export function firstState(selected: Selected, hasStory: boolean): ViewState {
  return {
    selected,
    isStory: hasStory,
    isBeside: false,
    isFolded: true,
    hiddenHosts: new Set(),
    hiddenKinds: new Set<Kind>(['routine']),
    text: '',
    opened: [],
    openedSilences: new Set(),
  };
}

/** A set with an element put in, or taken out. */
export function toggled<Item>(set: ReadonlySet<Item>, item: Item, isIn: boolean): ReadonlySet<Item> {
  const copy = new Set(set);
  if (isIn) copy.add(item);
  else copy.delete(item);
  return copy;
}
