// Drawn runs whose events go by priorities of hosts and links.

import type { RunResult } from '../../scenario/result.ts';
import type { Course, Proposal, Strategy } from './strategy.ts';

/** How many constraints an order is to meet by chance: most bugs need no more, and fewer are met as well. */
const DEPTH = 3;
/** Among how many points the priorities change, where no run has told yet how many there are. */
const POINTS = 50;

/**
 * Takes each input as it was drawn, with the same faults, but lets the order of events be decided by random
 * priorities of hosts and links, which change at a few points. How many points there are is the most that a
 * run before it in the block told.
 *
 * Source: A Randomized Scheduler with Probabilistic Guarantees of Finding Bugs (Burckhardt, Kothari,
 * Musuvathi and Nagarakatte, ASPLOS 2010); see the scheduler for where it differs. The number of points
 * differs from run to run, so the guarantee holds for runs that have no more of them than those before.
 */
export const pct: Strategy = { name: 'pct', open: () => new PctCourse() };

class PctCourse implements Course {
  #points = 0;

  next(generated: Proposal): Proposal {
    const order = { pct: { depth: DEPTH, steps: this.#points || POINTS } };
    return { ...generated, plan: { ...generated.plan, order } };
  }

  told(_proposal: Proposal, { choicePoints = 0 }: RunResult): void {
    this.#points = Math.max(this.#points, choicePoints);
  }
}
