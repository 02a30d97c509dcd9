// A circuit breaker: naively, it opens for good once it has tripped often enough; with care, it tries again.

import type { Host } from '../../../../src/index.ts';

const PING_MS = 40;
const PATIENCE_MS = 100;
const TRIPS_MAX = 4;
const REST_MS = 500;

/** Pings a service, as long as its breaker is closed. */
export function breaker(host: Host, isCareful: boolean): void {
  let heardMs = Date.now();
  let isSilent = false;
  let trips = 0;
  let isOpen = false;
  host.expose({
    get isOpen() {
      return isOpen;
    },
  });
  host.onMessage(() => {
    heardMs = Date.now();
    isSilent = false;
  });
  setInterval(() => {
    if (isOpen) return;
    host.send('service', 'ping', 'ping');
    if (isSilent || Date.now() - heardMs <= PATIENCE_MS) return;
    isSilent = true;
    if (++trips < TRIPS_MAX) return;
    isOpen = true;
    if (isCareful)
      setTimeout(() => {
        isOpen = false;
        trips = 0;
      }, REST_MS);
  }, PING_MS);
}
