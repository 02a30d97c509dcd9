// The discovery curve: after how many runs how many distinct behaviours had been seen. Flat at its end means
// that more runs like these would show little.

import type { Statistics } from '../../../document.ts';
import { svgElement, type Child } from '../element.ts';
import { countOf, numberText } from '../numbers.ts';
import { chartOf, scaleOf, ticksTo } from './chart.ts';

type Discovery = Statistics['discovery'];

const SIZE = { width: 480, height: 200 };
const FRAME = { left: 44, right: 12, top: 10, bottom: 28 };
const ROWS_MAX = 40;

/** Draws the curve; nothing where nothing was counted. */
export function discoveryChart(discovery: Discovery): HTMLElement | undefined {
  const last = discovery.at(-1);
  if (last === undefined) return undefined;
  const x = scaleOf([0, last.runs], [FRAME.left, SIZE.width - FRAME.right]);
  const y = scaleOf([0, last.behaviours], [SIZE.height - FRAME.bottom, FRAME.top]);
  const points = [{ runs: 0, behaviours: 0 }, ...discovery]
    .map(({ runs, behaviours }) => `${round(x(runs))},${round(y(behaviours))}`)
    .join(' ');
  const floor = SIZE.height - FRAME.bottom;
  return chartOf(
    SIZE,
    summaryOf(discovery, last),
    {
      caption: 'Distinct behaviours by runs',
      head: ['Runs', 'Behaviours'],
      rows: sampled(discovery).map(({ runs, behaviours }) => [numberText(runs), numberText(behaviours)]),
    },
    ...axes(last, x, y),
    svgElement('polygon', {
      class: 'area',
      points: `${x(0)},${floor} ${points} ${round(x(last.runs))},${floor}`,
    }),
    svgElement('polyline', { class: 'curve', points }),
    svgElement('circle', { class: 'curve-end', cx: x(last.runs), cy: y(last.behaviours), r: 3.5 }),
  );
}

function summaryOf(discovery: Discovery, last: Discovery[number]): string {
  const behaviours = `${countOf(last.behaviours, 'behaviour')} in ${countOf(last.runs, 'run')}`;
  const reached = discovery.find((point) => point.behaviours === last.behaviours);
  if (reached === undefined || reached.runs === last.runs) return `${behaviours}; the last was new as well.`;
  return `${behaviours}; none was new after run ${numberText(reached.runs)}.`;
}

function axes(
  last: Discovery[number],
  x: (value: number) => number,
  y: (value: number) => number,
): readonly Child[] {
  const floor = SIZE.height - FRAME.bottom;
  return [
    ...ticksTo(last.behaviours, 4).flatMap((value) => [
      svgElement('line', {
        class: value === 0 ? 'axis' : 'grid',
        x1: FRAME.left,
        x2: SIZE.width - FRAME.right,
        y1: y(value),
        y2: y(value),
      }),
      svgElement(
        'text',
        { class: 'tick', x: FRAME.left - 8, y: y(value) + 4, 'text-anchor': 'end' },
        short(value),
      ),
    ]),
    ...ticksTo(last.runs, 5).map((value) =>
      svgElement(
        'text',
        { class: 'tick', x: x(value), y: floor + 18, 'text-anchor': 'middle' },
        short(value),
      ),
    ),
  ];
}

/** At most so many points, the first and the last among them. */
function sampled(discovery: Discovery): Discovery {
  const every = Math.ceil(discovery.length / ROWS_MAX);
  return discovery.filter((_, i) => i % every === 0 || i === discovery.length - 1);
}

function short(value: number): string {
  return value >= 1e6 ? `${numberText(value / 1e6)}M` : numberText(value);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
