// A master that mirrors its rows: naively, it sends each once; with care, until it hears that it arrived.

import type { Host } from '../../../../src/index.ts';

const ROWS = 10;
const WRITE_MS = 50;

/** The master: writes ten rows. */
export function mirrored(host: Host, isCareful: boolean): void {
  const unheard = new Set<number>();
  host.onMessage((row) => void unheard.delete(Number(row)));
  for (let row = 1; row <= ROWS; row++) {
    setTimeout(() => {
      unheard.add(row);
      host.send('mirror', row, 'row');
    }, row * WRITE_MS);
  }
  if (!isCareful) return;
  setInterval(() => {
    for (const row of unheard) host.send('mirror', row, 'row');
  }, 2 * WRITE_MS);
}

/** The mirror. */
export function mirror(host: Host): void {
  const rows = new Set<unknown>();
  host.expose({
    get rows() {
      return rows.size;
    },
  });
  host.onMessage((row) => {
    rows.add(row);
    host.send('master', row, 'heard');
  });
}
