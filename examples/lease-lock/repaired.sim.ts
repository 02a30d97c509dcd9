// The same with a storage that refuses writers whose lease is not the newest: it holds, whatever clocks say.

import { defineScenario } from 'wavetank';
import { leaseLock, pausesAndClocks } from './scenario.ts';

export default defineScenario(
  leaseLock({ name: 'lease-lock-repaired', fencing: true, faults: pausesAndClocks }),
);
