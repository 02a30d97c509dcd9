// The timeline of a recorded run in plain words: what the failure depends on, and how much else there was.

import type { TraceEntry } from '../history/trace.ts';
import type { StoryLine } from './story.ts';
import { table, type Fold, type Row } from './table.ts';
import { ARRIVALS, firstLine, isStormEnd, Teller, type Knowledge } from './teller.ts';

/** Rows beyond this are folded where nothing deviates. */
const ROWS_MAX = 48;
const CONTEXT = 6;
/** So many rows take less room than they would be worth leaving out. */
const FOLDED_MIN = 3;

/** What was violated, where, and as what people know it. */
export interface Ending {
  readonly atMs: number;
  readonly step: number;
  readonly host: string;
  readonly text: string;
}

/** What a reader of the timeline knows already. */
export interface TimelineOptions extends Knowledge {
  readonly ending?: Ending;
  /** The places in the trace that matter. Default: all of them. */
  readonly slice?: readonly number[];
  /** What the others are called, after their number. Default: `more events`. */
  readonly beside?: string;
}

interface Told {
  readonly row: Row;
  readonly step: number;
  readonly isBeside: boolean;
}

type Fate = 'shown' | 'beside' | 'repeats';

/** Tells a run as lines of at most 80 columns, indented by two spaces. */
export function timeline(trace: readonly TraceEntry[], options: TimelineOptions = {}): StoryLine[] {
  const { ending, slice } = options;
  const matters = slice === undefined ? undefined : new Set(slice);
  const teller = new Teller(options);
  const told: Told[] = [];
  let isEnded = ending === undefined;
  const end = ({ step }: Ending): void => {
    told.push({ row: endingRow(ending as Ending), step, isBeside: false });
    isEnded = true;
  };
  for (const [place, entry] of trace.entries()) {
    if (!isEnded && entry.step > (ending as Ending).step) end(ending as Ending);
    // What the last step changed is told in full below.
    if (entry.kind === 'state' && entry.step === ending?.step) continue;
    const isInSlice = matters?.has(place) ?? true;
    for (const row of teller.tell(entry, isInSlice)) {
      insert(told, { row, step: entry.step, isBeside: !isInSlice }, entry);
    }
  }
  if (!isEnded) end(ending as Ending);
  const rows = told.map(({ row }, i) => (isStormEnd(row) ? endOfStorm(row, told.slice(i + 1)) : row));
  return table(folded(rows, fates(told), options.beside));
}

/**
 * What hosts expose is looked at after a step: its change belongs before what they sent then. A crash belongs
 * before what is lost by it.
 */
function insert(told: Told[], one: Told, { kind, step }: TraceEntry): void {
  let place = told.length;
  const isLater = ({ row, step: other }: Told): boolean =>
    other === step &&
    row.who[0] === one.row.who[0] &&
    (kind === 'state' ? row.who.length === 3 : kind === 'host' && row.role === 'change');
  while (place > 0 && isLater(told[place - 1] as Told)) place--;
  told.splice(place, 0, one);
}

/** The storm takes back nothing that is on its way. */
function endOfStorm(row: Row, after: readonly Told[]): Row {
  const isUnderway = after.some(({ row: { note }, isBeside }) => !isBeside && ARRIVALS.includes(note));
  return isUnderway ? { ...row, what: `${row.what}; what is underway still arrives` } : row;
}

function endingRow({ atMs, host, text }: Ending): Row {
  return {
    part: 'ending',
    atUs: atMs * 1000,
    who: [host],
    what: `← ${firstLine(text)}`,
    note: '',
    role: 'failure',
  };
}

/** Of many rows: the beginning, the end, and what is near a deviation. */
function fates(told: readonly Told[]): Fate[] {
  const result = told.map(({ isBeside }): Fate => (isBeside ? 'beside' : 'shown'));
  const shown = [...told.keys()].filter((i) => result[i] === 'shown');
  if (shown.length <= ROWS_MAX) return result;
  const kept = new Set([...shown.slice(0, CONTEXT), ...shown.slice(-2 * CONTEXT)]);
  for (const [k, i] of shown.entries()) {
    if (!deviates((told[i] as Told).row)) continue;
    for (const near of shown.slice(Math.max(0, k - 2), k + 3)) kept.add(near);
  }
  for (const i of shown) if (!kept.has(i)) result[i] = 'repeats';
  return result;
}

/** Anything but a message that nothing befell, and the good end of an operation. */
function deviates({ note, who, what }: Row): boolean {
  return note !== '' || !(who.length === 3 || what.includes(' ends: ok'));
}

function folded(rows: readonly Row[], fate: readonly Fate[], beside = 'more events'): (Row | Fold)[] {
  const result: (Row | Fold)[] = [];
  let hidden: number[] = [];
  const flush = (): void => {
    const words = foldWords(hidden, { rows, fate, beside });
    if (hidden.length >= FOLDED_MIN) result.push({ part: 'fold', text: `... ${hidden.length} ${words}` });
    else {
      for (const i of hidden) result.push({ ...(rows[i] as Row), part: 'context', role: 'muted' });
    }
    hidden = [];
  };
  for (const [i, row] of rows.entries()) {
    if (fate[i] !== 'shown') {
      hidden.push(i);
      continue;
    }
    flush();
    result.push(row);
  }
  flush();
  return result;
}

function foldWords(
  hidden: readonly number[],
  { rows, fate, beside }: { rows: readonly Row[]; fate: readonly Fate[]; beside: string },
): string {
  if (hidden.some((i) => fate[i] !== 'beside')) return 'more events, without a fault';
  const notes = hidden.map((i) => (rows[i] as Row).note).filter((note) => note !== '');
  const [first] = notes;
  if (first === undefined) return beside;
  const alike = notes.filter((note) => note === first);
  return `more events, ${alike.length} of them ${first}`;
}
