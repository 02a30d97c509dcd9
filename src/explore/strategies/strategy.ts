// What a strategy is: it says which runs are made. One small file each; `table.ts` lists them.

import type { FaultPlan } from '../../faults/fault.ts';
import type { ExtentReport } from '../../report/document.ts';
import type { RunResult } from '../../scenario/result.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import type { Block } from '../blocks.ts';
import type { Entry } from '../corpus/entry.ts';
import type { Sounding } from '../soundings.ts';
import type { ExhaustiveBound } from './exhaustive-bound.ts';

/** Names a generated input: the seed that fast-check was given, and which of its values it is, from 0. */
export interface Origin {
  readonly seed: number;
  readonly nth: number;
}

/** Numbers of inputs that are generated are below this: what comes before one is generated, too. */
const NTH_MAX = 10_000;

/** Tells whether something that was stored names an input. */
export function isOrigin(value: unknown): value is Origin {
  const { seed, nth } = (value ?? {}) as Partial<Record<keyof Origin, unknown>>;
  if (!Number.isSafeInteger(seed) || !Number.isSafeInteger(nth)) return false;
  // The seed of a block is a signed integer, or that of a person.
  return Math.abs(seed as number) < 2 ** 32 && (nth as number) >= 0 && (nth as number) < NTH_MAX;
}

/** The input of a run, as data. */
export interface Proposal {
  readonly plan: FaultPlan;
  readonly seed: number;
  /** The generated input whose workload it has. */
  readonly workload: Origin;
  /**
   * Whether it was listed, or made of what earlier runs showed, rather than drawn like all others: what such
   * runs show says nothing about how much drawing more of them would show. Default false.
   */
  readonly isSteered?: boolean;
}

/** What a strategy knows of the block that it is to fill. */
export interface Setting {
  readonly scenario: Scenario;
  readonly block: Block;
  /** How many runs of the exploration the strategy chose before this block. */
  readonly runsBefore: number;
  /** What was found to be interesting before the exploration began. Default: nothing. */
  readonly corpus?: readonly Entry[];
  /** How far an exhaustive search goes. Default: its defaults. */
  readonly exhaustive?: ExhaustiveBound;
  /**
   * Tells what the calm run of an input does: of the `which`-th, from 0, that a seed gives; undefined where
   * it is known to end its process.
   */
  readonly sound: (seed: number, which: number) => Promise<Sounding | undefined>;
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
  next(generated: Proposal): Proposal | undefined | Promise<Proposal | undefined>;
  /** Told what became of the run. */
  told?(proposal: Proposal, result: RunResult): void;
  /** What the block found that later explorations may begin with. */
  harvest?(): readonly Entry[];
  /** How far it came with all the runs that there are within its bound; only where it has one. */
  extent?(): ExtentReport;
}

/** A way of choosing runs. */
export interface Strategy {
  readonly name: string;
  /** Whether it looks at the requests and the states of runs: they are kept for it then. Default false. */
  readonly watchesTraffic?: boolean;
  /**
   * Whether it walks through finitely many runs of one input, each of which depends on those before it: the
   * exploration is then one block, and nothing is drawn but its first input. Default false.
   */
  readonly isWhole?: boolean;
  /** Whether it goes on from a corpus, and finds what later explorations may begin with. Default false. */
  readonly learns?: boolean;
  open(setting: Setting): Course;
}
