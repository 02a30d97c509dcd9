// The checkout as it was first shipped: it charges cards twice. `wavetank explore` finds out when.

import { defineScenario } from 'wavetank';
import { services } from './hosts.ts';
import { checkout } from './scenario.ts';

export default defineScenario(checkout({ name: 'checkout', hosts: services({ chargeKey: 'per-attempt' }) }));
