// `npm run sweep -- 20000`: runs the scenarios of all examples over many seeds, and counts what came of it.
// No repaired system may fail, no repeated run may differ, no host may leave the simulation.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { simulate } from '../../src/index.ts';
import type { Scenario } from '../../src/index.ts';
import { root } from '../runner.ts';

/** One run in this many is made twice. */
const REPEAT_EVERY = 20;
const PROGRESS_MS = 10_000;

/** What the runs of one scenario came to. */
interface Tally {
  readonly scenario: Scenario;
  readonly file: string;
  runs: number;
  failures: number;
  unsurvivable: number;
  repeated: number;
  divergences: number;
  escapes: number;
  /** The first seed that failed, and why. */
  first: string;
  readonly reached: Map<string, number>;
  ms: number;
}

const struck = new Map<string, number>();

function add(counts: Map<string, number>, name: string, times: number): void {
  counts.set(name, (counts.get(name) ?? 0) + times);
}

/** The scenario files of all examples. What is called repaired has to hold. */
function scenarioFiles(): string[] {
  const examples = join(root, 'examples');
  const files = readdirSync(examples, { recursive: true, encoding: 'utf8' });
  return files.filter((file) => file.endsWith('.sim.ts') && !file.includes('node_modules')).toSorted();
}

async function load(file: string): Promise<Tally> {
  const url = pathToFileURL(join(root, 'examples', file)).href;
  const { default: scenario } = (await import(url)) as { default: Scenario };
  const counts = { runs: 0, failures: 0, unsurvivable: 0, repeated: 0, divergences: 0, escapes: 0 };
  return { scenario, file, ...counts, first: '', reached: new Map(), ms: 0 };
}

async function runSeed(tally: Tally, seed: number): Promise<void> {
  const beganMs = performance.now();
  const result = await simulate(tally.scenario, { seed });
  tally.ms += performance.now() - beganMs;
  tally.runs++;
  for (const { kind } of result.ledger) add(struck, kind, 1);
  for (const [name, times] of Object.entries(result.reached)) add(tally.reached, name, times);
  if (result.violations.some(({ code }) => code === 'WT_ESCAPE')) tally.escapes++;
  if (result.verdict === 'unsurvivable') tally.unsurvivable++;
  if (result.verdict === 'illegal') {
    if (tally.failures++ === 0) tally.first = `seed ${seed}: ${result.violations[0]?.message.split('\n')[0]}`;
  }
  if (seed % REPEAT_EVERY !== 1) return;
  tally.repeated++;
  const again = await simulate(tally.scenario, { seed });
  if (again.hash === result.hash) return;
  if (tally.divergences++ === 0) tally.first = `seed ${seed} diverged: ${result.hash}, then ${again.hash}`;
}

function isRepaired({ scenario, file }: Tally): boolean {
  return scenario.name.includes('repaired') || file.includes('repaired');
}

/** What must not be, in words. */
function complaints(tally: Tally): string[] {
  const { scenario, failures, divergences, escapes, first } = tally;
  return [
    ...(isRepaired(tally) && failures > 0 ? [`${scenario.name} failed ${failures} times: ${first}`] : []),
    ...(divergences > 0 ? [`${scenario.name} diverged ${divergences} times: ${first}`] : []),
    ...(escapes > 0 ? [`${scenario.name} left the simulation ${escapes} times`] : []),
  ];
}

function table(rows: readonly (readonly (string | number)[])[]): string {
  const cells = rows.map((row) => row.map(String));
  const widths = (cells[0] ?? []).map((_, i) => Math.max(...cells.map((row) => row[i]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  ');
  return cells.map(line).join('\n');
}

function report(tallies: readonly Tally[]): void {
  const head = ['scenario', 'runs', 'failed', 'unsurvivable', 'repeated', 'diverged', 'escaped', 'ms/run'];
  const rows = tallies.map((tally) => [
    tally.scenario.name,
    tally.runs,
    tally.failures,
    tally.unsurvivable,
    tally.repeated,
    tally.divergences,
    tally.escapes,
    (tally.ms / tally.runs).toFixed(1),
  ]);
  const runs = tallies.reduce((sum, tally) => sum + tally.runs, 0);
  process.stdout.write(`${table([head, ...rows])}\n\n${runs} runs. What struck:\n\n`);
  const counts = [...struck].toSorted(([, left], [, right]) => right - left);
  process.stdout.write(`${table(counts)}\n`);
  for (const tally of tallies) {
    const never = [...tally.scenario.sometimes.keys()].filter((name) => !tally.reached.has(name));
    if (never.length > 0)
      process.stdout.write(`\n${tally.scenario.name} never reached: ${never.join(', ')}\n`);
  }
}

async function main(): Promise<void> {
  const total = Number(process.argv[2] ?? 2_000);
  const only = process.argv[3] ?? '';
  const tallies = await Promise.all(
    scenarioFiles()
      .filter((file) => file.includes(only))
      .map(load),
  );
  if (tallies.length === 0) throw new Error(`No file below examples/ has "${only}" in its path.`);
  const each = Math.ceil(total / tallies.length);
  let toldMs = performance.now();
  for (const tally of tallies) {
    for (let seed = 1; seed <= each; seed++) {
      await runSeed(tally, seed);
      if (performance.now() - toldMs < PROGRESS_MS) continue;
      toldMs = performance.now();
      process.stderr.write(`${tally.scenario.name}: ${seed} of ${each}\n`);
    }
  }
  report(tallies);
  const wrong = tallies.flatMap(complaints);
  for (const complaint of wrong) process.stderr.write(`\nWRONG: ${complaint}\n`);
  process.exitCode = wrong.length === 0 ? 0 : 1;
}

await main();
