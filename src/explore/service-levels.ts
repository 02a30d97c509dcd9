// The service levels of a scenario over all runs of an exploration: counts them run by run, and keeps the
// worst runs, so that they can be made again.

import type { LevelJudgement, LevelTally, ServiceLevel } from '../checkers/levels/level.ts';
import type { LevelStatistics } from '../report/document.ts';
import type { RunResult } from '../scenario/result.ts';
import type { Proposal } from './strategies/strategy.ts';

/** How many runs are named. */
const WORST_MAX = 3;

/** A run that did badly by a level. */
export interface WorstRun {
  readonly size: number;
  readonly text: string;
  readonly proposal: Proposal;
  readonly hash: string;
}

/** A level, and how it came out. */
export interface JudgedLevel {
  readonly level: ServiceLevel;
  readonly judgement: LevelJudgement;
  /** The worst first. */
  readonly worst: readonly WorstRun[];
}

/** What was counted for one level, as data. */
export interface LevelData {
  readonly tally: unknown;
  readonly worst: readonly WorstRun[];
}

/** Counts levels over many runs. */
export class LevelCounts {
  readonly #counted: readonly { level: ServiceLevel; tally: LevelTally; worst: WorstRun[] }[];

  constructor(levels: readonly ServiceLevel[]) {
    this.#counted = levels.map((level) => ({ level, tally: level.open(), worst: [] }));
  }

  add({ traffic, virtualMs: nowMs, hash }: RunResult, proposal: Proposal): void {
    if (traffic === undefined) return;
    for (const { tally, worst } of this.#counted) {
      const breach = tally.add({ traffic, nowMs });
      if (breach !== undefined) keepWorst(worst, [{ ...breach, proposal, hash }]);
    }
  }

  /** What was counted so far, as data, in the order of the levels. */
  data(): LevelData[] {
    return this.#counted.map(({ tally, worst }) => ({ tally: tally.data(), worst }));
  }

  /** Counts what was counted of the next runs. */
  merge(data: readonly LevelData[]): void {
    for (const [i, { tally, worst }] of this.#counted.entries()) {
      const counted = data[i];
      if (counted === undefined) continue;
      tally.merge(counted.tally);
      keepWorst(worst, counted.worst);
    }
  }

  judge(): JudgedLevel[] {
    return this.#counted.map(({ level, tally, worst }) => ({ level, judgement: tally.judge(), worst }));
  }
}

function keepWorst(worst: WorstRun[], others: readonly WorstRun[]): void {
  worst.push(...others);
  // Of equal ones the earliest stay: sorting is stable.
  worst.sort((left, right) => right.size - left.size);
  worst.length = Math.min(worst.length, WORST_MAX);
}

/** How a level came out, for reports. */
export function levelStatistics({ level, judgement, worst }: JudgedLevel): LevelStatistics {
  const { verdict, message, samples, beyond, distribution } = judgement;
  return {
    title: level.title,
    during: level.during,
    verdict,
    message,
    samples,
    beyond,
    ...(distribution === undefined ? {} : { distribution }),
    worst: worst.map(({ text, proposal: { seed } }) => ({ seed, text })),
  };
}
