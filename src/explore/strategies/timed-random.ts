// The plain strategy: workload, faults and the order of events are drawn anew for each run.

import type { Course, Strategy } from './strategy.ts';

const course: Course = { next: (generated) => generated };

/**
 * Takes each input as it was drawn: a random subset of the kinds of faults that the budget allows, at random
 * intensities (swarm testing), with random latencies and a random order of what is due together.
 *
 * Source: Swarm Testing (Groce, Zhang, Eide, Chen and Regehr, ISSTA 2012).
 */
export const timedRandom: Strategy = { name: 'timed-random', open: () => course };
