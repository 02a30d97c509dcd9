// A standby that hears no heartbeat makes itself the leader. Repaired: who leads holds a lease of the
// witness, which it counts from when it asked.

import { daemon, defineScenario, latency, swarm, type Host } from '../../../src/index.ts';
import { planted, sleep } from './planted.ts';

const BEAT_MS = 50;
const SILENCE_MS = 400;

/** The bug: silence is taken for death. */
function failOver(host: Host, peer: string): void {
  let isLeader = host.name === 'alpha';
  let heardMs = Date.now();
  host.expose({ isLeader: () => isLeader });
  host.onMessage(() => {
    heardMs = Date.now();
  });
  setInterval(() => {
    if (Date.now() - heardMs > SILENCE_MS) isLeader = true;
    host.send(peer, 'alive', 'beat');
  }, BEAT_MS);
}

function lease(host: Host): void {
  let untilMs = 0;
  host.expose({ isLeader: () => Date.now() < untilMs });
  host.onMessage((askedMs) => {
    untilMs = Math.max(untilMs, Number(askedMs) + SILENCE_MS);
  });
  setInterval(() => host.send('witness', Date.now(), 'ask'), BEAT_MS);
}

const witness = daemon((host) => {
  let holder = { name: '', untilMs: 0 };
  host.onMessage((askedMs, name) => {
    if (name !== holder.name && Date.now() < holder.untilMs) return;
    holder = { name, untilMs: Date.now() + SILENCE_MS };
    host.send(name, askedMs, 'grant');
  });
});

export const twoLeaders = planted(
  { bug: 'two leaders', needs: ['partition'], violates: 'one leader at a time' },
  (isRepaired, name) => {
    const node = (peer: string) => daemon((host) => (isRepaired ? lease(host) : failOver(host, peer)));
    return defineScenario({
      name,
      hosts: { alpha: node('beta'), beta: node('alpha'), witness },
      network: { latency: latency.uniform({ minMs: 1, maxMs: 10 }) },
      faults: swarm({ duplicate: true, partition: true, horizonMs: 1_000 }),
      drive: () => sleep(3_000),
      always: {
        'one leader at a time': (world) => {
          const leaders = ['alpha', 'beta'].filter((each) => {
            const { isLeader } = (world.host(each).exports ?? {}) as { isLeader?: () => boolean };
            return isLeader?.() === true;
          });
          return leaders.length < 2 || `${leaders.join(' and ')} lead`;
        },
      },
    });
  },
);
