// The options of an exploration: what they mean, their defaults, and what is refused before anything runs.

import { OptionError, checkKeys, nearMiss } from '../errors.ts';
import type { PastExploration } from '../report/document.ts';
import { checkReportOptions, type ReportOptions } from '../scenario/report-options.ts';
import { checkSeed } from '../scenario/simulate.ts';
import { STRATEGIES } from './strategies/table.ts';
import type { VacuityOptions } from './vacuity.ts';

/** Options of `explore`. */
export interface ExploreOptions {
  /** How many runs. Default 100; without a limit when `budgetMs` is given. */
  readonly runs?: number;
  /**
   * Real milliseconds after which no further run begins, but for those that shrink a failure. Default:
   * none.
   */
  readonly budgetMs?: number;
  /** From 0 to 2^32 - 1. Default 1: the same runs every time. */
  readonly seed?: number;
  /**
   * Who chooses the runs: `'timed-random'`, `'pct'`, `'bounded'`, `'feedback'`, or all of them in turn:
   * `'portfolio'`. Default `'timed-random'`.
   */
  readonly strategy?: string;
  /** Every how-many-eth run is made twice and compared; the first one always is. Default 20. */
  readonly repeatEvery?: number;
  /** Runs that shrinking may take. Default 2,000. */
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
}

/** Options with every default filled in. */
export interface CheckedExploreOptions {
  readonly runsMax: number;
  readonly budgetMs: number;
  readonly seed: number;
  readonly strategy: string;
  readonly repeatEvery: number;
  readonly shrinkRunsMax: number;
  /** Undefined where it is off. */
  readonly vacuity: Required<VacuityOptions> | undefined;
  readonly hasStatistics: boolean;
  readonly past: readonly PastExploration[] | undefined;
  readonly report: ReportOptions;
  readonly onProgress: ((progress: Progress) => void) | undefined;
  readonly signal: AbortSignal | undefined;
}

const KNOWN = [
  ...['runs', 'budgetMs', 'seed', 'strategy', 'repeatEvery', 'shrinkRunsMax', 'vacuity'],
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
  const { runs, budgetMs, statistics = false, past, onProgress, signal } = options;
  if (typeof statistics !== 'boolean') throw OptionError.expected('statistics', 'true or false', statistics);
  if (past !== undefined && !Array.isArray(past)) throw OptionError.expected('past', 'a list', past);
  if (onProgress !== undefined && typeof onProgress !== 'function') {
    throw OptionError.expected('onProgress', 'a function', onProgress);
  }
  if (signal !== undefined && typeof (signal as Partial<AbortSignal> | null)?.aborted !== 'boolean') {
    throw OptionError.expected('signal', 'an AbortSignal', signal);
  }
  return {
    runsMax: wholeNumber('runs', runs ?? (budgetMs === undefined ? 100 : Number.MAX_SAFE_INTEGER)),
    budgetMs: budgetMs === undefined ? Number.POSITIVE_INFINITY : checkedBudgetMs(budgetMs),
    seed: checkSeed('seed', options.seed ?? 1),
    strategy: checkStrategy('strategy', options.strategy ?? 'timed-random'),
    repeatEvery: wholeNumber('repeatEvery', options.repeatEvery ?? 20),
    shrinkRunsMax: wholeNumber('shrinkRunsMax', options.shrinkRunsMax ?? 2_000),
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

function wholeNumber(option: string, value: unknown): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 1) return value;
  throw OptionError.expected(option, 'an integer >= 1', value);
}

function checkedBudgetMs(value: unknown): number {
  if (typeof value === 'number' && Number.isFinite(value) && value > 0) return value;
  throw OptionError.expected('budgetMs', 'a finite number of milliseconds > 0', value);
}
