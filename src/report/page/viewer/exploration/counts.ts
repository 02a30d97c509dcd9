// Counts by name: faults that struck, hosts that crashed, markers that were reached, checks that could not
// tell.

import { element, type Child } from '../element.ts';
import { numberText } from '../numbers.ts';
import { meter, tableOf } from './chart.ts';

type Counts = Readonly<Record<string, number>>;

/** What the rows are, and how they look. */
export interface CountsOptions {
  readonly caption: string;
  readonly noun: string;
  readonly kind: 'plain' | 'warn' | 'fault';
  /** What stands at a count of 0 in place of a bar; such rows come first. */
  readonly zero: string;
  /** What a full bar stands for. Default: the largest count. */
  readonly whole?: number;
}

/** A bar for each name, the largest first; those of zero before all, for they are what a reader looks for. */
export function countsTable(
  counts: Counts,
  { caption, noun, kind, zero, whole }: CountsOptions,
): HTMLElement {
  const entries = Object.entries(counts).toSorted(
    ([, a], [, b]) => Number(b === 0) - Number(a === 0) || b - a,
  );
  const most = whole ?? Math.max(1, ...entries.map(([, count]) => count));
  return tableOf({
    caption,
    head: [noun, 'Count', ''],
    rows: entries.map(([name, count]): readonly Child[] => [
      element('bdi', {}, name),
      count === 0 ? element('span', { class: 'zero' }, '0') : numberText(count),
      count === 0 ? element('span', { class: 'badge' }, zero) : meter(count / most, kind),
    ]),
  });
}
