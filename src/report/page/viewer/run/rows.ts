// Puts the entries that are shown into rows: each row belongs to one step, and in a row nothing covers
// anything else. Pure; how high a row is, is left to `scale.ts`.

import type { SentEntry, TraceEntry } from '../../../../history/trace.ts';
import { messageName } from '../../../trace-words.ts';
import { fateOf, labelOf, toneOf } from './event-text.ts';
import type { Tone } from './event-text.ts';
import type { RunModel } from './run-model.ts';
import { inOneLine, jsonLine, shortened } from './short-text.ts';

/** Where lanes are. */
export interface Lanes {
  /** The horizontal middle of the lane of each name. */
  readonly xOf: ReadonlyMap<string, number>;
  readonly left: number;
  readonly right: number;
  readonly laneWidth: number;
}

/** Something in a row: a dot on a lane with a label, or a line across all lanes. */
export interface Mark {
  /** Its place in the trace; -1 for the violation. */
  readonly index: number;
  readonly kind: TraceEntry['kind'] | 'violation';
  readonly tone: Tone;
  /** Where it stands; undefined for a line across. */
  readonly x: number | undefined;
  /** The side of the label; 0 for what has none. */
  readonly side: -1 | 0 | 1;
  readonly label: string;
  /** For a message: the lane that it goes to, or comes from. */
  readonly toX?: number;
}

/** A row of the picture. */
export interface Row {
  readonly step: number;
  readonly atUs: number;
  /** The first and the last entry in it, as places in the trace. */
  readonly first: number;
  last: number;
  readonly marks: Mark[];
}

/** What was violated, where. */
export interface Ending {
  readonly step: number;
  readonly atUs: number;
  readonly host: string;
  readonly text: string;
}

/** About what a character of a label takes, in pixels. */
const CHARACTER = 6.3;
const ARROW_LABEL_MAX = 0.74;
/** Between a lane and a label, and after the label. */
const MARK_MARGIN = 30;
const MARK_LANES_MAX = 2.4;
/** It is written larger than the rest. */
export const VIOLATION_RATIO = 1.2;
/** How much of an arrow is near the row in which it ends. */
const ARRIVAL_WIDTH = 60;

/** Makes the rows. The violation stands in a row of its own, after what else happened in its step. */
export function rowsOf(
  model: RunModel,
  shown: readonly number[],
  lanes: Lanes,
  ending: Ending | undefined,
): Row[] {
  const packer = new Packer(lanes);
  let isTold = ending === undefined;
  for (const i of shown) {
    const entry = model.trace[i] as TraceEntry;
    if (!isTold && entry.step > (ending as Ending).step) {
      packer.end(ending as Ending, i - 1);
      isTold = true;
    }
    for (const mark of marksOf(entry, i, lanes, model)) packer.add(entry, mark);
  }
  if (!isTold) packer.end(ending as Ending, model.rangeOf((ending as Ending).step).to - 1);
  return packer.rows;
}

function marksOf(entry: TraceEntry, index: number, lanes: Lanes, model: RunModel): Mark[] {
  const base = { index, kind: entry.kind, tone: toneOf(entry) } as const;
  if (entry.kind === 'sent') {
    const x = lanes.xOf.get(entry.from);
    const toX = lanes.xOf.get(entry.to);
    if (x === undefined || toX === undefined) return [];
    const room = Math.abs(toX - x) * ARROW_LABEL_MAX;
    const label = arrowLabel(entry, Math.floor((room === 0 ? 120 : room) / CHARACTER));
    return [{ ...base, x, toX, side: toX < x ? -1 : 1, label }];
  }
  const name = laneOf(entry);
  const x = name === undefined ? undefined : lanes.xOf.get(name);
  // What happens where there is no lane is told across, unless it is the driver's own doing.
  if (x === undefined && (entry.kind === 'step' || entry.kind === 'arrived')) return [];
  if (entry.kind === 'arrived' && !entry.isCopy) {
    return [{ ...base, x, side: 0, label: '', toX: lanes.xOf.get(entry.from) ?? (x as number) }];
  }
  return [{ ...base, x, side: 1, label: markLabel(entry, model) }];
}

function markLabel(entry: TraceEntry, { run }: RunModel): string {
  const label = inOneLine(labelOf(entry), 120);
  if (entry.kind !== 'operation' || entry.type !== 'invoke') return label;
  const input = run.history[entry.id]?.input;
  return input === undefined || input === null ? label : `${label} ${jsonLine(input, 80)}`;
}

/** What befell a message is always said; of its name, as much as there is room for. */
function arrowLabel(entry: SentEntry, charactersMax: number): string {
  const fate = fateOf(entry);
  const room = charactersMax - (fate === '' ? 0 : fate.length + 3);
  const ordinal = entry.nth === 1 ? '' : ` #${entry.nth}`;
  const full = inOneLine(messageName(entry, entry.status));
  const short = entry.message === 'response' ? `${entry.status ?? 'response'}${ordinal}` : '';
  const name =
    full.length <= room
      ? full
      : short === ''
        ? `${shortened(full, Math.max(5, room - ordinal.length))}${ordinal}`
        : short;
  return fate === '' ? name : `${name} · ${fate}`;
}

function laneOf(entry: TraceEntry): string | undefined {
  switch (entry.kind) {
    case 'sent':
      return entry.from;
    case 'arrived':
      return entry.to;
    case 'operation':
      return entry.client;
    case 'fault':
      return entry.hosts.length === 1 ? entry.hosts[0] : undefined;
    default:
      return entry.host;
  }
}

function fitted(label: string, room: number): string {
  return shortened(inOneLine(label), Math.max(4, Math.floor(room / CHARACTER)));
}

/** About how wide a label is. */
export function widthOf(label: string): number {
  return label.length * CHARACTER;
}

interface Taken {
  readonly from: number;
  readonly to: number;
}

/** Puts marks into the first row of their step in which there is room. */
class Packer {
  readonly rows: Row[] = [];
  readonly #lanes: Lanes;
  /** What is taken in the last row. */
  #taken: Taken[] = [];

  constructor(lanes: Lanes) {
    this.#lanes = lanes;
  }

  add(entry: TraceEntry, mark: Mark): void {
    const row = this.rows.at(-1);
    if (row !== undefined && row.step === entry.step) {
      const placed = this.#place(mark);
      if (placed !== undefined) {
        row.marks.push(placed.mark);
        row.last = mark.index;
        this.#taken.push(...placed.taken);
        return;
      }
    }
    this.#begin(entry, mark);
  }

  end({ step, atUs, host, text }: Ending, index: number): void {
    const x = this.#lanes.xOf.get(host);
    const last = Math.max(index, this.rows.at(-1)?.last ?? 0);
    const label = inOneLine(text, 80);
    const hasRoom =
      x === undefined || x + widthOf(label) * VIOLATION_RATIO + MARK_MARGIN <= this.#lanes.right;
    const side = hasRoom ? 1 : -1;
    const mark: Mark = { index: -1, kind: 'violation', tone: 'bad', x, side, label };
    this.rows.push({ step, atUs, first: last, last, marks: [mark] });
    this.#taken = [{ from: -Infinity, to: Infinity }];
  }

  #begin(entry: TraceEntry, mark: Mark): void {
    this.#taken = [];
    const placed = this.#place(mark) ?? { mark, taken: [{ from: -Infinity, to: Infinity }] };
    this.#taken.push(...placed.taken);
    const { step, atUs } = entry;
    this.rows.push({ step, atUs, first: mark.index, last: mark.index, marks: [placed.mark] });
  }

  #place(mark: Mark): { readonly mark: Mark; readonly taken: Taken[] } | undefined {
    const { x } = mark;
    if (x === undefined) {
      return this.#taken.length > 0 ? undefined : { mark, taken: [{ from: -Infinity, to: Infinity }] };
    }
    if (mark.side === 0) {
      // Its arrow comes from above.
      return { mark, taken: [span(x, x + Math.sign((mark.toX ?? x) - x) * ARRIVAL_WIDTH)] };
    }
    if (mark.kind === 'sent') return this.#placeArrow(mark, x);
    const { left, right, laneWidth } = this.#lanes;
    const width = widthOf(mark.label) + MARK_MARGIN;
    // On the side where there is more room, else on the other.
    const sides = right - x >= Math.min(width, x - left) ? ([1, -1] as const) : ([-1, 1] as const);
    for (const side of sides) {
      const room = Math.min(laneWidth * MARK_LANES_MAX, side === 1 ? right - x : x - left) - MARK_MARGIN;
      if (room < 40) continue;
      const label = fitted(mark.label, room);
      // Rather in a row of its own than cut.
      if (label !== mark.label && this.#taken.length > 0) continue;
      const reach = side * (widthOf(label) + MARK_MARGIN);
      const taken = span(x + side * 5, x + reach);
      if (this.#isFree(taken)) return { mark: { ...mark, side, label }, taken: [taken] };
    }
    return undefined;
  }

  #placeArrow(mark: Mark, x: number): { readonly mark: Mark; readonly taken: Taken[] } | undefined {
    const to = mark.toX === x || mark.toX === undefined ? x + 90 : mark.toX;
    const taken = span(x + Math.sign(to - x) * 5, to);
    return this.#isFree(taken) ? { mark, taken: [taken] } : undefined;
  }

  #isFree({ from, to }: Taken): boolean {
    return this.#taken.every((taken) => taken.to <= from || taken.from >= to);
  }
}

function span(a: number, b: number): Taken {
  return { from: Math.min(a, b), to: Math.max(a, b) };
}
