// The lease alone, where clocks may be set: the lock service believes that a lease is over, its holder not.

import { defineScenario } from 'wavetank';
import { clockSteps, leaseLock } from './scenario.ts';

export default defineScenario(
  leaseLock({ name: 'lease-lock-clock-steps', fencing: false, faults: clockSteps }),
);
