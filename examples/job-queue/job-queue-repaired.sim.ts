// The job queue with a licence that knows who holds a permit: it keeps its promises.

import { defineScenario } from 'wavetank';
import { jobQueue } from './scenario.ts';

export default defineScenario(jobQueue({ name: 'job-queue-repaired', release: 'what was held' }));
