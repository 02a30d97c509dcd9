// How many counterexamples are kept beside a scenario file. What they are is read by who replays them.

import { readFile } from 'node:fs/promises';

/** Where the counterexamples of a scenario file are kept: `shop.sim.ts` has `shop.sim.regressions.json`. */
export function regressionsFileOf(file: string): string {
  return file.replace(/\.[cm]?[jt]s$/, '.regressions.json');
}

/** Counts those of a scenario; undefined where there is no file, or it says nothing that can be counted. */
export async function countKept(file: string, scenario: string): Promise<number | undefined> {
  try {
    const found: unknown = JSON.parse(await readFile(regressionsFileOf(file), 'utf8'));
    const lists = Array.isArray(found) ? [found] : Object.values(found as object);
    const entries = (lists.find((each) => Array.isArray(each)) ?? []) as { scenario?: unknown }[];
    return entries.filter((entry) => entry?.scenario === undefined || entry.scenario === scenario).length;
  } catch {
    return undefined;
  }
}
