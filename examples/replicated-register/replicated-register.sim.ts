// The register as it was first shipped: a partition of one way gives it two leaders.

import { defineScenario, swarm } from 'wavetank';
import { replicatedRegister } from './scenario.ts';
import { NaiveNode } from './services/naive-node.ts';

export default defineScenario(
  replicatedRegister({
    name: 'replicated-register',
    node: (host) => new NaiveNode(host.name),
    faults: swarm({ partition: true, horizonMs: 2_000 }),
  }),
);
