// The statistics of an exploration in a few lines: the slowest routes, the service levels, how much is left
// to see.

import type { LevelStatistics, RouteStatistics, Statistics } from './document.ts';

const ROUTES_SHOWN_MAX = 5;
const ROUTE_WIDTH_MAX = 36;

/** Shows statistics, each line with its line break. No line is wider than 80 columns, but for levels. */
export function statisticsText(statistics: Statistics): string {
  const { routes, levels = [], discovery, chanceOfNew, drawnRuns } = statistics;
  const { runs = 0, behaviours = 0 } = discovery.at(-1) ?? {};
  const lines = [...routeLines(routes), ...levels.map(levelLine)];
  if (runs > 0 && chanceOfNew !== undefined) {
    const seen = behaviours === 1 ? '1 behaviour seen' : `${behaviours} behaviours seen`;
    const chance = `chance that another run shows a new one: ${(chanceOfNew * 100).toFixed(1)} %`;
    lines.push(drawnRuns === 0 ? `${seen}, in runs none of which was drawn` : `${seen}, ${chance}`);
    // Nothing to say where all were drawn, or none.
    if (drawnRuns !== undefined && drawnRuns > 0 && drawnRuns < runs)
      lines.push(`(counted over the ${drawnRuns} of ${runs} runs that were drawn, not chosen)`);
  }
  return lines.map((line) => `  ${line}\n`).join('');
}

function routeLines(routes: readonly RouteStatistics[]): string[] {
  const shown = routes.slice(0, ROUTES_SHOWN_MAX);
  if (shown.length === 0) return [];
  const names = shown.map(({ route, host }) => shortened(`${route} → ${host}`));
  const width = Math.max(...names.map((name) => name.length));
  const rest = routes.length - shown.length;
  const title = rest > 0 ? `slowest of ${routes.length} routes` : 'slowest routes';
  return [
    row(title, Math.max(width, title.length), ['requests', 'errors', 'p50 ms', 'p99 ms', 'max ms']),
    ...shown.map(({ requests, errors, p50Ms, p99Ms, maxMs }, i) => {
      const times = [p50Ms, p99Ms, maxMs].map((ms) => (ms < 1_000 ? ms.toFixed(1) : ms.toFixed(0)));
      const figures = [String(requests), String(errors), ...times];
      return row(names[i] ?? '', Math.max(width, title.length), figures);
    }),
  ];
}

function row(name: string, width: number, figures: readonly string[]): string {
  return `${name.padEnd(width)}${figures.map((figure) => figure.padStart(8)).join('')}`;
}

/** Names come from the system under test: control characters in them would reach the terminal. */
function shortened(name: string): string {
  const plain = name.replace(/\p{C}/gu, '?');
  return plain.length <= ROUTE_WIDTH_MAX ? plain : `${plain.slice(0, ROUTE_WIDTH_MAX - 3)}...`;
}

function levelLine({ title, verdict, samples, beyond, message }: LevelStatistics): string {
  const [why = ''] = message.split('\n');
  const tail = verdict === 'ok' ? `${beyond} of ${samples} beyond` : why;
  return `level ${verdict}: ${title}: ${tail}`;
}
