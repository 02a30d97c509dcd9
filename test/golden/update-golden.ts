// Writes the messages of this checkout to the .txt files beside it: to be run after a change that tells
// counterexamples otherwise on purpose. Then read each of them aloud: would a stranger understand it?
//
//   node --conditions=wavetank-source --import tsx test/golden/update-golden.ts

import { writeFileSync } from 'node:fs';
import { counterexamples, goldenFile, messageOf } from './counterexamples.ts';

for (const [name, scenario] of Object.entries(counterexamples)) {
  writeFileSync(goldenFile(name), await messageOf(scenario));
}
