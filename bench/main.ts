// Runs the benchmarks and prints a table. `npm run bench -- --json FILE` writes it as JSON too; other words
// pick benchmarks by name.

import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { checkerRatios } from './checkers.ts';
import { coldCheckRatios } from './cold-check.ts';
import { fetchRatio } from './fetch-round-trip.ts';
import { layerRatio } from './layer.ts';
import { loopbackRatios } from './loopback.ts';
import { markerRatios } from './markers.ts';
import { pingPongRatios } from './ping-pong.ts';
import type { Ratio } from './ratio.ts';
import { statisticsRatio } from './statistics.ts';
import { strategyRatios } from './strategies.ts';
import { tracingRatios } from './tracing.ts';
import { reportPageRatio } from './report-page.ts';
import { workersRatio } from './workers.ts';
import { memoryRatio, runsRatio } from './whole-runs.ts';

const BENCHMARKS: Readonly<Record<string, () => Promise<Ratio | Ratio[]>>> = {
  engine: pingPongRatios,
  fetch: fetchRatio,
  loopback: loopbackRatios,
  layer: layerRatio,
  markers: async () => markerRatios(),
  runs: runsRatio,
  memory: memoryRatio,
  statistics: statisticsRatio,
  workers: workersRatio,
  'cold-check': coldCheckRatios,
  checkers: checkerRatios,
  tracing: tracingRatios,
  page: reportPageRatio,
  strategies: strategyRatios,
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
