// Writes the hashes of this checkout on this release of Node.js to hashes.json: to be run with each release,
// and its difference to be explained in the commit, after a change that makes other runs on purpose. With
// `--print` it writes the hashes of this release to its output instead.
//   node --conditions=wavetank-source --import tsx test/packages/update-hashes.ts

import { existsSync, writeFileSync } from 'node:fs';
import { committedHashes, hashesFile, hashOf, major, type CommittedHashes } from './hashes.ts';
import { scenarios } from './scenarios.ts';

const before = existsSync(hashesFile) ? committedHashes() : {};
const now: Record<string, string> = {};
for (const scenario of scenarios) now[scenario.name] = await hashOf(scenario);

if (process.argv.includes('--print')) process.stdout.write(`${JSON.stringify(now)}\n`);
else {
  const after: Record<string, CommittedHashes> = {};
  for (const [name, hash] of Object.entries(now)) {
    const hashes = { ...before[name]?.hashes, [major]: hash };
    const why = before[name]?.why ?? 'unknown';
    after[name] = new Set(Object.values(hashes)).size === 1 ? { hashes } : { hashes, why };
  }
  writeFileSync(hashesFile, `${JSON.stringify(after, null, 2)}\n`);
}
