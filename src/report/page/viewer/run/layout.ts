// The whole picture as numbers: lanes, lines, arrows and bands of one run, or of two side by side. Computed
// when what is shown changes, never while scrolling. Pure.

import { alignedRows, keyOf } from './aligned-rows.ts';
import type { Line } from './aligned-rows.ts';
import { arrowsOf } from './arrows.ts';
import type { Arrow } from './arrows.ts';
import { InView } from './in-view.ts';
import { placedLanes } from './lanes.ts';
import { rowsOf } from './rows.ts';
import type { Ending, Lanes, Row } from './rows.ts';
import type { RunModel } from './run-model.ts';
import { LINE_HEIGHT, lowerBound, scaleOf } from './scale.ts';
import type { LineTime, Scale } from './scale.ts';
import type { Span } from './spans.ts';

/** One run of the picture. */
export interface PaneInput {
  readonly model: RunModel;
  /** The entries to show, in order; and those that could be, to say how many are not. */
  readonly shown: readonly number[];
  readonly showable: readonly number[];
  readonly lanes: readonly string[];
  readonly spans: readonly Span[];
  readonly ending: Ending | undefined;
}

/** How to lay out. */
export interface LayoutOptions {
  readonly width: number;
  readonly isFolded: boolean;
  readonly opened: ReadonlySet<number>;
}

/** A band or bar with its place. */
export interface PlacedSpan {
  readonly kind: 'span';
  readonly span: Span;
  readonly x: number;
  readonly y1: number;
  readonly y2: number;
}

/** What is as long as it is. */
export type Tall = { readonly pane: number } & (Arrow | PlacedSpan);

/** One run, laid out. */
export interface Pane {
  readonly lanes: Lanes;
  readonly rows: readonly Row[];
  /** The line of each row. */
  readonly lineOf: Int32Array;
  /** Where an entry is, or would be. */
  readonly yOf: (index: number) => number;
}

/** The picture. */
export interface Layout extends Scale {
  readonly width: number;
  readonly lines: readonly Line[];
  readonly times: readonly LineTime[];
  readonly panes: readonly Pane[];
  readonly tall: InView<Tall>;
}

/** Where times stand. */
export const GUTTER = 84;
const PANE_GAP = 36;

/** Lays out the picture. */
export function layoutOf(inputs: readonly PaneInput[], options: LayoutOptions): Layout {
  const laid: { lanes: Lanes; rows: Row[] }[] = [];
  let left = GUTTER;
  const paneWidth = (options.width - GUTTER - PANE_GAP * (inputs.length - 1)) / inputs.length;
  for (const { model, shown, lanes: names, ending } of inputs) {
    const lanes = placedLanes(names, left, paneWidth);
    left = lanes.right + PANE_GAP;
    laid.push({ lanes, rows: rowsOf(model, shown, lanes, ending) });
  }
  const keys = inputs.map(
    ({ model }) =>
      (row: Row): string =>
        rowKey(model, row),
  );
  const lines = alignedRows(
    laid.map(({ rows }) => rows),
    keys,
  );
  const { times, hiddenAfter } = timesOf(inputs, laid, lines);
  const scale = scaleOf(times, { ...options, hiddenAfter });
  const panes = laid.map(({ lanes, rows }, i) => paneOf(lanes, rows, lines, i, scale));
  const tall = new InView<Tall>();
  for (const [pane, input] of inputs.entries()) addTall(tall, pane, input, panes[pane] as Pane, scale);
  return { ...scale, width: left - PANE_GAP, lines, times, panes, tall };
}

function rowKey({ trace }: RunModel, { marks }: Row): string {
  const [mark] = marks;
  const entry = mark === undefined ? undefined : trace[mark.index];
  return entry === undefined ? 'violation' : keyOf(entry);
}

/** The time of each line, and how much is hidden before it; counted in the first run. */
function timesOf(
  inputs: readonly PaneInput[],
  laid: readonly { readonly rows: readonly Row[] }[],
  lines: readonly Line[],
): { readonly times: LineTime[]; readonly hiddenAfter: number } {
  const [input] = inputs;
  const showable = input?.showable ?? [];
  const trace = input?.model.trace ?? [];
  const steps = new Set(laid[0]?.rows.map(({ step }) => step));
  let at = 0;
  /** Counts what could be shown up to an entry, in steps of which nothing is: the others are open already. */
  const hiddenUpTo = (index: number): number => {
    let hidden = 0;
    for (; at < showable.length && (showable[at] as number) < index; at++) {
      const entry = trace[showable[at] as number];
      if (entry !== undefined && entry.kind !== 'arrived' && !steps.has(entry.step)) hidden++;
    }
    return hidden;
  };
  const times = lines.map((line): LineTime => {
    const pane = line[0] === -1 ? 1 : 0;
    const row = laid[pane]?.rows[line[pane] as number] as Row;
    const hidden = pane === 0 ? hiddenUpTo(row.first) : 0;
    return { atUs: row.atUs, step: row.step, hidden };
  });
  return { times, hiddenAfter: hiddenUpTo(Infinity) };
}

function paneOf(
  lanes: Lanes,
  rows: readonly Row[],
  lines: readonly Line[],
  pane: number,
  scale: Scale,
): Pane {
  const lineOf = new Int32Array(rows.length);
  for (const [i, line] of lines.entries()) {
    const row = line[pane] ?? -1;
    if (row >= 0) lineOf[row] = i;
  }
  const yOfRow = (row: number): number => scale.ys[lineOf[row] ?? 0] ?? 0;
  const yOf = (index: number): number => {
    const next = lowerBound(rows.length, (i) => (rows[i] as Row).last, index);
    const row = rows[next];
    if (row === undefined) return rows.length === 0 ? 0 : yOfRow(rows.length - 1) + LINE_HEIGHT / 2;
    if (row.first <= index) return yOfRow(next);
    // Between two rows.
    return next === 0 ? yOfRow(0) - LINE_HEIGHT / 2 : (yOfRow(next - 1) + yOfRow(next)) / 2;
  };
  return { lanes, rows, lineOf, yOf };
}

function addTall(
  tall: InView<Tall>,
  pane: number,
  { model, spans }: PaneInput,
  { lanes, rows, lineOf, yOf }: Pane,
  scale: Scale,
): void {
  for (const span of spans) {
    const x = lanes.xOf.get(span.lane);
    if (x === undefined) continue;
    const y1 = yOf(span.from);
    const y2 = span.to >= model.trace.length ? scale.height : Math.max(y1 + 8, yOf(span.to));
    tall.add({ kind: 'span', pane, span, x, y1, y2 }, y1, y2);
  }
  for (const [i, { marks }] of rows.entries()) {
    for (const mark of marks) {
      if (mark.kind !== 'sent') continue;
      const y = scale.ys[lineOf[i] ?? 0] ?? 0;
      for (const arrow of arrowsOf(model, mark, y, yOf)) tall.add({ ...arrow, pane }, arrow.y1, arrow.y2);
    }
  }
}
