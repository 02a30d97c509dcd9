// The trace hashes of three scenarios under fifty seeds each, and the file in which they are committed.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { simulate, type Scenario } from '../../src/index.ts';
import { gossipScenario } from './gossip-scenario.ts';
import { parcelsScenario } from './parcels-scenario.ts';
import { stormScenario } from './storm-scenario.ts';

/** The scenarios, by name. */
export const scenarios: readonly Scenario[] = [stormScenario, gossipScenario, parcelsScenario].map(
  // Each run generates its own workload.
  (scenario) => scenario as unknown as Scenario,
);

/** The seeds of each scenario. */
export const seeds: readonly number[] = Array.from({ length: 50 }, (_, i) => (i < 48 ? i + 1 : 2 ** 32 - i));

/** Where the hashes are committed. */
export const hashesFile: string = fileURLToPath(new URL('hashes.json', import.meta.url));

/** What to run after a change that makes other runs on purpose. */
export const UPDATE_COMMAND =
  'node --conditions=wavetank-source --import tsx test/determinism/update-hashes.ts';

/** Hashes of one scenario, in the order of `seeds`. */
export async function hashesOf(scenario: Scenario): Promise<string[]> {
  const hashes: string[] = [];
  for (const seed of seeds) hashes.push((await simulate(scenario, { seed })).hash);
  return hashes;
}

/** Hashes of all scenarios, by name. */
export async function allHashes(): Promise<Record<string, string[]>> {
  const all: Record<string, string[]> = {};
  for (const scenario of scenarios) all[scenario.name] = await hashesOf(scenario);
  return all;
}

/** What is committed. */
export function committedHashes(): Record<string, string[]> {
  return JSON.parse(readFileSync(hashesFile, 'utf8')) as Record<string, string[]>;
}
