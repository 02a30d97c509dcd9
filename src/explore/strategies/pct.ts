// Drawn runs whose events go by priorities of hosts and links.

import { combine32, hashString } from '../../random/hash.ts';
import type { Draw } from '../../faults/timed.ts';
import type { RunResult } from '../../scenario/result.ts';
import { drawsOf } from './draws.ts';
import type { Course, Proposal, Setting, Strategy } from './strategy.ts';

/** How many constraints an order is to meet by chance: few are met most easily, and most bugs need no more. */
const DEPTHS: readonly number[] = [3, 2, 3, 4];
/** Among how many points the priorities change, where no run has told yet how many there are. */
const POINTS = 50;
const DRAWS = hashString('pct/depths');

/**
 * Takes each input as it was drawn, with the same faults, but lets the order of events be decided by random
 * priorities of hosts and links, which change at a few points. How many points there are is what the run
 * before it in the block told.
 *
 * Source: A Randomized Scheduler with Probabilistic Guarantees of Finding Bugs (Burckhardt, Kothari,
 * Musuvathi and Nagarakatte, ASPLOS 2010); see the scheduler for where it differs. The number of points
 * differs from run to run, so the guarantee holds for runs that have no more of them than the one before.
 */
export const pct: Strategy = { name: 'pct', open: (setting) => new PctCourse(setting) };

class PctCourse implements Course {
  readonly #draw: Draw;
  #points = POINTS;

  constructor({ block }: Setting) {
    this.#draw = drawsOf(combine32(block.seed, DRAWS));
  }

  next(generated: Proposal): Proposal {
    const depth = DEPTHS[this.#draw(DEPTHS.length)] as number;
    const order = { pct: { depth, steps: this.#points } };
    return { ...generated, plan: { ...generated.plan, order } };
  }

  told(_proposal: Proposal, { choicePoints }: RunResult): void {
    if (choicePoints !== undefined) this.#points = Math.max(1, choicePoints);
  }
}
