// Puts what `npm run demo` prints now into README.md.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../runner.ts';
import { printedFailure, shownFailure } from './demo.ts';
import { documents } from './documents.ts';

for (const document of documents('README.md')) {
  const printed = await printedFailure();
  const text = document.text.replace(shownFailure(document), () => printed);
  writeFileSync(join(root, document.path), text);
}
