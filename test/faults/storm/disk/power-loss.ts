// A power loss takes what was not synced.

import type { StormRow } from '../row.ts';
import { keeping } from './keeping.ts';
import { loadOrEmpty, loadSomehow, rewriting, saveInPlace, saveSafely } from './notes-file.ts';

const faults = { powerLoss: ['keeper'] };

export const powerLossRows: readonly StormRow[] = [
  {
    kind: 'powerLoss',
    what: 'an acknowledged note was in a file that was never synced',
    naive: keeping('power loss, naive', faults, () => rewriting({ load: loadSomehow, save: saveInPlace })),
    careful: keeping('power loss, careful', faults, () => rewriting({ load: loadOrEmpty, save: saveSafely })),
  },
];
