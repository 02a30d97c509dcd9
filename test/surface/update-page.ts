// Writes `docs/node-surface.md` anew.

import { writeFileSync } from 'node:fs';
import { pageFile, surfacePage } from './page.ts';

writeFileSync(pageFile, await surfacePage());
