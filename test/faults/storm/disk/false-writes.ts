// Writes that are acknowledged and never made, or made somewhere else.

import fs from 'node:fs';
import type { StormRow } from '../row.ts';
import { keeping, type Keeper } from './keeping.ts';
import { FILE } from './notes-file.ts';

const SLOT_BYTES = 512;
const WRITES_MAX = 50;

/**
 * A slot of a sector for each note, written in place; `checks`: until the whole file is what it should be.
 */
function slots(checks: boolean): Keeper {
  const fd = fs.openSync(FILE, 'w+');
  const keys: string[] = [];
  const images: Buffer[] = [];
  const seen = new Map<string, string>();
  const wrong = (): number[] => {
    const content = fs.readFileSync(FILE);
    return images.flatMap((image, i) => (slotOf(content, i).equals(image) ? [] : [i]));
  };
  return {
    notes: () => seen,
    keep(key, text) {
      const own = keys.includes(key) ? keys.indexOf(key) : keys.push(key) - 1;
      images[own] = Buffer.alloc(SLOT_BYTES, JSON.stringify([key, text]).padEnd(SLOT_BYTES));
      const write = (i: number): number =>
        fs.writeSync(fd, images[i] as Buffer, 0, SLOT_BYTES, i * SLOT_BYTES);
      write(own);
      const broken = checks ? wrong : () => [];
      for (let i = 0; broken().length > 0; i++) {
        if (i === WRITES_MAX) throw new Error('the disk does not keep what is written');
        for (const slot of broken()) write(slot);
      }
      const content = fs.readFileSync(FILE);
      seen.clear();
      for (const i of keys.keys()) {
        const [k, t] = JSON.parse(slotOf(content, i).toString().replaceAll('\0', '') || '[]') as string[];
        if (k !== undefined && t !== undefined) seen.set(k, t);
      }
    },
  };
}

function slotOf(content: Buffer, i: number): Buffer {
  return content.subarray(i * SLOT_BYTES, (i + 1) * SLOT_BYTES);
}

function row(kind: 'lostWrite' | 'misdirectedWrite', what: string): StormRow {
  const faults = { [kind]: ['keeper'] };
  return {
    kind,
    what,
    naive: keeping(`${kind}, naive`, faults, () => slots(false)),
    careful: keeping(`${kind}, careful`, faults, () => slots(true)),
  };
}

export const lostWriteRows: readonly StormRow[] = [row('lostWrite', 'a note was written, and is not there')];
export const misdirectedWriteRows: readonly StormRow[] = [
  row('misdirectedWrite', 'a note was written over another one'),
];
