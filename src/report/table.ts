// The table of a timeline: when, who, what, and what is particular about it, in 80 columns.

import { lineOf, STORY_COLUMNS, type Part, type Role, type Span, type StoryLine } from './story.ts';
import { cutEnd, cutMiddle, padTo, widthOf } from './text-width.ts';
import { visibleText } from './visible-text.ts';

/** A row. */
export interface Row {
  readonly part: Exclude<Part, 'fold'>;
  readonly atUs: number;
  /** A host; or two, and how a message goes between them. */
  readonly who: readonly [name: string] | readonly [from: string, arrow: string, to: string];
  readonly what: string;
  readonly note: string;
  readonly role?: Role;
}

/** How many rows are left out, in words. */
export interface Fold {
  readonly part: 'fold';
  readonly text: string;
}

const INDENT = 2;
const GAP = '  ';
const WHO_MAX = 32;
const NOTE_MAX = 26;
const NAME_MIN = 6;

/** Columns, from left to right. */
interface Widths {
  readonly time: number;
  readonly who: number;
  /** Of rows with a note. */
  readonly what: number;
  /** What is left for the last cell of a row without a note. */
  readonly rest: number;
}

/** Lays rows out, one line for each. */
export function table(rows: readonly (Row | Fold)[]): StoryLine[] {
  const shown = rows.filter((row): row is Row => row.part !== 'fold').map(visibleRow);
  const widths = widthsOf(shown);
  let next = 0;
  return rows.map((row) => {
    if (row.part !== 'fold') return rendered(shown[next++] as Row, widths);
    return lineOf('fold', `${' '.repeat(INDENT + widths.time + 2)}${row.text}`, 'muted');
  });
}

function visibleRow(row: Row): Row {
  const who = row.who.map(visibleText) as unknown as Row['who'];
  return { ...row, who, what: visibleText(row.what), note: visibleText(row.note) };
}

function widthsOf(rows: readonly Row[]): Widths {
  const widest = (cells: readonly string[]): number => Math.max(0, ...cells.map(widthOf));
  const noted = rows.filter(({ note }) => note !== '');
  const time = Math.max(9, widest(rows.map(timeText)));
  const who = Math.min(WHO_MAX, widest(rows.map((row) => row.who.join(' '))));
  const rest = STORY_COLUMNS - INDENT - time - GAP.length - who - GAP.length;
  const note = Math.min(NOTE_MAX, widest(noted.map((row) => row.note)));
  const what = Math.min(rest - GAP.length - note, widest(noted.map((row) => row.what)));
  return { time, who, what, rest };
}

function timeText({ atUs }: Row): string {
  return `${(Math.round(atUs / 100) / 10).toFixed(1)} ms`;
}

function rendered(row: Row, { time, who, what, rest }: Widths): StoryLine {
  const { part, note, role } = row;
  const at = `${' '.repeat(INDENT)}${timeText(row).padStart(time)}${GAP}`;
  const shownWho = padTo(whoText(row.who, who), who);
  const cut = row.who.length === 3 ? cutMiddle : cutEnd;
  const spans: Span[] =
    note === ''
      ? [spanOf(`${shownWho}${GAP}${cut(row.what, rest)}`, role)]
      : [
          spanOf(`${shownWho}${GAP}${padTo(cut(row.what, what), what)}${GAP}`, role),
          spanOf(cutEnd(note, rest - what - GAP.length), role ?? 'fault'),
        ];
  return { part, spans: [{ text: at, role: 'muted' }, ...spans] };
}

function spanOf(text: string, role: Role | undefined): Span {
  return role === undefined ? { text } : { text, role };
}

/** Two names share the room: a short one leaves the rest of its half to the other. */
function whoText(who: Row['who'], columns: number): string {
  const [from, arrow, to] = who;
  if (arrow === undefined || to === undefined) return cutMiddle(from, columns);
  const room = columns - widthOf(arrow) - 2;
  const half = Math.max(NAME_MIN, Math.floor(room / 2));
  const left = Math.max(half, room - widthOf(to));
  const shownFrom = cutMiddle(from, left);
  return `${shownFrom} ${arrow} ${cutMiddle(to, room - widthOf(shownFrom))}`;
}
