// Runs the benchmarks and prints a table. `npm run bench -- --json FILE` writes it as JSON too; other words
// pick benchmarks by name.

import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { Ratio } from './ratio.ts';

/** Each is loaded when its turn comes: what one imports is not to slow down another. */
const BENCHMARKS: Readonly<Record<string, () => Promise<Ratio | Ratio[]>>> = {
  engine: async () => (await import('./ping-pong.ts')).pingPongRatios(),
  fetch: async () => (await import('./fetch-round-trip.ts')).fetchRatio(),
  loopback: async () => (await import('./loopback.ts')).loopbackRatios(),
  layer: async () => (await import('./layer.ts')).layerRatio(),
  markers: async () => (await import('./markers.ts')).markerRatios(),
  runs: async () => (await import('./whole-runs.ts')).runsRatio(),
  memory: async () => (await import('./whole-runs.ts')).memoryRatio(),
  statistics: async () => (await import('./statistics.ts')).statisticsRatio(),
  workers: async () => (await import('./workers.ts')).workersRatio(),
  'cold-check': async () => (await import('./cold-check.ts')).coldCheckRatios(),
  checkers: async () => (await import('./checkers.ts')).checkerRatios(),
  tracing: async () => (await import('./tracing.ts')).tracingRatios(),
  page: async () => (await import('./report-page.ts')).reportPageRatio(),
  strategies: async () => (await import('./strategies.ts')).strategyRatios(),
};

const { values, positionals } = parseArgs({ options: { json: { type: 'string' } }, allowPositionals: true });
const unknown = positionals.filter((name) => !(name in BENCHMARKS));
if (unknown.length > 0)
  throw new Error(`Unknown benchmark ${unknown.join(', ')}. Known: ${Object.keys(BENCHMARKS).join(', ')}.`);

console.log(`Node.js ${process.version}, ${process.platform} ${process.arch}`);
const ratios: Ratio[] = [];
for (const [name, run] of Object.entries(BENCHMARKS)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  for (const ratio of [await run()].flat()) {
    ratios.push(ratio);
    const figures = `${figure(ratio.ours)} : ${figure(ratio.theirs)} ${ratio.unit}`;
    console.log(`${ratio.ratio.toFixed(2).padStart(8)}  ${figures}  ${ratio.name}`);
  }
}
if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(ratios, null, 2)}\n`);

function figure(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(2);
}
