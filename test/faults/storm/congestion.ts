// A link that slows down under load: who repeats what is late makes it later.

import { daemon, type Host } from '../../../src/index.ts';
import { networkRow } from './network-rows.ts';
import type { StormRow } from './row.ts';

const BEAT_MS = 20;
const PATIENCE_MS = 150;

/**
 * Sends a beat, and how much it has to do: naively at full speed whatever happens; with care, only once both
 * were heard the last time.
 */
function beating(host: Host, isCareful: boolean): void {
  let unheard = 0;
  let sentMs = 0;
  host.onMessage(() => void unheard--);
  setInterval(() => {
    const nowMs = performance.now();
    // One may be lost for all it knows; but there is no hurry.
    if (isCareful && unheard > 0 && nowMs - sentMs < 20 * PATIENCE_MS) return;
    unheard = 2;
    sentMs = nowMs;
    host.send('monitor', nowMs, 'beat');
    host.send('monitor', 'idle', 'load');
  }, BEAT_MS);
}

/** Takes a beat that is older than a while for a sick host. */
function monitor(host: Host): void {
  let oldestMs = 0;
  host.expose({
    get oldestMs() {
      return oldestMs;
    },
  });
  host.onMessage((sentMs, from) => {
    if (typeof sentMs === 'number') oldestMs = Math.max(oldestMs, performance.now() - sentMs);
    host.send(from, 'heard', 'heard');
  });
}

/** The row. */
export const congestionRows: readonly StormRow[] = [
  networkRow({
    kind: 'congestion',
    what: 'beats sent without regard for those on their way slow each other down',
    faults: { congestion: true },
    hosts: (isCareful) => ({
      beating: daemon((host) => beating(host, isCareful)),
      monitor: daemon(monitor),
    }),
    always: {
      'no beat is stale': (world) => {
        const oldestMs = Number(world.host('monitor').exports?.['oldestMs'] ?? 0);
        return oldestMs <= PATIENCE_MS || `one was ${Math.round(oldestMs)} ms old`;
      },
    },
  }),
];
