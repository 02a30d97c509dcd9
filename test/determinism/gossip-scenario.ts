// Daemons that gossip counters by datagrams, with random peers, random periods, and faults of every kind that
// datagrams know.

import { daemon, defineScenario, latency, swarm, type Host, type Scenario } from '../../src/index.ts';

const NAMES = ['ann', 'ben', 'cay', 'dot'] as const;

function gossip(host: Host): void {
  const counts: Record<string, number> =
    (host.disk.get('counts') as Record<string, number> | undefined) ?? {};
  host.expose({ counts });
  host.onMessage(async (payload, from) => {
    await Promise.resolve();
    for (const [name, count] of Object.entries(payload as Record<string, number>)) {
      counts[name] = Math.max(counts[name] ?? 0, count);
    }
    if (Math.random() < 0.2) host.send(from, { ...counts, [host.name]: Date.now() % 1_000 }, 'reply');
  });
  const tick = (): void => {
    counts[host.name] = (counts[host.name] ?? 0) + 1;
    host.disk.put('counts', counts);
    if (counts[host.name]! % 4 === 0) host.disk.sync();
    const others = NAMES.filter((name) => name !== host.name);
    const peer = others[Math.floor(Math.random() * others.length)]!;
    setImmediate(() => host.send(peer, counts, 'gossip'));
    setTimeout(tick, 20 + Math.floor(Math.random() * 60));
  };
  tick();
}

export const gossipScenario: Scenario<undefined> = defineScenario({
  name: 'gossip',
  hosts: Object.fromEntries(NAMES.map((name) => [name, daemon(gossip)])),
  network: { latency: latency.uniform({ minMs: 0.2, maxMs: 30 }), loss: 0.02 },
  faults: swarm({
    drop: true,
    delay: true,
    duplicate: true,
    partition: true,
    crash: NAMES,
    stop: ['dot'],
    pause: NAMES,
    horizonMs: 800,
  }),
  async drive(world) {
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    await world.client('auditor', (client) =>
      client.operation('audit', null, () => NAMES.map((name) => world.host(name).exports?.counts)),
    );
  },
  calmMs: 200,
});
