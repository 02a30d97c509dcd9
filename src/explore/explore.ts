// `explore`: makes many runs; the first failure is shrunk, recorded and thrown.

import { currentHost } from '../ambient/registry.ts';
import { callerLines } from '../engine/call-site.ts';
import { EnvironmentError } from '../errors.ts';
import type { ExtentReport, Statistics } from '../report/document.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { whileInstalled } from '../scenario/simulate.ts';
import { calledFrom } from './quiet-failure.ts';
import type { ExploreOptions } from './explore-options.ts';
import { makeBlocksHere, type MakeBlocks } from './make-blocks.ts';
import { Search } from './search.ts';
import type { ExplorationPart } from './shard.ts';

/** What an exploration that found no failure gives back. */
export interface Exploration {
  readonly scenario: string;
  readonly seed: number;
  readonly runs: number;
  /** Virtual time of all runs together. */
  readonly virtualMs: number;
  readonly steps: number;
  /** How often each marker was reached, over all runs. */
  readonly reached: Readonly<Record<string, number>>;
  /** In how many runs each check could not tell whether it holds; those that always could are left out. */
  readonly undecided: Readonly<Record<string, number>>;
  /** How often each kind of fault struck, over all runs; `core`: how many ended with nobody but a core. */
  readonly struck: Readonly<Record<string, number>>;
  /** How often each host crashed in a storm, by a fault or by itself, over all runs. */
  readonly crashed: Readonly<Record<string, number>>;
  /** Runs that were made twice and compared. */
  readonly repeated: number;
  /** Runs that failed by more than the budget says is survivable: hosts took long to boot again, say. */
  readonly unsurvivable: number;
  readonly isInterrupted: boolean;
  /** How many known counterexamples were replayed first; absent where none were. */
  readonly known?: number;
  /** What was made, where it is a part of an exploration. */
  readonly part?: ExplorationPart;
  /** How far the walk through all runs came; only with `strategy: 'exhaustive'`. */
  readonly extent?: ExtentReport;
  /** What else is worth a line: that the file of known counterexamples was damaged, say. */
  readonly remarks?: readonly string[];
  /** What all runs together show; where the options say `statistics: true`. */
  readonly statistics?: Statistics;
}

/**
 * Explores a scenario: makes runs with generated workloads and fault plans, shrinks the first failure to the
 * operations and faults that matter, and throws it with its timeline and a line that replays it. With `bail:
 * false` it makes all runs, and the failure lists those of other kinds.
 *
 * Determinism: the runs are a function of (scenario, seed), and with `corpus: 'use'` of what earlier
 * explorations left; `budgetMs` decides only how many are made.
 *
 * @throws {CheckFailure} If a run fails.
 * @throws {LevelFailure} If no run fails, and all together break a service level of the scenario.
 * @throws {EscapeError} If a host called what cannot be made deterministic: the set-up is to be mended, so
 *   nothing is shrunk.
 * @throws {DivergenceError} If a repeated run differs from its first time.
 * @throws {VacuousError} If a declared `sometimes` was never reached, or a declared fault never struck; see
 *   `vacuity`.
 * @throws {OptionError} If an option is out of range; nothing has run then.
 * @example
 * test('checkout keeps its promises', async () => {
 *   await explore(checkout, { runs: 300 });
 * });
 */
export async function explore<Workload>(
  scenario: Scenario<Workload>,
  options: ExploreOptions = {},
): Promise<Exploration> {
  return exploreWith(scenario, options);
}

/** As {@link explore}, with blocks that are made elsewhere. */
export async function exploreWith<Workload>(
  scenario: Scenario<Workload>,
  options: ExploreOptions,
  makeBlocks?: MakeBlocks<Workload>,
): Promise<Exploration> {
  const search = new Search(scenario, options);
  if (currentHost() !== undefined) {
    throw new EnvironmentError('explore() was called by code that runs inside of a simulation.');
  }
  const lines = callerLines();
  const exploring =
    makeBlocks === undefined
      ? whileInstalled(scenario, () => search.run((task) => makeBlocksHere(scenario, task)))
      : search.run(makeBlocks);
  return exploring.catch((error: unknown) => {
    throw calledFrom(error, lines);
  });
}
