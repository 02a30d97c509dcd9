// The lease alone, where workers may be paused: one wakes up, believes it holds the lock, and writes.

import { defineScenario } from 'wavetank';
import { leaseLock, pauses } from './scenario.ts';

export default defineScenario(leaseLock({ name: 'lease-lock-pauses', fencing: false, faults: pauses }));
