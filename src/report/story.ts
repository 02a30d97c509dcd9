// The lines of a story, with what each part of them is: a terminal colours them, everything else joins them.

/** What a piece of text is, for who colours it. */
export type Role = 'failure' | 'fault' | 'muted' | 'change' | 'command';

/** A piece of a line. */
export interface Span {
  readonly text: string;
  readonly role?: Role;
}

/** What a line of a story is about. `context`: an event beside the story. `fold`: how many are left out. */
export type Part =
  'headline' | 'where' | 'fault' | 'event' | 'context' | 'fold' | 'ending' | 'state' | 'replay' | 'blank';

/** One line. */
export interface StoryLine {
  readonly part: Part;
  readonly spans: readonly Span[];
}

/** The columns of a terminal that a story is made for. */
export const STORY_COLUMNS = 80;

/** A line of one piece. */
export function lineOf(part: Part, text: string, role?: Role): StoryLine {
  return { part, spans: [role === undefined ? { text } : { text, role }] };
}

/** An empty line. */
export const BLANK: StoryLine = { part: 'blank', spans: [] };

/** A line without colours. */
export function plainLine({ spans }: StoryLine): string {
  return spans
    .map(({ text }) => text)
    .join('')
    .trimEnd();
}
