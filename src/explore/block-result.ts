// What became of a block: plain data, so that it can be made in another process and joined with others.

import type fc from 'fast-check';
import type { ExtentReport } from '../report/document.ts';
import type { RunResult, Violation } from '../scenario/result.ts';
import type { Entry } from './corpus/entry.ts';
import type { RunCase } from './run-cases.ts';
import type { LevelData } from './service-levels.ts';
import type { SoundingRun } from './soundings.ts';
import type { GatheringData } from './statistics/gathering.ts';
import type { Proposal } from './strategies/strategy.ts';
import type { TallyData } from './tally.ts';

/** How a run ended the process that made it, and where it was then. */
export interface Death extends Pick<Violation, 'code' | 'name' | 'message' | 'atMs' | 'step' | 'host'> {
  /** What is to be known about the process besides. */
  readonly remarks: readonly string[];
  /** It died in a run that was looked at to choose this one. */
  readonly sounding?: SoundingRun;
}

/** Runs that failed alike, in one block: the first of them, and how many there were. */
export interface FoundFailure<Workload = unknown> {
  /** The number of the first in the exploration, from 0. */
  readonly number: number;
  readonly proposal: Proposal;
  readonly runs: number;
  readonly code: Violation['code'];
  readonly name: string;
  readonly hash: string;
  /** It was made in a process that it ended. */
  readonly death?: Death;
  /** The run itself, where it was made in this process: its input, with what shrinking needs. */
  readonly live?: LiveFailure<Workload>;
}

/** A run that failed and was made in this process. */
export interface LiveFailure<Workload> {
  readonly value: fc.Value<RunCase<Workload>>;
  readonly result: RunResult<Workload>;
}

/** What became of a block. Everything but `live` and `error` is plain data. */
export interface BlockResult<Workload = unknown> {
  /** That of the block. */
  readonly number: number;
  readonly tally: TallyData;
  /** Where the exploration has statistics. */
  readonly gathered?: GatheringData;
  readonly levels: readonly LevelData[];
  /** One for each signature, in the order of their numbers. */
  readonly failures: readonly FoundFailure<Workload>[];
  /** What its strategy found that later explorations may begin with. */
  readonly harvest: readonly Entry[];
  /** Where its strategy makes all runs within a bound: how far it came. */
  readonly extent?: ExtentReport;
  /** What ended the exploration: a divergence, an escape, a mistake in the scenario's own code. */
  readonly error?: Error;
}

/** Whether no later block counts. */
export function isLast({ error, failures }: BlockResult, bail: boolean): boolean {
  return error !== undefined || (bail && failures.length > 0);
}
