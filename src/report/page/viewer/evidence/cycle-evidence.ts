// A cycle of transactions as a graph: each needs the next to come before it, all around.

import type { CycleEvidence } from '../../../../history/evidence.ts';
import { element, svgElement, type Child } from '../element.ts';
import { durationText } from '../numbers.ts';
import { clipped, type EvidenceContext } from './context.ts';

const BOX = { width: 190, height: 44 };
/** Around the boxes, for arrows that bend outwards. */
const AIR = 48;
const MEANINGS: Readonly<Record<CycleEvidence['edges'][number]['dependency'], string>> = {
  ww: 'overwritten by',
  wr: 'was read by',
  rw: 'read before',
  realtime: 'ended before',
  process: 'same client',
};

interface Spot {
  readonly x: number;
  readonly y: number;
}

/** Draws the evidence, and says it in words. */
export function cycleEvidence(evidence: CycleEvidence, context: EvidenceContext): readonly Child[] {
  const { anomaly, transactions, edges } = evidence;
  return [
    element(
      'p',
      { class: 'note' },
      edges.length === 0
        ? `The anomaly is ${anomaly}.`
        : `The anomaly is ${anomaly}. An arrow says which transaction must have come before which; ` +
            'around a cycle, each came before itself.',
    ),
    edges.length > 0 && graph(evidence),
    element('h3', {}, 'Transactions'),
    element(
      'ol',
      { class: 'transactions' },
      ...transactions.map(({ operation, text }, i) => {
        const known = context.operation(operation);
        return element(
          'li',
          {},
          element('strong', {}, nameOf(i)),
          ' ',
          element('bdi', { class: 'mono' }, text),
          known !== undefined &&
            element(
              'span',
              { class: 'where' },
              ' by ',
              element('bdi', {}, known.client),
              ` at ${durationText(known.invokedMs)}`,
            ),
          ' ',
          context.stepLink(operation),
        );
      }),
    ),
    edges.length > 0 && edgeList(evidence),
  ];
}

function nameOf(place: number): string {
  return `T${place + 1}`;
}

function edgeList({ edges }: CycleEvidence): HTMLElement {
  return element(
    'ul',
    { class: 'edges' },
    ...edges.map(({ from, to, dependency, text }) =>
      element(
        'li',
        {},
        element('strong', {}, `${nameOf(from)} → ${nameOf(to)}`),
        ' ',
        element('span', { class: `tag tag-${dependency}` }, dependency),
        ' ',
        element('bdi', {}, text),
      ),
    ),
  );
}

function graph({ anomaly, transactions, edges }: CycleEvidence): HTMLElement {
  const spots = transactions.map((_, i) => spotOf(i, transactions.length));
  const size = {
    width: 2 * Math.max(...spots.map(({ x }) => Math.abs(x))) + BOX.width + 2 * AIR,
    height: heightOf(spots) + BOX.height + 2 * AIR,
  };
  const top = Math.min(...spots.map(({ y }) => y)) - BOX.height / 2 - AIR;
  const words = edges.map(({ from, to, dependency }) => `${nameOf(from)} ${dependency} ${nameOf(to)}`);
  return element(
    'div',
    { class: 'picture-frame', tabindex: 0, role: 'group', 'aria-label': 'The cycle' },
    svgElement(
      'svg',
      {
        ...size,
        viewBox: `${-size.width / 2} ${top} ${size.width} ${size.height}`,
        role: 'img',
        'aria-label': `${anomaly}: ${words.join(', ')}`,
      },
      ...edges.map((edge, i) => edgeMark(edge, spots, bendOf(edges, i))),
      ...transactions.map(({ text }, i) => boxMark(spots[i] ?? { x: 0, y: 0 }, nameOf(i), text)),
    ),
  );
}

/** Around an ellipse about the origin, clockwise, the first at the left or at the top. */
function spotOf(place: number, count: number): Spot {
  const isPair = count < 3;
  const angle = (place / count) * 2 * Math.PI + (isPair ? Math.PI : -Math.PI / 2);
  return {
    x: (isPair ? 220 : 250) * Math.cos(angle),
    y: (isPair ? 0 : 55 + 22 * count) * Math.sin(angle),
  };
}

function heightOf(spots: readonly Spot[]): number {
  const ys = spots.map(({ y }) => y);
  return Math.max(...ys) - Math.min(...ys);
}

/** Several edges between the same two are bent apart, each to its own left. */
function bendOf(edges: CycleEvidence['edges'], place: number): number {
  const edge = edges[place];
  const before = edges.slice(0, place).filter(({ from, to }) => from === edge?.from && to === edge.to);
  return 62 + before.length * 44;
}

function edgeMark(
  { from, to, dependency, text }: CycleEvidence['edges'][number],
  spots: readonly Spot[],
  bend: number,
): SVGElement | undefined {
  const [start, end] = [spots[from], spots[to]];
  if (start === undefined || end === undefined) return undefined;
  const [dx, dy] = [end.x - start.x, end.y - start.y];
  const length = Math.hypot(dx, dy) || 1;
  const middle = {
    x: (start.x + end.x) / 2 + (dy / length) * bend,
    y: (start.y + end.y) / 2 - (dx / length) * bend,
  };
  const [tail, tip] = [borderOf(start, middle), borderOf(end, middle)];
  const label = { x: (tail.x + 2 * middle.x + tip.x) / 4, y: (tail.y + 2 * middle.y + tip.y) / 4 };
  const angle = (Math.atan2(tip.y - middle.y, tip.x - middle.x) * 180) / Math.PI;
  const words = `${dependency}: ${MEANINGS[dependency]}`;
  const width = words.length * 6.4 + 16;
  return svgElement(
    'g',
    { class: `edge edge-${dependency}` },
    svgElement('title', {}, text),
    svgElement('path', {
      class: 'edge-line',
      d: `M${tail.x},${tail.y} Q${middle.x},${middle.y} ${tip.x},${tip.y}`,
    }),
    svgElement('path', {
      class: 'edge-tip',
      d: 'M0,0 L-11,-5 L-11,5 Z',
      transform: `translate(${tip.x} ${tip.y}) rotate(${angle})`,
    }),
    svgElement('rect', {
      class: 'edge-label',
      x: label.x - width / 2,
      y: label.y - 12,
      width,
      height: 24,
      rx: 12,
    }),
    svgElement('text', { x: label.x, y: label.y + 4, 'text-anchor': 'middle' }, words),
  );
}

/** Where a line from the middle of a box towards a place leaves the box, with a little air. */
function borderOf(box: Spot, towards: Spot): Spot {
  const [dx, dy] = [towards.x - box.x, towards.y - box.y];
  const share = Math.min(
    (BOX.width / 2 + 4) / Math.max(Math.abs(dx), 1e-6),
    (BOX.height / 2 + 4) / Math.max(Math.abs(dy), 1e-6),
  );
  return { x: box.x + dx * share, y: box.y + dy * share };
}

function boxMark({ x, y }: Spot, name: string, text: string): SVGElement {
  return svgElement(
    'g',
    { class: 'transaction' },
    svgElement('title', {}, `${name}: ${text}`),
    svgElement('rect', { x: x - BOX.width / 2, y: y - BOX.height / 2, ...BOX, rx: 7 }),
    svgElement('text', { class: 'transaction-name', x: x - BOX.width / 2 + 12, y: y + 4 }, name),
    svgElement('text', { x: x - BOX.width / 2 + 38, y: y + 4 }, clipped(text, BOX.width - 48)),
  );
}
