// Several strategies at once: the default, because nobody knows beforehand which one finds a bug.

import type { RunResult } from '../../scenario/result.ts';
import type { Entry } from '../corpus/entry.ts';
import { boundedInPairs } from './bounded.ts';
import { feedback } from './feedback.ts';
import { pct } from './pct.ts';
import type { Course, Proposal, Setting, Strategy } from './strategy.ts';
import { timedRandom } from './timed-random.ts';

/** The runs in which whoever is quickest where one fault is enough has more turns than later. */
const OPENING_RUNS = 24;
const OPENING: readonly Strategy[] = [boundedInPairs, pct, pct];
/** Whose turn it is after that, over and over again. */
const ROUND: readonly Strategy[] = [
  ...[pct, pct, pct, boundedInPairs],
  ...[pct, pct, pct, timedRandom],
  ...[pct, pct, pct, feedback],
];

/**
 * Lets strategies take turns, run by run. Of the first 24 runs of an exploration one of three is that of
 * `bounded`, with two deviations at a time, and the others are those of `pct`. After that three of four are
 * those of `pct`, which finds what is left to faults as soon as drawn times do, and what needs a certain
 * order sooner; each fourth is in turn that of `bounded`, of `timed-random`, and of `feedback`, which learns
 * from all that are not listed.
 *
 * Whose turn it is depends on the number of the run in the exploration alone.
 */
export const portfolio: Strategy = {
  name: 'portfolio',
  watchesTraffic: true,
  learns: true,
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
      [...new Set(ROUND)].map((strategy) => [
        strategy,
        strategy.open({ ...setting, runsBefore: turnsBefore(strategy, runsBefore) }),
      ]),
    );
  }

  async next(generated: Proposal): Promise<Proposal> {
    const strategy = turnOf(this.#number++);
    this.#current = strategy;
    // Who has nothing left to try leaves the run to chance.
    return (await this.#courses.get(strategy)?.next(generated)) ?? generated;
  }

  told(proposal: Proposal, result: RunResult): void {
    // What is listed differs by one fault from a calm run: learning from it would lead back to where it was.
    const isListed = this.#current === boundedInPairs;
    for (const course of this.#courses.values()) if (!isListed) course.told?.(proposal, result);
  }

  harvest(): readonly Entry[] {
    return [...this.#courses.values()].flatMap((course) => course.harvest?.() ?? []);
  }
}

/** Whose turn a run is, by its number. */
function turnOf(number: number): Strategy {
  const turns = number < OPENING_RUNS ? OPENING : ROUND;
  return turns[number % turns.length] as Strategy;
}

/** How many of the first runs are a strategy's. */
function turnsBefore(strategy: Strategy, runs: number): number {
  const rounds = Math.max(0, Math.floor((runs - OPENING_RUNS) / ROUND.length));
  const isIts = (number: number): boolean => turnOf(number) === strategy;
  const inRounds = rounds * ROUND.filter((turn) => turn === strategy).length;
  const rest = Array.from({ length: runs - rounds * ROUND.length }, (_, number) => number);
  return inRounds + rest.filter(isIts).length;
}
