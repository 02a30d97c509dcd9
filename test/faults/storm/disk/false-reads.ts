// Reads that lie: a flipped bit, and what was there before the last write.

import fs from 'node:fs';
import type { StormRow } from '../row.ts';
import { keeping } from './keeping.ts';
import {
  FILE,
  loadOrEmpty,
  parse,
  replaceFile,
  rewriting,
  saveInPlace,
  saveSafely,
  sealed,
  unsealed,
} from './notes-file.ts';
import type { Notes, NotesFile } from './notes-file.ts';

const READS_MAX = 20;

/** Each file has a checksum and says which one it is: what does not fit is read again. */
function sealing(save: (content: string) => void): NotesFile {
  let last = 0;
  return {
    load(): Notes {
      if (last === 0) return new Map();
      for (let i = 0; i < READS_MAX; i++) {
        const text = unsealed(fs.readFileSync(FILE, 'utf8'));
        if (text?.startsWith(`${last} `) === true) return parse(text.slice(text.indexOf(' ')));
      }
      throw new Error('the notes cannot be read');
    },
    save(notes) {
      save(sealed(`${last + 1} ${JSON.stringify([...notes])}`));
      last++;
    },
  };
}

export const flippedBitRows: readonly StormRow[] = [
  {
    kind: 'flippedBit',
    what: 'a letter of a note is another one, and is written back',
    naive: keeping('flipped bit, naive', { flippedBit: ['keeper'] }, () =>
      rewriting({ load: loadOrEmpty, save: saveSafely }),
    ),
    careful: keeping('flipped bit, careful', { flippedBit: ['keeper'] }, () =>
      rewriting(sealing(replaceFile)),
    ),
  },
];

export const staleReadRows: readonly StormRow[] = [
  {
    kind: 'staleRead',
    what: 'a note is added to what the file held before the last one',
    naive: keeping('stale read, naive', { staleRead: ['keeper'] }, () =>
      rewriting({ load: loadOrEmpty, save: saveInPlace }),
    ),
    careful: keeping('stale read, careful', { staleRead: ['keeper'] }, () =>
      rewriting(sealing((content) => fs.writeFileSync(FILE, content))),
    ),
  },
];
