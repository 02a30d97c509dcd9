// A disk that is full, for one operation or for a while: a file that is written in place is emptied first.

import type { StormRow } from '../row.ts';
import { keeping } from './keeping.ts';
import { loadOrEmpty, loadSomehow, rewriting, saveInPlace, saveSafely } from './notes-file.ts';

function row(kind: 'noSpace' | 'diskFull', what: string): StormRow {
  const faults = { [kind]: ['keeper'] };
  const open = {
    naive: { load: loadSomehow, save: saveInPlace },
    careful: { load: loadOrEmpty, save: saveSafely },
  };
  return {
    kind,
    what,
    naive: keeping(`${kind}, naive`, faults, () => rewriting(open.naive)),
    careful: keeping(`${kind}, careful`, faults, () => rewriting(open.careful)),
  };
}

export const noSpaceRows: readonly StormRow[] = [
  row('noSpace', 'a file that is rewritten in place is empty when the write fails'),
];
export const diskFullRows: readonly StormRow[] = [
  row('diskFull', 'a file that is rewritten in place is empty while the disk is full, and so are its notes'),
];
