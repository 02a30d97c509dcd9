// The hashes of the programs of this folder, and the file in which they are committed: one for each scenario
// and release of Node.js, over its first seeds.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { simulate, type Scenario } from '../../src/index.ts';

/** What is committed of one scenario. */
export interface CommittedHashes {
  /** By major version of Node.js. */
  readonly hashes: Readonly<Record<string, string>>;
  /** Where the versions differ: why. */
  readonly why?: string;
}

/** How many seeds, from 1 on, a committed hash is about. */
export const SEEDS_HASHED = 5;

/** This release of Node.js. */
export const major: string = process.versions.node.split('.')[0] ?? '';

/** Where the hashes are committed. */
export const hashesFile: string = fileURLToPath(new URL('hashes.json', import.meta.url));

/** What to run, with each release of Node.js, after a change that makes other runs on purpose. */
export const UPDATE_COMMAND = 'node --conditions=wavetank-source --import tsx test/packages/update-hashes.ts';

/** What is committed, by the name of the scenario. */
export function committedHashes(): Readonly<Record<string, CommittedHashes>> {
  return JSON.parse(readFileSync(hashesFile, 'utf8')) as Record<string, CommittedHashes>;
}

/** One hash of many: of the first seeds of a scenario. */
export function joinedHash(hashes: readonly string[]): string {
  return createHash('sha256').update(hashes.join()).digest('hex').slice(0, 16);
}

/** Makes the runs of the first seeds. */
export async function hashOf(scenario: Scenario): Promise<string> {
  const hashes: string[] = [];
  for (let seed = 1; seed <= SEEDS_HASHED; seed++) hashes.push((await simulate(scenario, { seed })).hash);
  return joinedHash(hashes);
}
