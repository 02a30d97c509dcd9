// The options of an exploration: what they mean, their defaults, and what is refused before anything runs.

import { OptionError, checkKeys, nearMiss } from '../errors.ts';
import type { PastExploration } from '../report/document.ts';
import { checkReportOptions, type ReportOptions } from '../scenario/report-options.ts';
import { checkSeed } from '../scenario/simulate.ts';
import { corpusUse, type CheckedCorpusUse, type CorpusUse } from './memory/corpus-use.ts';
import type { RegressionsUse } from './memory/known-failures.ts';
import { regressionsUse } from './memory/regressions-use.ts';
import { runEnvironment, seedNote } from './run-environment.ts';
import { checkShard, type Shard } from './shard.ts';
import { checkBound, type ExhaustiveBound } from './strategies/exhaustive-bound.ts';
import { STRATEGIES, STRATEGY_DEFAULT, isWhole } from './strategies/table.ts';
import type { VacuityOptions } from './vacuity.ts';

/** Options of `explore`. */
export interface ExploreOptions {
  /**
   * How many runs. Default 100, and 10,000 at most with `strategy: 'exhaustive'`; without a limit when
   * `budgetMs` is given. `WAVETANK_RUNS` comes before it.
   */
  readonly runs?: number;
  /**
   * Real milliseconds after which no further run begins, but for those that shrink a failure; one run is
   * always made. Default: none.
   */
  readonly budgetMs?: number;
  /**
   * From 0 to 2^32 - 1. Default 1: the same runs every time; in CI (`CI=true`) the first 32 bits of the
   * commit's hash. `WAVETANK_SEED` comes before both.
   */
  readonly seed?: number;
  /**
   * Who chooses the runs: `'timed-random'`, `'pct'`, `'bounded'`, `'feedback'`, or all of these in turn:
   * `'portfolio'`, the default. `'exhaustive'` makes all runs within a bound.
   */
  readonly strategy?: string;
  /**
   * How far `strategy: 'exhaustive'` goes, which makes all runs of the first workload within this bound and
   * tells in `extent` whether any is left. Default: every order of events, with up to one fault.
   */
  readonly exhaustive?: ExhaustiveBound;
  /**
   * What is done with the file of counterexamples beside the scenario's own, `NAME.sim.regressions.json`.
   * `'write'`: what it has is replayed first, and what is found is added. `'read'`: it is replayed only.
   * `'off'`: neither. Default: what `WAVETANK_REGRESSIONS` says, else `'write'`, and `'read'` in CI.
   * Scenarios of files that are not named `*.sim.ts` have none.
   */
  readonly regressions?: RegressionsUse;
  /**
   * `'use'`: the exploration begins with the inputs whose runs were news in earlier ones, and adds its own,
   * in `.wavetank/corpus` of the working folder; each goes on with the next seed. So its runs are others each
   * time. Only for strategies that learn; not in CI, for a shard, or where a seed is given. Default: what
   * `WAVETANK_CORPUS` says, else `'off'`.
   */
  readonly corpus?: CorpusUse;
  /**
   * Which part of the exploration is made: that of one machine of several. What is only known of the whole
   * (vacuity, service levels) is then not judged; `wavetank merge-reports` does. Default: all of it.
   */
  readonly shard?: Shard;
  /**
   * Whether the environment of the process is heeded: `WAVETANK_SEED`, `WAVETANK_RUNS`, and in CI the commit.
   * Default true.
   */
  readonly environment?: boolean;
  /** Every how-many-eth run is made twice and compared; the first one always is. Default 20. */
  readonly repeatEvery?: number;
  /**
   * Whether the first failure ends the exploration. `false`: all runs are made, and what failed otherwise is
   * in `others` of the failure. Default true; the command line says false.
   */
  readonly bail?: boolean;
  /** Runs that shrinking a failure may take; 0: it is told as it was found. Default 2,000. */
  readonly shrinkRunsMax?: number;
  /**
   * From how many runs on the exploration fails when it passed without reaching what it declares, or without
   * a strike of each kind of fault in its budget. `false`: it does not. Default: from the first run on for
   * `sometimes`, from 100 on for faults.
   */
  readonly vacuity?: false | VacuityOptions;
  /**
   * Whether statistics are gathered: how long requests took, how many behaviours there were. The runs are the
   * same in both cases, and up to a tenth slower. Default false; the command line says true.
   */
  readonly statistics?: boolean;
  /** Earlier explorations of the scenario, which the statistics then have, too. Default: none. */
  readonly past?: readonly PastExploration[];
  /** What the message of a failure may show, besides what the scenario says. */
  readonly report?: ReportOptions;
  /** Told after each run. */
  readonly onProgress?: (progress: Progress) => void;
  /** Stops the exploration after the current run; it returns what it did so far. */
  readonly signal?: AbortSignal;
}

/** How far an exploration got. */
export interface Progress {
  readonly phase: 'exploring' | 'shrinking';
  readonly runs: number;
  readonly shrinkRuns: number;
  readonly virtualMs: number;
  /** Real milliseconds since it began, and until no further run begins, where there is a budget. */
  readonly elapsedMs: number;
  readonly leftMs?: number;
  /** Where there is a limit of runs that is reached unless something else ends it. */
  readonly runsLeft?: number;
  /** What failed so far, by what makes failures alike; of runs that are made at this moment not yet. */
  readonly failures: readonly { readonly code: string; readonly name: string; readonly runs: number }[];
}

/** Options with every default filled in. */
export interface CheckedExploreOptions {
  readonly runsMax: number;
  readonly budgetMs: number;
  readonly seed: number;
  readonly strategy: string;
  /** Undefined where it is not said. */
  readonly exhaustive: ExhaustiveBound | undefined;
  readonly regressions: RegressionsUse;
  readonly corpus: CheckedCorpusUse;
  readonly shard: Shard | undefined;
  /** How to explore from the seed again; undefined where the code says it. */
  readonly seedNote: string | undefined;
  readonly repeatEvery: number;
  readonly bail: boolean;
  readonly shrinkRunsMax: number;
  /** Undefined where it is off. */
  readonly vacuity: Required<VacuityOptions> | undefined;
  readonly hasStatistics: boolean;
  readonly past: readonly PastExploration[] | undefined;
  readonly report: ReportOptions;
  readonly onProgress: ((progress: Progress) => void) | undefined;
  readonly signal: AbortSignal | undefined;
}

const RUNS_DEFAULT = 100;
/** Of a walk that ends by itself, unless the scenario is too large for it. */
const WHOLE_RUNS_DEFAULT = 10_000;

const KNOWN = [
  ...['runs', 'budgetMs', 'seed', 'environment', 'strategy', 'regressions', 'corpus', 'bail'],
  ...['repeatEvery', 'shrinkRunsMax', 'vacuity', 'shard', 'exhaustive'],
  ...['report', 'statistics', 'past', 'onProgress', 'signal'],
];

/** @throws {OptionError} If an option is unknown or out of range. */
export function checkExploreOptions(options: ExploreOptions): CheckedExploreOptions {
  if (typeof options !== 'object' || options === null) {
    throw OptionError.expected('explore(scenario, options)', 'an object', options);
  }
  for (const key of Object.keys(options)) {
    if (!KNOWN.includes(key))
      throw new OptionError(`explore: unknown option "${key}"${nearMiss(key, KNOWN)}`);
  }
  const { runs, budgetMs, environment, bail = true, statistics = false, past, onProgress, signal } = options;
  if (typeof bail !== 'boolean') throw OptionError.expected('bail', 'true or false', bail);
  if (environment !== undefined && typeof environment !== 'boolean')
    throw OptionError.expected('environment', 'true or false', environment);
  if (typeof statistics !== 'boolean') throw OptionError.expected('statistics', 'true or false', statistics);
  if (past !== undefined && !Array.isArray(past)) throw OptionError.expected('past', 'a list', past);
  if (onProgress !== undefined && typeof onProgress !== 'function') {
    throw OptionError.expected('onProgress', 'a function', onProgress);
  }
  if (signal !== undefined && typeof (signal as Partial<AbortSignal> | null)?.aborted !== 'boolean') {
    throw OptionError.expected('signal', 'an AbortSignal', signal);
  }
  const runsDefault = isWalk(options) ? WHOLE_RUNS_DEFAULT : RUNS_DEFAULT;
  const runsMax = wholeNumber(
    'runs',
    runs ?? (budgetMs === undefined ? runsDefault : Number.MAX_SAFE_INTEGER),
  );
  const seed = checkSeed('seed', options.seed ?? 1);
  const surrounding = runEnvironment(options);
  const hasSeed = (options.seed ?? surrounding.seed) !== undefined;
  const strategy = checkStrategy('strategy', options.strategy ?? STRATEGY_DEFAULT);
  const shard = checkedShard(options);
  return {
    runsMax: surrounding.runs ?? runsMax,
    budgetMs: budgetMs === undefined ? Number.POSITIVE_INFINITY : checkedBudgetMs(budgetMs),
    seed: surrounding.seed ?? seed,
    seedNote: seedNote(surrounding),
    strategy,
    regressions: regressionsUse(options.regressions),
    corpus: corpusUse(options.corpus, { hasSeed, isPart: shard !== undefined, strategy }),
    shard,
    exhaustive: checkedBound(options),
    repeatEvery: wholeNumber('repeatEvery', options.repeatEvery ?? 20),
    bail,
    shrinkRunsMax: wholeNumber('shrinkRunsMax', options.shrinkRunsMax ?? 2_000, 0),
    vacuity: checkedVacuity(options.vacuity ?? {}),
    hasStatistics: statistics,
    past,
    report: checkReportOptions(options.report ?? {}),
    onProgress,
    signal,
  };
}

/** @throws {OptionError} If there is no strategy of that name. */
export function checkStrategy(option: string, name: unknown): string {
  if (typeof name === 'string' && Object.hasOwn(STRATEGIES, name)) return name;
  const known = Object.keys(STRATEGIES);
  if (typeof name !== 'string') throw OptionError.expected(option, known.join(', '), name);
  throw new OptionError(`${option}: unknown strategy "${name}"${nearMiss(name, known)}`);
}

/** Whether it is a walk through all runs. */
function isWalk({ strategy }: ExploreOptions): boolean {
  return typeof strategy === 'string' && isWhole(strategy);
}

function checkedShard(options: ExploreOptions): Shard | undefined {
  const shard = checkShard(options.shard);
  if (shard === undefined || shard.of === 1 || !isWalk(options)) return shard;
  throw new OptionError(
    `shard: strategy "${options.strategy}" is one walk, each of whose runs depends on those before it, so ` +
      `it cannot be shared out; got ${shard.index}/${shard.of}. Make it on one machine, without a shard ` +
      '(or as --shard 1/1, where a service sets one).',
  );
}

function checkedBound(options: ExploreOptions): ExhaustiveBound | undefined {
  const { exhaustive, strategy } = options;
  if (exhaustive === undefined) return undefined;
  checkBound('exhaustive', exhaustive);
  if (isWalk(options)) return { ...exhaustive };
  const other = strategy === undefined ? 'there is no `strategy`' : `the strategy is "${strategy}"`;
  throw new OptionError(
    `exhaustive: is the bound of strategy "exhaustive", and ${other}: say ` +
      "`strategy: 'exhaustive'`, or leave it out.",
  );
}

function checkedVacuity(vacuity: unknown): Required<VacuityOptions> | undefined {
  if (vacuity === false) return undefined;
  if (typeof vacuity !== 'object' || vacuity === null)
    throw OptionError.expected('vacuity', 'false, or an object', vacuity);
  checkKeys('vacuity', vacuity, ['sometimesRunsMin', 'faultRunsMin']);
  const { sometimesRunsMin = 1, faultRunsMin = 100 } = vacuity as VacuityOptions;
  return {
    sometimesRunsMin: wholeNumber('vacuity.sometimesRunsMin', sometimesRunsMin),
    faultRunsMin: wholeNumber('vacuity.faultRunsMin', faultRunsMin),
  };
}

function wholeNumber(option: string, value: unknown, min = 1): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= min) return value;
  throw OptionError.expected(option, `an integer >= ${min}`, value);
}

function checkedBudgetMs(value: unknown): number {
  if (typeof value === 'number' && Number.isFinite(value) && value > 0) return value;
  throw OptionError.expected('budgetMs', 'a finite number of milliseconds > 0', value);
}
