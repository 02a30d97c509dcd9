// The lines of a story as a terminal shows them: each piece in the colour of what it is.

import type { Role, StoryLine } from './story.ts';

/** How a terminal paints; where there are no colours, each gives its text back. */
export interface Paints {
  red(text: string): string;
  bold(text: string): string;
  dim(text: string): string;
}

const PAINTS: Readonly<Record<Role, keyof Paints>> = {
  failure: 'red',
  fault: 'red',
  muted: 'dim',
  change: 'bold',
  command: 'bold',
};

/** Paints the lines of a story, such as `storyLines` of a report. */
export function paintedStory(story: readonly StoryLine[], paints: Paints): string[] {
  return story.map(({ spans }) =>
    spans.map(({ text, role }) => (role === undefined ? text : paints[PAINTS[role]](text))).join(''),
  );
}
