// Two ways to fail over: by silence alone, and by the vote of a third host. With care, who leads counts its
// time from what others acknowledged, and they wait for longer than that.

import type { Host, World } from '../../../../src/index.ts';

const BEAT_MS = 50;
const LEASE_MS = 300;
const SILENCE_MS = 400;

interface Said {
  readonly what: 'beat' | 'heard' | 'vote' | 'granted';
  readonly sentMs: number;
}

/** Who believes to lead. */
export function leaders(world: World): string[] {
  return ['alpha', 'beta'].filter((name) => {
    const { isLeader } = (world.host(name).exports ?? {}) as { isLeader?: () => boolean };
    return isLeader?.() === true;
  });
}

/** `alpha` leads; `beta` does when it has heard nothing for a while. */
export function bySilence(host: Host, { peer, isCareful }: { peer: string; isCareful: boolean }): void {
  let isChosen = host.name === 'alpha';
  let heardMs = Date.now();
  let leaseMs = host.name === 'alpha' ? LEASE_MS + Date.now() : 0;
  const isLeader = (): boolean => isChosen && (!isCareful || host.name === 'beta' || Date.now() < leaseMs);
  host.expose({ isLeader });
  host.onMessage((message) => {
    const { what, sentMs } = message as Said;
    if (what === 'heard') leaseMs = Math.max(leaseMs, sentMs + LEASE_MS);
    else if (!isChosen) {
      heardMs = Date.now();
      host.send(peer, { what: 'heard', sentMs }, 'heard');
    }
  });
  setInterval(() => {
    if (host.name === 'alpha') host.send(peer, { what: 'beat', sentMs: Date.now() }, 'beat');
    else if (Date.now() - heardMs > SILENCE_MS) isChosen = true;
  }, BEAT_MS);
}

/** The same, but `beta` needs the vote of `voter`, which naively gives it whenever it is asked. */
export function byVote(host: Host, isCareful: boolean): void {
  let isChosen = host.name === 'alpha';
  let hasGranted = false;
  let heardMs = Date.now();
  let leaseMs = host.name === 'alpha' ? LEASE_MS + Date.now() : 0;
  const isLeader = (): boolean => isChosen && (host.name === 'beta' || Date.now() < leaseMs);
  host.expose({ isLeader });
  host.onMessage((message, from) => {
    const { what, sentMs } = message as Said;
    if (what === 'heard') leaseMs = Math.max(leaseMs, sentMs + LEASE_MS);
    if (what === 'granted') isChosen = true;
    const isSilent = Date.now() - heardMs > SILENCE_MS;
    if (what === 'vote' && (!isCareful || isSilent)) {
      hasGranted = isCareful;
      host.send(from, { what: 'granted', sentMs }, 'granted');
    }
    // Who has given up on the leader tells it so by silence.
    if (what === 'beat' && !hasGranted && !(host.name === 'beta' && isSilent)) {
      heardMs = Date.now();
      host.send(from, { what: 'heard', sentMs }, 'heard');
    }
  });
  setInterval(() => {
    const sentMs = Date.now();
    if (host.name === 'alpha')
      for (const to of ['beta', 'voter']) host.send(to, { what: 'beat', sentMs }, 'beat');
    if (host.name === 'beta' && sentMs - heardMs > SILENCE_MS)
      host.send('voter', { what: 'vote', sentMs }, 'vote');
  }, BEAT_MS);
}
