// The strategies by name.

import type { Strategy } from './strategy.ts';
import { timedRandom } from './timed-random.ts';

/** In the order in which they are named to people. */
export const STRATEGIES: Readonly<Record<string, Strategy>> = { 'timed-random': timedRandom };
