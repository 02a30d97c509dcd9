// How long requests took, route by route: percentiles, errors, and a small picture of the distribution.

import type { RouteStatistics } from '../../../document.ts';
import { element, svgElement, type Child } from '../element.ts';
import { durationText, numberText, shareText } from '../numbers.ts';
import { tableOf } from './chart.ts';

const WIDTH = 132;
const HEIGHT = 28;
/** Latencies below it are drawn at the left edge: they grow by factors, not by steps. */
const LOWEST_MS = 0.1;

/** A table of routes, the slowest first. */
export function routesTable(routes: readonly RouteStatistics[]): HTMLElement {
  const slowest = routes.toSorted((a, b) => b.p99Ms - a.p99Ms || b.requests - a.requests);
  const highest = Math.max(LOWEST_MS * 10, ...routes.map(({ maxMs }) => maxMs));
  return tableOf({
    caption: 'Virtual latency of requests by route',
    head: ['Route', 'Requests', 'Errors', 'p50', 'p95', 'p99', 'max', 'Distribution'],
    rows: slowest.map((route) => rowOf(route, highest)),
  });
}

function rowOf(route: RouteStatistics, highest: number): readonly Child[] {
  const { requests, errors, p50Ms, p95Ms, p99Ms, maxMs } = route;
  const share = shareText(errors, requests);
  return [
    element(
      'span',
      {},
      element('bdi', { class: 'mono' }, route.route),
      ' ',
      element('bdi', { class: 'where' }, route.host),
    ),
    numberText(requests),
    errors === 0 ? element('span', { class: 'where' }, '0') : element('span', { class: 'bad' }, share),
    durationText(p50Ms),
    durationText(p95Ms),
    durationText(p99Ms),
    durationText(maxMs),
    histogram(route, highest),
  ];
}

/** Bars over a logarithmic scale that all routes share, with marks at p50 and p99. */
function histogram({ route, histogram: bins, p50Ms, p99Ms }: RouteStatistics, highest: number): SVGElement {
  const x = (ms: number): number => {
    const place = Math.log(Math.max(ms, LOWEST_MS) / LOWEST_MS) / Math.log(highest / LOWEST_MS);
    return Math.round(Math.min(1, place) * (WIDTH - 2) * 10) / 10 + 1;
  };
  const most = Math.max(1, ...bins.map(({ count }) => count));
  const bars = bins.map(({ upToMs, count }, i) => {
    const left = x(bins[i - 1]?.upToMs ?? LOWEST_MS);
    const height = count === 0 ? 0 : Math.max(1.5, (count / most) * (HEIGHT - 6));
    const width = Math.max(1.5, x(upToMs) - left - 0.5);
    return svgElement('rect', { class: 'bin', x: left, y: HEIGHT - 4 - height, width, height });
  });
  const mark = (ms: number, name: string): SVGElement =>
    svgElement('line', { class: `mark mark-${name}`, x1: x(ms), x2: x(ms), y1: HEIGHT - 4, y2: HEIGHT });
  const words = bins
    .filter(({ count }) => count > 0)
    .map(({ upToMs, count }) => `${numberText(count)} up to ${durationText(upToMs)}`)
    .join(', ');
  return svgElement(
    'svg',
    {
      class: 'histogram',
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      role: 'img',
      'aria-label': `${route}: ${words || 'no requests'}`,
    },
    svgElement('line', { class: 'axis', x1: 1, x2: WIDTH - 1, y1: HEIGHT - 4, y2: HEIGHT - 4 }),
    ...bars,
    mark(p50Ms, 'p50'),
    mark(p99Ms, 'p99'),
  );
}
