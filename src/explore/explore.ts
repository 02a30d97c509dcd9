// `explore`: many runs as a fast-check property; the first failure is shrunk, recorded and thrown.

import fc from 'fast-check';
import { currentHost } from '../ambient/registry.ts';
import { sharedPump } from '../ambient/shared-pump.ts';
import { callerLines } from '../engine/call-site.ts';
import { EnvironmentError, OptionError } from '../errors.ts';
import { combine32 } from '../random/hash.ts';
import type { Statistics } from '../report/document.ts';
import { isScenario } from '../scenario/define-scenario.ts';
import { withReportOptions } from '../scenario/report-options.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { RunResult, Violation } from '../scenario/result.ts';
import { runOnce, whileInstalled } from '../scenario/simulate.ts';
import { calledFrom } from './check-failure.ts';
import { assertSameRun, divergenceOf } from './divergence.ts';
import { checkExploreOptions, type CheckedExploreOptions, type ExploreOptions } from './explore-options.ts';
import { explain } from './explanation.ts';
import { LevelFailure, type BrokenLevel } from './level-failure.ts';
import { refuseEscape } from './refuse-escape.ts';
import { replayLineOf } from './replay.ts';
import { withNote } from './noted-error.ts';
import { runCases, type RunCase } from './run-cases.ts';
import { levelStatistics, LevelCounts, type JudgedLevel, type WorstRun } from './service-levels.ts';
import { Gathering } from './statistics/gathering.ts';
import { Tally } from './tally.ts';
import { toldFailure } from './told-failure.ts';
import { encodeToken, type Ticket } from './token.ts';
import { refuseVacuous } from './vacuity.ts';

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
  /** What all runs together show; where the options say `statistics: true`. */
  readonly statistics?: Statistics;
}

/** Runs that one fast-check property makes: few enough to look at the clock between two of them. */
const BATCH = 50;

/**
 * Explores a scenario: makes runs with generated workloads and fault plans, shrinks the first failure to the
 * operations and faults that matter, and throws it with its timeline and a line that replays it.
 *
 * Determinism: the runs are a function of (scenario, seed); `budgetMs` decides only how many are made.
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
  const search = new Search(scenario, options);
  if (currentHost() !== undefined) {
    throw new EnvironmentError('explore() was called by code that runs inside of a simulation.');
  }
  const lines = callerLines();
  return whileInstalled(scenario, () => search.run()).catch((error: unknown) => {
    throw calledFrom(error, lines);
  });
}

class Search<Workload> {
  readonly #scenario: Scenario<Workload>;
  readonly #options: CheckedExploreOptions;
  readonly #tally: Tally;
  readonly #gathering: Gathering | undefined;
  readonly #levels: LevelCounts;
  #shrinkRuns = 0;
  #endMs = Number.POSITIVE_INFINITY;
  /** The first run that failed. */
  #found: RunResult<Workload> | undefined;
  /** The last run that failed like it: the smallest so far. */
  #smallest: RunResult<Workload> | undefined;
  #broken: Error | undefined;

  constructor(scenario: Scenario<Workload>, options: ExploreOptions) {
    if (!isScenario(scenario)) throw OptionError.expected('scenario', 'made by defineScenario()', scenario);
    this.#scenario = scenario;
    this.#options = checkExploreOptions(options);
    this.#gathering = this.#options.hasStatistics ? new Gathering() : undefined;
    this.#levels = new LevelCounts(scenario.serviceLevels);
    this.#tally = new Tally(scenario.hosts.keys());
  }

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
      throw withNote(error, this.#options.seedNote);
    }
  }

  async #explored(): Promise<Exploration> {
    const { runsMax, budgetMs, seed, signal } = this.#options;
    this.#endMs = performance.now() + budgetMs;
    const property = fc.asyncProperty(runCases(this.#scenario), (input) => this.#passes(input));
    for (let batch = 0; this.#tally.runs < runsMax && !this.#isOver(); batch++) {
      const counterexample = await this.#batch(property, combine32(seed, batch));
      // Telling its story takes a while, and is no host's fault.
      await sharedPump().leave();
      if (counterexample !== undefined) throw await this.#failure(counterexample);
    }
    const levels = this.#levels.judge();
    const exploration = this.#exploration(levels);
    if (signal?.aborted === true) return exploration;
    this.#refuseBroken(levels, exploration);
    this.#refuseVacuous(levels);
    return exploration;
  }

  #exploration(levels: readonly JudgedLevel[]): Exploration {
    const statistics = this.#statistics(levels);
    return {
      scenario: this.#scenario.name,
      seed: this.#options.seed,
      ...this.#tally.counts(),
      isInterrupted: this.#options.signal?.aborted === true,
      ...(statistics === undefined ? {} : { statistics }),
    };
  }

  /** Whether no further run may begin, but for those that shrink. */
  #isOver(): boolean {
    return this.#options.signal?.aborted === true || performance.now() >= this.#endMs;
  }

  async #batch(
    property: fc.IAsyncProperty<[RunCase<Workload>]>,
    seed: number,
  ): Promise<RunCase<Workload> | undefined> {
    const numRuns = Math.min(BATCH, this.#options.runsMax - this.#tally.runs);
    const details = await fc.check(property, { numRuns, seed: seed | 0 });
    if (this.#broken !== undefined) throw this.#broken;
    return details.failed ? details.counterexample?.[0] : undefined;
  }

  async #passes(input: RunCase<Workload>): Promise<boolean> {
    if (this.#broken !== undefined) return true;
    try {
      return await this.#tryCase(input);
    } catch (error) {
      // A divergence, an escape, or a fault of our own: no counterexample, so nothing to shrink.
      this.#broken = error as Error;
      return true;
    }
  }

  async #tryCase([plan, workload, seed]: RunCase<Workload>): Promise<boolean> {
    const { shrinkRunsMax, repeatEvery, signal } = this.#options;
    const isShrinking = this.#found !== undefined;
    if (isShrinking ? signal?.aborted === true : this.#isOver()) return true;
    if (isShrinking && this.#shrinkRuns >= shrinkRunsMax) return true;
    const isFirst = this.#tally.runs === 0;
    const isRepeated = !isShrinking && this.#tally.runs % repeatEvery === 0;
    // The first run may differ from all others, so it is recorded at once; others when they are seen to
    // differ.
    const keepsTraffic = !isShrinking && this.#keepsTraffic;
    const input = { scenario: this.#scenario, seed, workload, plan, isRecorded: isFirst, keepsTraffic };
    const result = await runOnce(input);
    if (!isShrinking) refuseEscape(result);
    if (isRepeated) {
      this.#tally.repeated++;
      const again = await runOnce(input);
      refuseEscape(again);
      if (isFirst) assertSameRun(result, again);
      else if (again.hash !== result.hash) throw await divergenceOf(input, result, again);
    }
    if (isShrinking) this.#shrinkRuns++;
    else this.#count(result);
    this.#options.onProgress?.({
      phase: isShrinking ? 'shrinking' : 'exploring',
      runs: this.#tally.runs,
      shrinkRuns: this.#shrinkRuns,
      virtualMs: this.#tally.virtualMs,
    });
    const [violation] = result.violations;
    // Beyond the budget a failure is no bug, and shrinking does not go there either.
    if (violation === undefined || result.verdict === 'unsurvivable') return true;
    this.#gathering?.noteFailure(result, this.#found?.violations[0]);
    this.#found ??= result;
    if (!isAlike(violation, this.#found.violations[0] as Violation)) return true;
    this.#smallest = result;
    return false;
  }

  #count(result: RunResult<Workload>): void {
    this.#tally.add(result);
    this.#gathering?.add(result);
    this.#levels.add(result);
  }

  get #keepsTraffic(): boolean {
    return this.#gathering !== undefined || this.#scenario.serviceLevels.length > 0;
  }

  #statistics(levels: readonly JudgedLevel[]): Statistics | undefined {
    return this.#gathering?.statistics(this.#options.past, levels.map(levelStatistics));
  }

  /** Makes the shrunk run once more, recorded, and tells its story. */
  async #failure([plan, workload, seed]: RunCase<Workload>): Promise<Error> {
    const scenario = this.#scenario;
    const input = { scenario, seed, workload, plan, isRecorded: true };
    const result = await runOnce(input);
    // Recorded runs are watched: one may show an escape that went unseen before.
    refuseEscape(result);
    const smallest = this.#smallest ?? result;
    if (smallest.hash !== result.hash) return divergenceOf(input, smallest, result);
    const explanation = await explain(scenario, result, this.#options.signal);
    const [violation] = result.violations;
    const failure = violation === undefined ? undefined : ([violation.code, violation.name] as const);
    return toldFailure({
      ...this.#replayOf(result, failure),
      ...{ hosts: scenario.hosts.keys(), result, explanation, found: this.#found ?? result },
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

function isAlike(left: Violation, right: Violation): boolean {
  return left.code === right.code && left.name === right.name;
}
