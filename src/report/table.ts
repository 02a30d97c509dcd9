// The table of a timeline: when, who, what, and what is particular about it, in 80 columns.

import { lineOf, STORY_COLUMNS, type Part, type Role, type Span, type StoryLine } from './story.ts';
import { cutEnd, cutMiddle, padTo, widthOf, wrapped } from './text-width.ts';
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
const WHAT_MIN = 14;
const TIME_MIN = 9;
const NAME_MIN = 6;
const LINES_MAX = 3;

/** Columns, from left to right. */
interface Widths {
  readonly time: number;
  readonly who: number;
  /** Of rows with a note. */
  readonly what: number;
  /** What is left for the last cell of a row without a note. */
  readonly rest: number;
}

/** Lays rows out, a line for each; what a host says or does may take a few. */
export function table(rows: readonly (Row | Fold)[]): StoryLine[] {
  const shown = rows.filter((row): row is Row => row.part !== 'fold').map(visibleRow);
  const widths = widthsOf(shown);
  let next = 0;
  return rows.flatMap((row) => {
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
  const time = Math.max(TIME_MIN, widest(rows.map(timeText)));
  const room = STORY_COLUMNS - INDENT - time - GAP.length;
  const note = Math.min(NOTE_MAX, widest(noted.map((row) => row.note)));
  const isNoted = noted.length > 0;
  const whoMax = isNoted ? Math.min(WHO_MAX, room - note - 2 * GAP.length - WHAT_MIN) : WHO_MAX;
  const who = Math.min(whoMax, widest(rows.map((row) => row.who.join(' '))));
  const rest = room - who - GAP.length;
  const what = Math.min(rest - GAP.length - note, widest(noted.map((row) => row.what)));
  return { time, who, what, rest };
}

function timeText({ atUs }: Row): string {
  return `${(Math.round(atUs / 100) / 10).toFixed(1)} ms`;
}

function rendered(row: Row, widths: Widths): StoryLine[] {
  const { part, who, what, note, role } = row;
  const { rest } = widths;
  const at = `${' '.repeat(INDENT)}${timeText(row).padStart(widths.time)}${GAP}`;
  const named = `${padTo(whoText(who, widths.who), widths.who)}${GAP}`;
  const time = { text: at, role: 'muted' } as const;
  if (note !== '') {
    const told = cutMiddle(what, widths.what);
    const room = rest - widths.what - GAP.length;
    const spans = [
      spanOf(`${named}${padTo(told, widths.what)}${GAP}`, role),
      spanOf(cutEnd(note, room), role ?? 'fault'),
    ];
    return [{ part, spans: [time, ...spans] }];
  }
  if (who.length === 3) return [{ part, spans: [time, spanOf(named + cutMiddle(what, rest), role)] }];
  const margin = ' '.repeat(at.length + widths.who + GAP.length);
  return paragraph(what, rest).map((text, i) => ({
    part,
    spans: i === 0 ? [time, spanOf(named + text, role)] : [spanOf(margin + text, role)],
  }));
}

/** A text in a few lines; of a longer one the beginning. */
function paragraph(text: string, columns: number): string[] {
  const lines = wrapped(text, { first: columns, rest: columns });
  if (lines.length <= LINES_MAX) return lines;
  const last = `${cutEnd(lines[LINES_MAX - 1] as string, columns - 1)}…`;
  return [...lines.slice(0, LINES_MAX - 1), last.replace(/…+$/, '…')];
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
