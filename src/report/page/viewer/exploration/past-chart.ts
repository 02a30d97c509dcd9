// Flakiness: how many runs of each of the last explorations of a scenario failed.

import type { Statistics } from '../../../document.ts';
import { svgElement } from '../element.ts';
import { countOf, numberText, shareText } from '../numbers.ts';
import { chartOf } from './chart.ts';

type Past = NonNullable<Statistics['past']>;

const SIZE = { width: 480, height: 110 };
const FLOOR = 92;
const SHOWN_MAX = 60;

/** A column for each exploration, oldest first: as high as the share of its runs that failed. */
export function pastChart(past: Past): HTMLElement {
  const shown = past.slice(-SHOWN_MAX);
  const failed = shown.filter(({ failures }) => failures > 0).length;
  const highest = Math.max(...shown.map(shareOf), 1e-9);
  const pitch = Math.min(24, (SIZE.width - 8) / shown.length);
  const columns = shown.map((exploration, i) => {
    const isFailed = exploration.failures > 0;
    const height = isFailed ? Math.max(6, (shareOf(exploration) / highest) * (FLOOR - 8)) : 4;
    return svgElement('rect', {
      class: isFailed ? 'column column-failed' : 'column',
      x: 4 + i * pitch,
      y: FLOOR - height,
      width: Math.max(1, pitch - 3),
      height,
      rx: 1.5,
    });
  });
  return chartOf(
    SIZE,
    failed === 0
      ? `None of the last ${countOf(shown.length, 'exploration')} failed.`
      : `${numberText(failed)} of the last ${countOf(shown.length, 'exploration')} failed.`,
    {
      caption: 'The last explorations, oldest first',
      head: ['When', 'Runs', 'Failed', 'Share'],
      rows: shown.map(({ at, runs, failures }) => [
        at,
        numberText(runs),
        numberText(failures),
        shareText(failures, runs),
      ]),
    },
    svgElement('line', { class: 'axis', x1: 4, x2: SIZE.width - 4, y1: FLOOR, y2: FLOOR }),
    ...columns,
    svgElement('text', { class: 'tick', x: 4, y: FLOOR + 15 }, 'older'),
    svgElement(
      'text',
      { class: 'tick', x: 4 + shown.length * pitch, y: FLOOR + 15, 'text-anchor': 'end' },
      shown.length > 4 && 'now',
    ),
  );
}

function shareOf({ runs, failures }: Past[number]): number {
  return runs === 0 ? 0 : failures / runs;
}
