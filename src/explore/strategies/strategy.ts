// What a strategy is: it says which runs are made. One small file each; `table.ts` lists them.

import type { FaultPlan } from '../../faults/fault.ts';
import type { RunResult } from '../../scenario/result.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import type { Block } from '../blocks.ts';

/** Names a generated input: the seed that fast-check was given, and which of its values it is, from 0. */
export interface Origin {
  readonly seed: number;
  readonly nth: number;
}

/** The input of a run, as data. */
export interface Proposal {
  readonly plan: FaultPlan;
  readonly seed: number;
  /** The generated input whose workload it has. */
  readonly workload: Origin;
}

/** What a strategy knows of the block that it is to fill. */
export interface Setting {
  readonly scenario: Scenario;
  readonly block: Block;
}

/**
 * Fills one block with runs, one after another.
 *
 * Determinism: what it proposes is a function of (setting, what was generated, the results so far), so that a
 * block can be made in any process.
 */
export interface Course {
  /**
   * The next run.
   *
   * @param generated - An input drawn for this run, within the fault budget: to be taken as it is, in part,
   *   or not at all.
   * @returns undefined where nothing is left to try: the block ends.
   */
  next(generated: Proposal): Proposal | undefined;
  /** Told what became of the run. */
  told?(proposal: Proposal, result: RunResult): void;
}

/** A way of choosing runs. */
export interface Strategy {
  readonly name: string;
  open(setting: Setting): Course;
}
