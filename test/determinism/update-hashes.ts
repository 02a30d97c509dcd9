// Writes the hashes of this checkout to hashes.json: to be run, and its difference to be explained in the
// commit, after a change that makes other runs on purpose. With `--print` it writes them to its output
// instead.
//
//   node --conditions=wavetank-source --import tsx test/determinism/update-hashes.ts

import { writeFileSync } from 'node:fs';
import { allHashes, hashesFile } from './hashes.ts';

const text = `${JSON.stringify(await allHashes(), null, 2)}\n`;
if (process.argv.includes('--print')) process.stdout.write(text);
else writeFileSync(hashesFile, text);
