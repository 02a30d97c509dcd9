// The shop as it was first built: to the database, then to the queue. `wavetank explore` finds the crash in
// between.

import { defineScenario } from 'wavetank';
import { ordering } from './scenario.ts';

export default defineScenario(ordering('outbox', { publish: 'directly', consumer: 'deduplicates' }));
