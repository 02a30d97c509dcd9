// An order of operations that goes so far and no further, as a picture: operations over time as bars, the
// points where they could take effect with the state that they leave, and the one that fits nowhere, in red.

import type { OrderEvidence } from '../../../../history/evidence.ts';
import { element, svgElement, type Child } from '../element.ts';
import { countOf, durationText } from '../numbers.ts';
import { layOut, type Bar, type OrderLayout, type Point } from './order-layout.ts';
import { clipped, type EvidenceContext } from './context.ts';

const LABEL = 132;
const PITCH = 40;
const PITCH_MAX = 90;
const LANE = 46;
const BAR = 26;
const TOP = 10;
const WIDTH = 1040;

/** Draws the evidence, and says it in words. */
export function orderEvidence(evidence: OrderEvidence, context: EvidenceContext): readonly Child[] {
  const layout = layOut(evidence, context.history);
  const culprit = context.operation(evidence.culprit.operation);
  return [
    element(
      'p',
      { class: 'note' },
      `It should have been ${evidence.promise}: each operation takes effect at one moment between its ` +
        'beginning and its end. The numbers are an order that explains as much as any can; the one in red ' +
        'could be at no place in it. Time is not to scale.',
    ),
    picture(evidence, layout),
    orderTable(evidence, context),
    element(
      'p',
      { class: 'culprit' },
      'Then nothing fits: ',
      element('strong', {}, element('bdi', {}, evidence.culprit.text)),
      culprit !== undefined &&
        element('span', { class: 'where' }, ` by `, element('bdi', {}, culprit.client)),
      ' ',
      context.stepLink(evidence.culprit.operation),
    ),
    openList(evidence, context),
  ];
}

function picture(evidence: OrderEvidence, layout: OrderLayout): HTMLElement {
  const pitch = Math.min(PITCH_MAX, Math.max(PITCH, (WIDTH - LABEL) / (layout.columns.length + 1)));
  const x = (column: number): number => LABEL + (column + 0.6) * pitch;
  const floor = TOP + layout.lanes.length * LANE;
  const width = x(layout.columns.length) + pitch * 0.4;
  const height = floor + 74;
  const summary =
    `${countOf(evidence.prefix.length, 'operation')} in an order that explains them, ` +
    `then ${evidence.culprit.text}, which no order explains.`;
  const marks: Child[] = [
    ...laneMarks(layout, width),
    ...stateMarks(layout, x, floor),
    svgElement('line', { class: 'stuck', x1: x(layout.stuck), x2: x(layout.stuck), y1: TOP, y2: floor + 30 }),
    ...layout.bars.map((bar) => barMark(bar, x)),
    orderLine(layout, x),
    ...layout.points.map((point) => pointMark(point, x)),
    ...timeMarks(layout, x, floor + 60, pitch),
  ];
  return element(
    'div',
    { class: 'picture-frame', tabindex: 0, role: 'group', 'aria-label': 'Operations over time' },
    svgElement(
      'svg',
      { width, height, viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': summary },
      ...marks,
    ),
  );
}

function laneMiddle(lane: number): number {
  return TOP + lane * LANE + LANE / 2;
}

function laneMarks({ lanes }: OrderLayout, width: number): Child[] {
  return lanes.flatMap((client, lane) => [
    svgElement('line', { class: 'lane', x1: LABEL, x2: width, y1: laneMiddle(lane), y2: laneMiddle(lane) }),
    svgElement(
      'text',
      { class: 'lane-name', x: 0, y: laneMiddle(lane) + 4 },
      clipped(lanes[lane - 1] === client ? '' : client, LABEL - 12),
      svgElement('title', {}, client),
    ),
  ]);
}

function barMark(
  { operation, text, role, lane, from, to, isOpenEnded }: Bar,
  x: (column: number) => number,
): SVGElement {
  const [left, right, top] = [x(from), x(to), laneMiddle(lane) - BAR / 2];
  const outcome = isOpenEnded ? 'outcome unknown' : operation.type;
  return svgElement(
    'g',
    { class: `bar bar-${role}${isOpenEnded ? ' bar-open-ended' : ''}` },
    svgElement('title', {}, `${text} (${operation.client}, ${outcome})`),
    isOpenEnded
      ? svgElement('path', {
          d: `M${right},${top} H${left + 5} q-5,0 -5,5 v${BAR - 10} q0,5 5,5 H${right}`,
        })
      : svgElement('rect', { x: left, y: top, width: right - left, height: BAR, rx: 5 }),
    svgElement('text', { x: left + 8, y: top - 3 }, clipped(text, Math.max(right - left, 90))),
    role === 'culprit' && cross(right - 12, laneMiddle(lane)),
  );
}

function cross(x: number, y: number): SVGElement {
  return svgElement('path', { class: 'cross', d: `M${x - 5},${y - 5} l10,10 m0,-10 l-10,10` });
}

/** Leads from point to point. */
function orderLine({ points }: OrderLayout, x: (column: number) => number): SVGElement {
  return svgElement('polyline', {
    class: 'order-line',
    points: points.map(({ column, lane }) => `${x(column)},${laneMiddle(lane)}`).join(' '),
  });
}

function pointMark({ nth, text, state, column, lane }: Point, x: (column: number) => number): SVGElement {
  return svgElement(
    'g',
    { class: 'point' },
    svgElement('title', {}, `${nth}. ${text}: then ${state}`),
    svgElement('circle', { cx: x(column), cy: laneMiddle(lane), r: 9.5 }),
    svgElement('text', { x: x(column), y: laneMiddle(lane) + 4, 'text-anchor': 'middle' }, nth),
  );
}

/** The strip of states below the lanes: each from the point that leads to it on. */
function stateMarks({ points, stuck }: OrderLayout, x: (column: number) => number, floor: number): Child[] {
  const drops = points.map(({ column, lane }) =>
    svgElement('line', { class: 'drop', x1: x(column), x2: x(column), y1: laneMiddle(lane), y2: floor + 8 }),
  );
  const changes = points.filter(({ state }, i) => i === 0 || state !== points[i - 1]?.state);
  const states = changes.map(({ column, state }, i) => {
    const [left, right] = [x(column), x(changes[i + 1]?.column ?? stuck)];
    const width = Math.max(0, right - left - 2);
    return svgElement(
      'g',
      { class: 'state' },
      svgElement('title', {}, state),
      svgElement('rect', { x: left + 1, y: floor + 8, width, height: 24, rx: 3 }),
      svgElement('text', { x: left + 7, y: floor + 24 }, clipped(state, right - left - 10)),
    );
  });
  return [...drops, ...states];
}

function timeMarks(
  { columns }: OrderLayout,
  x: (column: number) => number,
  y: number,
  pitch: number,
): Child[] {
  const every = Math.ceil(72 / pitch);
  return columns.map(
    (ms, column) =>
      column % every === 0 &&
      svgElement('text', { class: 'tick', x: x(column), y, 'text-anchor': 'middle' }, durationText(ms)),
  );
}

function orderTable({ prefix }: OrderEvidence, context: EvidenceContext): HTMLElement {
  const rows = prefix.map(({ operation, text, state }) =>
    element(
      'li',
      {},
      element('bdi', {}, text),
      element(
        'span',
        { class: 'where' },
        ' by ',
        element('bdi', {}, context.operation(operation)?.client ?? '?'),
      ),
      ': then ',
      element('bdi', { class: 'state-text' }, state),
      ' ',
      context.stepLink(operation),
    ),
  );
  return element(
    'details',
    { class: 'order' },
    element('summary', {}, `The order in words: ${countOf(prefix.length, 'operation')}`),
    element('ol', {}, ...rows),
  );
}

function openList({ open, culprit }: OrderEvidence, context: EvidenceContext): Child {
  const others = open.filter(({ operation }) => operation !== culprit.operation);
  if (others.length === 0) return undefined;
  return element(
    'p',
    {},
    'Nor could any that was open then be the next: ',
    ...others.flatMap(({ operation, text }, i) => [
      i > 0 && ', ',
      element('bdi', {}, text),
      ' ',
      context.stepLink(operation),
    ]),
    '.',
  );
}
