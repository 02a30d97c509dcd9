// The programs with one idempotency key per order: they keep their promises.

import { defineScenario } from 'wavetank';
import { programs } from './hosts.ts';
import { checkout } from './scenario.ts';

export default defineScenario(
  checkout({
    name: 'checkout-programs-repaired',
    hosts: programs({ chargeKey: 'per-order' }),
    duplicate: false,
  }),
);
