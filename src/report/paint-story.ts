// The lines of a story as a terminal shows them: each in the colour of what it is about.

import type { Part } from './story.ts';

/** How a terminal paints; where there are no colours, each gives its text back. */
export interface Paints {
  red(text: string): string;
  bold(text: string): string;
  dim(text: string): string;
}

const PAINTS: Readonly<Partial<Record<Part, keyof Paints>>> = {
  context: 'dim',
  fold: 'dim',
  fault: 'red',
  ending: 'red',
  state: 'bold',
};

/**
 * Paints the lines of a story.
 *
 * @param parts - What each line is about; lines without are left as they are.
 */
export function paintedStory(
  story: readonly string[],
  parts: readonly Part[] | undefined,
  paints: Paints,
): string[] {
  return story.map((line, i) => {
    const part = parts?.[i];
    const paint = part === undefined ? undefined : PAINTS[part];
    return paint === undefined ? line : paints[paint](line);
  });
}
