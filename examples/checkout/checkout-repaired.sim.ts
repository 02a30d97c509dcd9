// The checkout with one idempotency key per order: it keeps its promises.

import { defineScenario } from 'wavetank';
import { services } from './hosts.ts';
import { checkout } from './scenario.ts';

export default defineScenario(
  checkout({ name: 'checkout-repaired', hosts: services({ chargeKey: 'per-order' }) }),
);
