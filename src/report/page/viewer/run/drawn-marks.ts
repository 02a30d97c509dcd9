// Draws the parts of the picture as SVG: dots and labels, arrows, bands, folds. What is drawn says which step
// it belongs to in `data-step` and `data-pane`; colours are left to run.css.

import { svgElement } from '../element.ts';
import { isStraight } from './arrows.ts';
import type { Arrow } from './arrows.ts';
import { duration, moment } from './event-text.ts';
import type { PlacedSpan } from './layout.ts';
import { VIOLATION_RATIO, widthOf } from './rows.ts';
import type { Lanes, Mark } from './rows.ts';
import type { Fold } from './scale.ts';
import { LINE_HEIGHT } from './scale.ts';
import { GUTTER } from './layout.ts';

/** To what something that is drawn belongs. */
export interface Belongs {
  readonly step: number;
  readonly pane: number;
  /** Further classes: what led to the step that is selected is `is-cause`. */
  readonly classes: string;
}

/** Draws a message on its way. */
export function drawnArrow(arrow: Arrow, { step, pane, classes }: Belongs): SVGElement {
  const { x1, x2, label, took, tone, end, isCopy } = arrow;
  const direction = x2 < x1 ? -1 : 1;
  const kind = `arrow tone-${tone} ends-${end}${isCopy ? ' is-copy' : ''} ${classes}`;
  const { path, tipX, tipY, angle } = pathOf(arrow, direction);
  const { x, y, slope } = labelPlace(arrow);
  const text =
    label !== '' &&
    svgElement(
      'text',
      {
        class: 'arrow-label',
        'text-anchor': 'middle',
        transform: `translate(${round(x)} ${round(y)}) rotate(${round(slope)}) translate(0 -5)`,
      },
      bdi(label),
      took !== '' && svgElement('tspan', { class: 'took' }, ` ${took}`),
    );
  return svgElement(
    'g',
    { class: kind, 'data-step': step, 'data-pane': pane },
    svgElement('path', { class: 'shaft', d: path }),
    tip(end, tipX, tipY, angle),
    text,
  );
}

/** On the leg that goes over, along it. */
function labelPlace(arrow: Arrow): { readonly x: number; readonly y: number; readonly slope: number } {
  const { x1, y1, x2, y2 } = arrow;
  if (x1 === x2) return { x: x1 + 62, y: (y1 + y2) / 2 + 9, slope: 0 };
  const down = isStraight(arrow) ? y2 - y1 : LINE_HEIGHT * 0.9;
  const slope = (Math.atan2(down, Math.abs(x2 - x1)) * 180) / Math.PI;
  return { x: (x1 + x2) / 2, y: y1 + down / 2, slope: x2 < x1 ? -slope : slope };
}

interface Drawn {
  readonly path: string;
  readonly tipX: number;
  readonly tipY: number;
  /** Where the tip points to, in degrees; 0 is to the right. */
  readonly angle: number;
}

function pathOf(arrow: Arrow, direction: number): Drawn {
  const { x1, y1, x2, y2, end, index } = arrow;
  if (x1 === x2) return ownPath(arrow);
  const startX = x1 + direction * 6;
  const toX = end === 'head' ? x2 - direction * 6 : x2;
  if (isStraight(arrow)) {
    const angle = (Math.atan2(y2 - y1, toX - startX) * 180) / Math.PI;
    return { path: `M${startX} ${y1}L${round(toX)} ${round(y2)}`, tipX: toX, tipY: y2, angle };
  }
  // Over at once, then down along the lane of its target until it arrives.
  const alongX = x2 - direction * (12 + (index % 3) * 4);
  const over = `M${startX} ${y1}L${alongX} ${round(y1 + LINE_HEIGHT * 0.9)}`;
  if (end !== 'head') return { path: `${over}V${round(y2)}`, tipX: alongX, tipY: y2, angle: 90 };
  const path = `${over}V${round(y2 - 8)}Q${alongX} ${round(y2)} ${toX} ${round(y2)}`;
  return { path, tipX: toX, tipY: y2, angle: direction === 1 ? 0 : 180 };
}

/** To itself, or the end of one that is drawn in two parts. */
function ownPath({ x1, y1, y2, label }: Arrow): Drawn {
  if (label === '') {
    return {
      path: `M${x1 - 10} ${round(y1)}V${round(y2 - 6)}L${x1 - 6} ${round(y2)}`,
      tipX: x1 - 5,
      tipY: y2,
      angle: 45,
    };
  }
  const path = `M${x1 + 6} ${y1}C${x1 + 70} ${y1} ${x1 + 70} ${round(y2)} ${x1 + 7} ${round(y2)}`;
  return { path, tipX: x1 + 6, tipY: y2, angle: 180 };
}

function tip(end: Arrow['end'], x: number, y: number, angle: number): SVGElement {
  const at = `translate(${round(x)} ${round(y)})`;
  switch (end) {
    case 'head':
      return svgElement('path', {
        class: 'head',
        d: 'M1 0L-8 -4V4Z',
        transform: `${at} rotate(${round(angle)})`,
      });
    case 'cross':
      return svgElement('path', { class: 'cross', d: 'M-5 -5L5 5M5 -5L-5 5', transform: at });
    case 'open':
      return svgElement('circle', { class: 'open', r: 2, transform: at });
    case 'wait':
      return svgElement('path', { class: 'cross', d: 'M-2 -5V5M3 -5V5', transform: at });
    default:
      return svgElement('path', { class: 'cross', d: 'M0 3V4M0 8V9M0 13V14', transform: at });
  }
}

const MARK_PATHS: Readonly<Record<string, string>> = {
  note: 'M-3 5V-5L5 -2.5L-3 0',
  fault: 'M1 -6L-4 1H-0.5L-1 6L4 -1H0.5Z',
  state: 'M-3.5 -3.5H3.5V3.5H-3.5Z',
  log: 'M-3 -3.5L1 0L-3 3.5',
  violation: 'M0 -8L8 0L0 8L-8 0Z',
};

/** Draws a dot on a lane with its label, or what concerns all lanes. */
export function drawnMark(mark: Mark, y: number, lanes: Lanes, { step, pane, classes }: Belongs): SVGElement {
  const { kind, tone, side, label } = mark;
  const isOnLane = mark.x !== undefined;
  const x = mark.x ?? (lanes.left + lanes.right) / 2;
  const sign = MARK_PATHS[kind];
  // Beside the dot, before the label.
  const signX = kind === 'violation' || !isOnLane ? x : x + side * 13;
  const labelX = isOnLane ? x + side * (sign === undefined ? 11 : kind === 'violation' ? 14 : 22) : x;
  const anchor = isOnLane ? (side === -1 ? 'end' : 'start') : 'middle';
  const attributes = { class: 'mark-label', x: labelX, y: y + 4, 'text-anchor': anchor };
  return svgElement(
    'g',
    { class: `mark mark-${kind} tone-${tone} ${classes}`, 'data-step': step, 'data-pane': pane },
    ...(!isOnLane || kind === 'violation' ? across(mark, y, lanes) : []),
    isOnLane && kind !== 'violation' && svgElement('circle', { class: 'dot', cx: x, cy: y, r: 4 }),
    isOnLane &&
      sign !== undefined &&
      svgElement('path', { class: 'sign', d: sign, transform: `translate(${signX} ${y})` }),
    label !== '' && kind !== 'sent' && svgElement('text', attributes, bdi(label)),
  );
}

/** A line over all lanes, but for its label. */
function across({ x, side, label }: Mark, y: number, { left, right }: Lanes): SVGElement[] {
  const width = widthOf(label) * VIOLATION_RATIO;
  const [from, to] =
    x === undefined
      ? [(left + right - width) / 2 - 8, (left + right + width) / 2 + 8]
      : side === 1
        ? [x - 8, x + width + 22]
        : [x - width - 22, x + 8];
  const line = (x1: number, x2: number): SVGElement =>
    svgElement('line', { class: 'across', x1, x2, y1: y, y2: y });
  return [...(from > left ? [line(left, from)] : []), ...(to < right ? [line(to, right)] : [])];
}

const SPAN_WIDTHS = { down: 22, paused: 22, fault: 16, operation: 8 } as const;

/** Draws what lasts: a band or a bar on a lane, of which only a stretch may be in view. */
export function drawnSpan({ span, x, y1, y2 }: PlacedSpan, fromY: number, toY: number): SVGElement {
  const { kind, text, outcome, column = 0 } = span;
  const top = Math.max(y1, fromY - 20);
  const bottom = Math.min(y2, toY + 20);
  const width = SPAN_WIDTHS[kind];
  const left = kind === 'operation' ? x - width / 2 - (column % 6) * (width + 2) : x - width / 2;
  return svgElement(
    'g',
    { class: `span span-${kind}${outcome === undefined ? '' : ` outcome-${outcome}`}` },
    svgElement('rect', {
      x: left,
      y: round(top),
      width,
      height: Math.max(0, round(bottom - top)),
      rx: kind === 'operation' ? 4 : 2,
    }),
    svgElement('title', {}, text),
  );
}

/** Draws a stretch of time that is folded. */
export function drawnFold(fold: Fold, place: number, width: number): SVGElement {
  const y = round(fold.y);
  if (fold.isSmall) {
    return svgElement(
      'g',
      { class: 'fold fold-small', 'data-fold': place },
      svgElement('rect', { x: GUTTER - 44, y: y - 8, width: 30, height: 16, rx: 8 }),
      svgElement('text', { x: GUTTER - 29, y: y + 3.5, 'text-anchor': 'middle' }, `+${fold.hidden}`),
      svgElement('title', {}, `${foldText(fold)}: show`),
    );
  }
  return svgElement(
    'g',
    { class: `fold${fold.hidden > 0 ? ' fold-hides' : ''}`, 'data-fold': place },
    svgElement('rect', { x: 0, y: y - 12, width, height: 24 }),
    svgElement('text', { x: GUTTER, y: y + 4 }, foldText(fold)),
    svgElement('title', {}, fold.hidden > 0 ? 'Show these events' : 'Show this time to scale'),
  );
}

/** What a fold holds, in words. */
export function foldText({ silenceUs, hidden }: Pick<Fold, 'silenceUs' | 'hidden'>): string {
  const time = silenceUs > 0 ? duration(silenceUs) : '';
  if (hidden === 0) return `${time} in which nothing happens`;
  const events = `${hidden.toLocaleString('en-US')} more event${hidden === 1 ? '' : 's'}`;
  return time === '' ? events : `${events} in ${time}`;
}

/** Draws the time of a line. */
export function drawnTime(atUs: number, y: number): SVGElement {
  return svgElement('text', { class: 'time', x: GUTTER - 16, y: y + 4, 'text-anchor': 'end' }, moment(atUs));
}

/** Text whose direction is its own. */
function bdi(text: string): SVGElement {
  return svgElement('tspan', { class: 'bdi' }, text);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
