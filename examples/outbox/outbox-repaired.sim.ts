// The shop with an outbox and a consumer that deduplicates: it keeps its promises.

import { defineScenario } from 'wavetank';
import { ordering } from './scenario.ts';

export default defineScenario(ordering('outbox-repaired', { publish: 'outbox', consumer: 'deduplicates' }));
