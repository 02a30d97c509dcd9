// The checkout as ordinary programs on sockets, with the same bug: `wavetank explore` finds the same failure.

import { defineScenario } from 'wavetank';
import { programs } from './hosts.ts';
import { checkout } from './scenario.ts';

export default defineScenario(
  checkout({ name: 'checkout-programs', hosts: programs({ chargeKey: 'per-attempt' }), duplicate: false }),
);
