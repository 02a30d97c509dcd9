// What the small charts share: scales, round ticks, and a picture with a table of the same numbers beside it.

import { element, svgElement, type Child } from '../element.ts';

/** A linear scale from values to places. */
export function scaleOf(
  [low, high]: readonly [number, number],
  [from, to]: readonly [number, number],
): (value: number) => number {
  const span = high - low;
  return (value) => (span === 0 ? from : from + ((value - low) / span) * (to - from));
}

/** Up to `count` round values from 0 to `high`, whole ones only. */
export function ticksTo(high: number, count: number): number[] {
  if (!(high > 0) || !Number.isFinite(high)) return [0];
  const rough = high / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power);
  const ticks: number[] = [];
  for (let value = 0; value <= high; value += step) ticks.push(value);
  return ticks;
}

/** The numbers of a chart, for those who do not see it. */
export interface TableOptions {
  readonly caption: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly Child[])[];
}

/** A table; the first cell of a row is its heading, the others are numbers. */
export function tableOf({ caption, head, rows }: TableOptions): HTMLElement {
  const row = (cells: readonly Child[]): HTMLElement =>
    element(
      'tr',
      {},
      ...cells.map((cell, i) =>
        i === 0 ? element('th', { scope: 'row' }, cell) : element('td', { class: 'number' }, cell),
      ),
    );
  const heads = head.map((name, i) => element('th', { scope: 'col', class: i > 0 && 'number' }, name));
  // A wide table scrolls by itself, so that the page does not; it can have the focus, to be scrolled by keys.
  return element(
    'div',
    { class: 'table-frame', tabindex: 0, role: 'group', 'aria-label': caption },
    element(
      'table',
      {},
      element('caption', { class: 'unseen' }, caption),
      element('thead', {}, element('tr', {}, ...heads)),
      element('tbody', {}, ...rows.map(row)),
    ),
  );
}

/** A picture with its summary in words, and the same numbers as a table behind a switch. */
export function chartOf(
  size: { readonly width: number; readonly height: number },
  summary: string,
  table: TableOptions,
  ...marks: readonly Child[]
): HTMLElement {
  const { width, height } = size;
  return element(
    'figure',
    { class: 'chart' },
    svgElement('svg', { viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': summary }, ...marks),
    element('figcaption', {}, summary),
    element('details', {}, element('summary', {}, 'The numbers'), tableOf(table)),
  );
}

/** A bar that shows a part of a whole, from 0 to 1, in a line of text. */
export function meter(share: number, kind: 'plain' | 'bad' | 'warn' | 'fault' = 'plain'): SVGElement {
  const width = Number.isFinite(share) ? Math.min(1, Math.max(0, share)) * 100 : 0;
  return svgElement(
    'svg',
    {
      class: `meter meter-${kind}`,
      viewBox: '0 0 100 10',
      preserveAspectRatio: 'none',
      'aria-hidden': 'true',
    },
    svgElement('rect', { class: 'meter-track', width: 100, height: 10 }),
    width > 0 && svgElement('rect', { class: 'meter-bar', width: Math.max(width, 1), height: 10 }),
  );
}

/** A part of the exploration with a heading. */
export function card(title: string, note: string | undefined, ...children: readonly Child[]): HTMLElement {
  return element(
    'section',
    { class: 'card' },
    element('h3', {}, title),
    note !== undefined && element('p', { class: 'note' }, note),
    ...children,
  );
}
