// The strategies by name.

import { bounded } from './bounded.ts';
import { exhaustive } from './exhaustive-course.ts';
import { feedback } from './feedback.ts';
import { pct } from './pct.ts';
import { portfolio } from './portfolio.ts';
import type { Strategy } from './strategy.ts';
import { timedRandom } from './timed-random.ts';

/** Where nobody names one. */
export const STRATEGY_DEFAULT = 'portfolio';

/** In the order in which they are named to people. */
export const STRATEGIES: Readonly<Record<string, Strategy>> = {
  portfolio,
  'timed-random': timedRandom,
  pct,
  bounded,
  feedback,
  exhaustive,
};

/** Whether a strategy walks through all runs within a bound: see {@link Strategy.isWhole}. */
export function isWhole(strategy: string): boolean {
  return STRATEGIES[strategy]?.isWhole === true;
}
