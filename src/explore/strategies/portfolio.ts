// Several strategies at once: the default, because nobody knows beforehand which one finds a bug.

import type { RunResult } from '../../scenario/result.ts';
import type { Entry } from '../corpus/entry.ts';
import { bounded } from './bounded.ts';
import { feedback } from './feedback.ts';
import { pct } from './pct.ts';
import type { Course, Proposal, Setting, Strategy } from './strategy.ts';
import { timedRandom } from './timed-random.ts';

/**
 * Whose turn it is, over and over again. Two runs of three are drawn, or made of drawn ones, and one is
 * listed: what is drawn finds most bugs about as soon as what is listed, and never much later. Most of what
 * is drawn goes by priorities, which find what is left to faults as soon, and what needs a certain order
 * sooner.
 */
const TURNS: readonly Strategy[] = [
  ...[pct, bounded, pct, bounded, pct, timedRandom],
  ...[pct, bounded, pct, bounded, pct, feedback],
];

/**
 * Lets strategies take turns, run by run: of each twelve runs six are those of `pct`, four those of
 * `bounded`, one that of `timed-random`, and one that of `feedback`, which learns from all that are not
 * listed.
 *
 * Whose turn it is depends on the number of the run in the exploration alone.
 */
export const portfolio: Strategy = {
  name: 'portfolio',
  watchesTraffic: true,
  open: (setting) => new PortfolioCourse(setting),
};

class PortfolioCourse implements Course {
  readonly #courses: ReadonlyMap<Strategy, Course>;
  #number: number;
  #current: Strategy | undefined;

  constructor(setting: Setting) {
    const { runsBefore } = setting;
    this.#number = runsBefore;
    this.#courses = new Map(
      [...new Set(TURNS)].map((strategy) => [
        strategy,
        strategy.open({ ...setting, runsBefore: turnsBefore(strategy, runsBefore) }),
      ]),
    );
  }

  async next(generated: Proposal): Promise<Proposal> {
    const strategy = TURNS[this.#number++ % TURNS.length] as Strategy;
    this.#current = strategy;
    // Who has nothing left to try leaves the run to chance.
    return (await this.#courses.get(strategy)?.next(generated)) ?? generated;
  }

  told(proposal: Proposal, result: RunResult): void {
    // What is listed differs by one fault from a calm run: learning from it would lead back to where it was.
    const isListed = this.#current === bounded;
    for (const course of this.#courses.values()) if (!isListed) course.told?.(proposal, result);
  }

  harvest(): readonly Entry[] {
    return [...this.#courses.values()].flatMap((course) => course.harvest?.() ?? []);
  }
}

/** How many of the first runs are a strategy's. */
function turnsBefore(strategy: Strategy, runs: number): number {
  const inRound = (turns: number): number => TURNS.slice(0, turns).filter((turn) => turn === strategy).length;
  return Math.floor(runs / TURNS.length) * inRound(TURNS.length) + inRound(runs % TURNS.length);
}
