// One exploration: takes block after block, counts what the runs show, and makes of the first failure what is
// thrown.

import { sharedPump } from '../ambient/shared-pump.ts';
import { OptionError } from '../errors.ts';
import { isScenario } from '../scenario/define-scenario.ts';
import { withReportOptions } from '../scenario/report-options.ts';
import type { RunResult } from '../scenario/result.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { runOnce } from '../scenario/simulate.ts';
import { BlockRuns, type FoundFailure } from './block-runs.ts';
import { blocksOf } from './blocks.ts';
import { divergenceOf } from './divergence.ts';
import { explain } from './explanation.ts';
import type { Exploration } from './explore.ts';
import { checkExploreOptions, type CheckedExploreOptions, type ExploreOptions } from './explore-options.ts';
import { LevelFailure, type BrokenLevel } from './level-failure.ts';
import { refuseEscape } from './refuse-escape.ts';
import { replayLineOf } from './replay.ts';
import { levelStatistics, LevelCounts, type JudgedLevel, type WorstRun } from './service-levels.ts';
import { shrink } from './shrink.ts';
import { Gathering } from './statistics/gathering.ts';
import type { Proposal } from './strategies/strategy.ts';
import { Tally } from './tally.ts';
import { toldFailure } from './told-failure.ts';
import { encodeToken, type Ticket } from './token.ts';
import { refuseVacuous } from './vacuity.ts';

/** Explores a scenario once. */
export class Search<Workload> {
  readonly #scenario: Scenario<Workload>;
  readonly #options: CheckedExploreOptions;
  readonly #tally: Tally;
  readonly #gathering: Gathering | undefined;
  readonly #levels: LevelCounts;
  #shrinkRuns = 0;
  #endMs = Number.POSITIVE_INFINITY;

  /** @throws {OptionError} If an option is out of range. */
  constructor(scenario: Scenario<Workload>, options: ExploreOptions) {
    if (!isScenario(scenario)) throw OptionError.expected('scenario', 'made by defineScenario()', scenario);
    this.#scenario = scenario;
    this.#options = checkExploreOptions(options);
    this.#gathering = this.#options.hasStatistics ? new Gathering() : undefined;
    this.#levels = new LevelCounts(scenario.serviceLevels);
    this.#tally = new Tally(scenario.hosts.keys());
  }

  /** Makes the runs, while the ambient layer is installed. */
  async run(): Promise<Exploration> {
    try {
      return await this.#explored();
    } catch (error) {
      // Whatever ended it, reports tell how far it came.
      if (error instanceof Error && !('exploration' in error)) {
        Object.defineProperty(error, 'exploration', {
          value: this.#exploration(this.#levels.judge()),
          enumerable: false,
        });
      }
      throw error;
    }
  }

  async #explored(): Promise<Exploration> {
    const { budgetMs, signal } = this.#options;
    this.#endMs = performance.now() + budgetMs;
    const found = await this.#firstFailure();
    if (found !== undefined) throw await this.#failure(found);
    const levels = this.#levels.judge();
    const exploration = this.#exploration(levels);
    if (signal?.aborted === true) return exploration;
    this.#refuseBroken(levels, exploration);
    this.#refuseVacuous(levels);
    return exploration;
  }

  async #firstFailure(): Promise<FoundFailure<Workload> | undefined> {
    const runs = new BlockRuns(this.#scenario, {
      repeatEvery: this.#options.repeatEvery,
      keepsTraffic: this.#gathering !== undefined || this.#scenario.serviceLevels.length > 0,
      isOver: () => this.#isOver(),
      onRun: (result, proposal) => this.#count(result, proposal),
      onRepeated: () => this.#tally.repeated++,
    });
    for (const block of blocksOf(this.#options)) {
      if (this.#isOver()) return undefined;
      const found = await runs.make(block);
      // What follows takes a while, and is no host's fault.
      await sharedPump().leave();
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Whether no further run may begin, but for those that shrink. */
  #isOver(): boolean {
    return this.#options.signal?.aborted === true || performance.now() >= this.#endMs;
  }

  #count(result: RunResult<Workload>, proposal: Proposal): void {
    this.#tally.add(result);
    this.#gathering?.add(result, proposal);
    this.#levels.add(result);
    this.#tell('exploring');
  }

  #tell(phase: 'exploring' | 'shrinking'): void {
    const { runs, virtualMs } = this.#tally;
    this.#options.onProgress?.({ phase, runs, shrinkRuns: this.#shrinkRuns, virtualMs });
  }

  #exploration(levels: readonly JudgedLevel[]): Exploration {
    const statistics = this.#gathering?.statistics(this.#options.past, levels.map(levelStatistics));
    return {
      scenario: this.#scenario.name,
      seed: this.#options.seed,
      ...this.#tally.counts(),
      isInterrupted: this.#options.signal?.aborted === true,
      ...(statistics === undefined ? {} : { statistics }),
    };
  }

  /** Shrinks what was found, makes it once more, recorded, and tells its story. */
  async #failure(found: FoundFailure<Workload>): Promise<Error> {
    const scenario = this.#scenario;
    const { shrinkRunsMax, signal } = this.#options;
    this.#gathering?.noteFailure(found.result, undefined);
    const shrunk = await shrink(scenario, found, {
      runsMax: shrinkRunsMax,
      signal,
      onRun: (result) => {
        this.#shrinkRuns++;
        this.#tell('shrinking');
        if (result.verdict !== 'unsurvivable') {
          this.#gathering?.noteFailure(result, found.result.violations[0]);
        }
      },
    });
    const [plan, workload, seed] = shrunk.input;
    const input = { scenario, seed, workload, plan, isRecorded: true };
    const result = await runOnce(input);
    // Recorded runs are watched: one may show an escape that went unseen before.
    refuseEscape(result);
    if (shrunk.result.hash !== result.hash) return divergenceOf(input, shrunk.result, result);
    const explanation = await explain(scenario, result, signal);
    const [violation] = result.violations;
    const failure = violation === undefined ? undefined : ([violation.code, violation.name] as const);
    return toldFailure({
      ...this.#replayOf(result, failure),
      ...{ hosts: scenario.hosts.keys(), result, explanation, found: found.result },
      runs: { explored: this.#tally.runs, shrinking: this.#shrinkRuns },
      exploration: this.#exploration(this.#levels.judge()),
      report: withReportOptions(scenario.report, this.#options.report),
    });
  }

  #replayOf(
    run: WorstRun['run'],
    failure: Ticket['failure'],
  ): { token: string; replayLine: string; remarks: string[] } {
    const { scenario, seed, workload, plan, hash } = run;
    try {
      const token = encodeToken({ scenario, seed, workload, plan, hash, failure });
      return { token, replayLine: replayLineOf(this.#scenario, token), remarks: [] };
    } catch (error) {
      const { runs } = this.#tally;
      const replayLine = `await explore(scenario, { seed: ${this.#options.seed}, runs: ${runs} })`;
      return {
        token: '',
        replayLine,
        remarks: [`no token: ${(error as Error).message}; exploring again finds it again`],
      };
    }
  }

  /** @throws {LevelFailure} If a level is broken. */
  #refuseBroken(levels: readonly JudgedLevel[], exploration: Exploration): void {
    const broken = levels.filter(({ judgement }) => judgement.verdict === 'illegal');
    if (broken.length === 0) return;
    const shown = broken.map((judged): BrokenLevel => ({
      ...levelStatistics(judged),
      worst: judged.worst.map(({ text, run }) => {
        const { token, replayLine } = this.#replayOf(run, undefined);
        return { seed: run.seed, text, token, replayLine };
      }),
    }));
    throw new LevelFailure(shown, exploration);
  }

  #refuseVacuous(levels: readonly JudgedLevel[]): void {
    const { vacuity } = this.#options;
    if (vacuity === undefined) return;
    const undecided = new Map(this.#tally.undecided);
    // With few runs a percentile has few samples.
    const unknown = levels.filter(({ judgement }) => judgement.verdict === 'unknown');
    if (this.#tally.runs >= vacuity.faultRunsMin)
      for (const { level } of unknown) undecided.set(level.title, this.#tally.runs);
    const { runs, reached, struck, crashed } = this.#tally;
    const counts = { runs, reached, undecided, struck, crashed };
    refuseVacuous(this.#scenario, counts, vacuity);
  }
}
