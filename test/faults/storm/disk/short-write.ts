// A write that takes fewer bytes than it was given.

import fs from 'node:fs';
import type { StormRow } from '../row.ts';
import { keeping, type Keeper } from './keeping.ts';
import { FILE } from './notes-file.ts';

/** A line for each note; a line that makes no sense is passed over. */
function lines(append: (fd: number, line: Buffer) => void): Keeper {
  const seen = new Map<string, string>();
  const fd = fs.openSync(FILE, 'a+');
  return {
    notes: () => seen,
    keep(key, text) {
      append(fd, Buffer.from(`${JSON.stringify([key, text])}\n`));
      seen.clear();
      for (const line of fs.readFileSync(FILE, 'utf8').split('\n')) {
        try {
          const [k, t] = JSON.parse(line) as [string, string];
          seen.set(k, t);
        } catch {
          continue;
        }
      }
    },
  };
}

const faults = { shortWrite: ['keeper'] };

export const shortWriteRows: readonly StormRow[] = [
  {
    kind: 'shortWrite',
    what: 'a line of a log is cut off, and the next one is glued to it',
    naive: keeping('short write, naive', faults, () => lines((fd, line) => void fs.writeSync(fd, line))),
    careful: keeping('short write, careful', faults, () =>
      lines((fd, line) => {
        for (let done = 0; done < line.length;) done += fs.writeSync(fd, line, done);
      }),
    ),
  },
];
