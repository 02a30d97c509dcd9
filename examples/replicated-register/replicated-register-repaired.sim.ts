// The register with terms and majorities: it keeps its promises in partitions of every shape and much else.

import { defineScenario, swarm } from 'wavetank';
import { replicatedRegister } from './scenario.ts';
import { NODES } from './services/messages.ts';
import { QuorumNode } from './services/quorum-node.ts';

export default defineScenario(
  replicatedRegister({
    name: 'replicated-register-repaired',
    node: (host) => new QuorumNode(host.name, host.disk),
    faults: swarm({
      partition: { shapes: ['split', 'one-way', 'bridge', 'minority', 'flapping'] },
      drop: true,
      delay: true,
      duplicate: true,
      reset: true,
      crash: NODES,
      pause: NODES,
      survivable: { hostsDown: 2 },
    }),
    sometimes: ['a second leader was elected', 'a leader without a majority stepped down'],
  }),
);
