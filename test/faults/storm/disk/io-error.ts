// An operation fails with `EIO`: a read that is taken for an empty file, and a sync after which the system
// takes for clean what it could not write.

import fs from 'node:fs';
import type { StormRow } from '../row.ts';
import { keeping, type Keeper } from './keeping.ts';
import { FILE, loadOrEmpty, loadSomehow, parse, rewriting, saveSafely } from './notes-file.ts';

const faults = { ioError: ['keeper'] };

/**
 * Writes at the end of the file until a sync succeeds; `again` says whether the bytes are written again,
 * too.
 */
function syncing(again: boolean): Keeper {
  const fd = fs.openSync(FILE, 'w+');
  const known: [string, string][] = [];
  let seen: ReadonlyMap<string, string> = new Map();
  return {
    notes: () => seen,
    keep(key, text) {
      const content = Buffer.from(JSON.stringify([...known, [key, text]]));
      let isWritten = false;
      for (let isSynced = false; !isSynced;) {
        if (!isWritten || again) isWritten = attempt(() => fs.writeSync(fd, content, 0, content.length, 0));
        isSynced = isWritten && attempt(() => fs.fsyncSync(fd));
      }
      known.push([key, text]);
      seen = readBack(fd, content.length);
    },
  };
}

/** What is in the file, read again if that fails. */
function readBack(fd: number, length: number): ReadonlyMap<string, string> {
  const bytes = Buffer.alloc(length);
  while (!attempt(() => fs.readSync(fd, bytes, 0, length, 0)));
  try {
    return parse(bytes.toString());
  } catch {
    return new Map();
  }
}

function attempt(run: () => unknown): boolean {
  try {
    run();
    return true;
  } catch {
    return false;
  }
}

export const ioErrorRows: readonly StormRow[] = [
  {
    kind: 'ioError',
    what: 'a read that fails is taken for an empty file, which is then written',
    naive: keeping('read error, naive', faults, () => rewriting({ load: loadSomehow, save: saveSafely })),
    careful: keeping('read error, careful', faults, () => rewriting({ load: loadOrEmpty, save: saveSafely })),
  },
  {
    kind: 'ioError',
    what: 'a sync that is tried again succeeds without the data: it was dropped after the first time',
    naive: keeping('failed sync, naive', faults, () => syncing(false)),
    careful: keeping('failed sync, careful', faults, () => syncing(true)),
  },
];
