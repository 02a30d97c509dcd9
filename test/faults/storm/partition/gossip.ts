// A rumour among six: naively, who hears it from its source tells everybody, and that is that; with care,
// whoever hears it tells everybody, now and then again.

import type { Host } from '../../../../src/index.ts';

const NAMES = ['n1', 'n2', 'n3', 'n4', 'n5', 'n6'];
const BEGIN_MS = 500;
const AGAIN_MS = 200;

/** One of the six; `n1` begins. */
export function gossip(host: Host, isCareful: boolean): void {
  let hasHeard = false;
  host.expose({
    get hasHeard() {
      return hasHeard;
    },
  });
  const tell = (hops: number): void => {
    for (const name of NAMES) if (name !== host.name) host.send(name, hops, 'rumour');
  };
  const heard = (hops: number): void => {
    if (hasHeard) return;
    hasHeard = true;
    if (isCareful || hops < 2) tell(hops + 1);
    if (isCareful) setInterval(() => tell(hops + 1), AGAIN_MS);
  };
  host.onMessage((hops) => heard(Number(hops)));
  if (host.name === 'n1') setTimeout(() => heard(0), BEGIN_MS);
}
