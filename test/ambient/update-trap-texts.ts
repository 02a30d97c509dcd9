// Writes traps.txt anew. To be run on the newest Node.js, which has them all.

import { writeFileSync } from 'node:fs';
import { escapesOf, textOf, textsFile, trappedApis } from './trap-texts.ts';

const texts: string[] = [];
for (const api of trappedApis()) {
  for (const error of (await escapesOf(api)).noted) texts.push(textOf(error));
}
writeFileSync(textsFile, `${texts.join('\n\n')}\n`);
