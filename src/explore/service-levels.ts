// The service levels of a scenario over all runs of an exploration: counts them run by run, and keeps the
// worst runs, so that they can be made again.

import type { LevelJudgement, LevelTally, ServiceLevel } from '../checkers/levels/level.ts';
import type { LevelStatistics } from '../report/document.ts';
import type { RunResult } from '../scenario/result.ts';

/** How many runs are named. */
const WORST_MAX = 3;

/** A run that did badly by a level. */
export interface WorstRun {
  readonly size: number;
  readonly text: string;
  readonly run: Pick<RunResult, 'scenario' | 'seed' | 'workload' | 'plan' | 'hash'>;
}

/** A level, and how it came out. */
export interface JudgedLevel {
  readonly level: ServiceLevel;
  readonly judgement: LevelJudgement;
  /** The worst first. */
  readonly worst: readonly WorstRun[];
}

/** Counts levels over many runs. */
export class LevelCounts {
  readonly #counted: readonly { level: ServiceLevel; tally: LevelTally; worst: WorstRun[] }[];

  constructor(levels: readonly ServiceLevel[]) {
    this.#counted = levels.map((level) => ({ level, tally: level.open(), worst: [] }));
  }

  add(result: RunResult): void {
    const { traffic, virtualMs: nowMs } = result;
    if (traffic === undefined) return;
    for (const { tally, worst } of this.#counted) {
      const breach = tally.add({ traffic, nowMs });
      if (breach === undefined) continue;
      const { scenario, seed, workload, plan, hash } = result;
      worst.push({ ...breach, run: { scenario, seed, workload, plan, hash } });
      // Of equal ones the earliest stay: sorting is stable.
      worst.sort((left, right) => right.size - left.size);
      worst.length = Math.min(worst.length, WORST_MAX);
    }
  }

  judge(): JudgedLevel[] {
    return this.#counted.map(({ level, tally, worst }) => ({ level, judgement: tally.judge(), worst }));
  }
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
    worst: worst.map(({ text, run: { seed } }) => ({ seed, text })),
  };
}
