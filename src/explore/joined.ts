// What the blocks of an exploration came to, joined in their order: the same, whoever made them.

import type { ExtentReport, PastExploration } from '../report/document.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { BlockResult, FoundFailure } from './block-result.ts';
import type { Exploration } from './explore.ts';
import { levelStatistics, LevelCounts, type JudgedLevel } from './service-levels.ts';
import { Gathering, signatureOf } from './statistics/gathering.ts';
import { Tally } from './tally.ts';

/** The blocks of an exploration, joined. */
export class Joined<Workload> {
  readonly tally: Tally;
  readonly levels: LevelCounts;
  /** Where the exploration has statistics. */
  readonly gathering: Gathering | undefined;
  /** What ended the exploration. */
  error: Error | undefined;
  /** Of the one block of an exploration that makes all runs within a bound. */
  #extent: ExtentReport | undefined;
  readonly #failures = new Map<string, FoundFailure<Workload>>();

  constructor(scenario: Pick<Scenario<Workload>, 'hosts' | 'serviceLevels'>, hasStatistics: boolean) {
    this.tally = new Tally(scenario.hosts.keys());
    this.levels = new LevelCounts(scenario.serviceLevels);
    this.gathering = hasStatistics ? new Gathering() : undefined;
  }

  /** Adds the next block. */
  add({ tally, gathered, levels, failures, extent, error }: BlockResult<Workload>): void {
    this.tally.merge(tally);
    if (gathered !== undefined) this.gathering?.merge(gathered);
    this.levels.merge(levels);
    this.error ??= error;
    this.#extent ??= extent;
    for (const found of failures) {
      const signature = signatureOf(found);
      const alike = this.#failures.get(signature);
      const runs = (alike?.runs ?? 0) + found.runs;
      this.#failures.set(signature, { ...(alike ?? found), runs });
      this.gathering?.noteFailures(found, found.proposal.seed, found.runs);
    }
  }

  /** The first failure of each kind, in the order of their numbers. */
  get failures(): FoundFailure<Workload>[] {
    return [...this.#failures.values()];
  }

  /** Whether runs of the exploration failed like this. */
  has(failure: Pick<FoundFailure, 'code' | 'name'>): boolean {
    return this.#failures.has(signatureOf(failure));
  }

  /** As `explore` gives it back. */
  exploration(
    base: Pick<Exploration, 'scenario' | 'seed' | 'isInterrupted'>,
    past: readonly PastExploration[] | undefined,
    levels: readonly JudgedLevel[] = this.levels.judge(),
  ): Exploration {
    const statistics = this.gathering?.statistics(past, levels.map(levelStatistics));
    const { scenario, seed, isInterrupted } = base;
    return {
      ...{ scenario, seed, ...this.tally.counts(), isInterrupted },
      ...(this.#extent === undefined ? {} : { extent: this.#extent }),
      ...(statistics === undefined ? {} : { statistics }),
    };
  }
}
