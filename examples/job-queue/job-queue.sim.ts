// The job queue with a licence that counts what is given back: one lost answer, and it allows too much.

import { defineScenario } from 'wavetank';
import { jobQueue } from './scenario.ts';

export default defineScenario(jobQueue({ name: 'job-queue', release: 'whatever is asked' }));
