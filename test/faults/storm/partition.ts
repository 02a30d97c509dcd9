// Partitions of each shape, and a system that only just that shape breaks.

import type { PartitionShape } from '../../../src/faults/kinds/partition-shapes.ts';
import { daemon, defineScenario, latency, swarm } from '../../../src/index.ts';
import type { Check, HostDefinition, Scenario, World } from '../../../src/index.ts';
import { gossip } from './partition/gossip.ts';
import { breaker } from './partition/breaker.ts';
import { bySilence, byVote, leaders } from './partition/leaders.ts';
import { ticketing, tickets } from './partition/tickets.ts';
import { mirror, mirrored } from './partition/mirror.ts';
import type { StormRow } from './row.ts';

interface Shown {
  readonly what: string;
  readonly shape: PartitionShape;
  readonly hosts: (isCareful: boolean) => Record<string, HostDefinition>;
  readonly always?: Record<string, Check>;
  readonly eventually?: Record<string, Check>;
}

function row({ what, shape, hosts, always = {}, eventually = {} }: Shown): StormRow {
  const system = (isCareful: boolean): Scenario =>
    defineScenario({
      name: `${shape} partition, ${isCareful ? 'careful' : 'naive'}`,
      hosts: hosts(isCareful),
      network: { latency: latency.uniform({ minMs: 1, maxMs: 10 }) },
      faults: swarm({ partition: { shapes: [shape] }, horizonMs: 1_000 }),
      drive: () => new Promise((resolve) => setTimeout(resolve, 2_000)),
      always,
      eventually: Object.fromEntries(
        Object.entries(eventually).map(([name, check]) => [name, { withinMs: 3_000, check }]),
      ),
    });
  return { kind: 'partition', what, naive: system(false), careful: system(true) };
}

const named = (names: readonly string[], boot: (name: string) => HostDefinition) =>
  Object.fromEntries(names.map((name) => [name, boot(name)]));

const oneLeader = (world: World): string | true => {
  const found = leaders(world);
  return found.length < 2 || `${found.join(' and ')} lead`;
};

/** One row for each shape. */
export const partitionRows: readonly StormRow[] = [
  row({
    what: 'split: an update that is sent once never reaches the mirror',
    shape: 'split',
    hosts: (isCareful) => ({
      master: daemon((host) => mirrored(host, isCareful)),
      mirror: daemon(mirror),
    }),
    eventually: {
      'the mirror has what the master has': (world) => {
        const { rows = 0 } = (world.host('mirror').exports ?? {}) as { rows?: number };
        return rows === 10 || `it has ${rows} of 10 rows`;
      },
    },
  }),
  row({
    what: 'one-way: a standby takes silence for death, and both lead',
    shape: 'one-way',
    hosts: (isCareful) => ({
      alpha: daemon((host) => bySilence(host, { peer: 'beta', isCareful })),
      beta: daemon((host) => bySilence(host, { peer: 'alpha', isCareful })),
    }),
    always: { 'one leader at a time': oneLeader },
  }),
  row({
    what: 'bridge: a voter who sees both sides votes for both',
    shape: 'bridge',
    hosts: (isCareful) => named(['alpha', 'beta', 'voter'], () => daemon((host) => byVote(host, isCareful))),
    always: { 'one leader at a time': oneLeader },
  }),
  row({
    what: 'ring: a rumour that is passed on once does not get around',
    shape: 'ring',
    hosts: (isCareful) =>
      named(['n1', 'n2', 'n3', 'n4', 'n5', 'n6'], () => daemon((host) => gossip(host, isCareful))),
    eventually: {
      'everybody heard the rumour': (world) => {
        const deaf = ['n1', 'n2', 'n3', 'n4', 'n5', 'n6'].filter(
          (name) => world.host(name).exports?.['hasHeard'] !== true,
        );
        return deaf.length === 0 || `${deaf.join(', ')} did not`;
      },
    },
  }),
  row({
    what: 'minority: who hears no objection gives out a number twice',
    shape: 'minority',
    hosts: (isCareful) => named(['n1', 'n2', 'n3'], () => daemon((host) => ticketing(host, isCareful))),
    always: {
      'no number is given twice': (world) => {
        const given = tickets(world);
        if (new Set(given).size === given.length) return true;
        const twice = given.find((number, i) => given.indexOf(number) < i);
        return twice === undefined || `${twice} was`;
      },
    },
  }),
  row({
    what: 'flapping: a breaker that opens for good after a few failures stays open',
    shape: 'flapping',
    hosts: (isCareful) => ({
      caller: daemon((host) => breaker(host, isCareful)),
      service: daemon((host) => host.onMessage(() => host.send('caller', 'pong', 'pong'))),
    }),
    eventually: {
      'the caller uses the service again': (world) =>
        world.host('caller').exports?.['isOpen'] === false || 'its breaker is open',
    },
  }),
];
