// One exploration: takes in block after block, and makes of what they came to what is returned or thrown.

import { OptionError } from '../errors.ts';
import { isScenario } from '../scenario/define-scenario.ts';
import type { RunResult } from '../scenario/result.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { whileInstalled } from '../scenario/simulate.ts';
import { isLast } from './block-result.ts';
import { blocksOf } from './blocks.ts';
import type { Exploration } from './explore.ts';
import type { Finding } from './finding.ts';
import { checkExploreOptions, type CheckedExploreOptions, type ExploreOptions } from './explore-options.ts';
import { Joined } from './joined.ts';
import { ExplorationCorpus } from './memory/exploration-corpus.ts';
import { KnownFailures } from './memory/known-failures.ts';
import type { Far, MakeBlocks, Task } from './make-blocks.ts';
import { foundRuns, makeFailure } from './make-failure.ts';
import { makeKnownFailure } from './make-known-failure.ts';
import { makeLevelFailure } from './make-level-failure.ts';
import { withNote } from './noted-error.ts';
import type { JudgedLevel } from './service-levels.ts';
import { blocksOfShard, storedBlock } from './shard.ts';
import { isWhole } from './strategies/table.ts';
import { refuseVacuous } from './vacuity.ts';

const NOTHING: Far = { runs: 0, virtualUs: 0 };

/** Explores a scenario once. */
export class Search<Workload> {
  readonly #scenario: Scenario<Workload>;
  #options: CheckedExploreOptions;
  readonly #joined: Joined<Workload>;
  readonly #known: KnownFailures<Workload>;
  readonly #corpus: ExplorationCorpus;
  /** What became of the blocks of a part. */
  readonly #blocks: unknown[] = [];
  /** How many kinds of failures were kept as they were found. */
  #kept = 0;
  #shrinkRuns = 0;
  #startMs = 0;
  #endMs = Number.POSITIVE_INFINITY;

  /** @throws {OptionError} If an option is out of range. */
  constructor(scenario: Scenario<Workload>, options: ExploreOptions) {
    if (!isScenario(scenario)) throw OptionError.expected('scenario', 'made by defineScenario()', scenario);
    this.#scenario = scenario;
    this.#options = checkExploreOptions(options);
    this.#joined = new Joined(scenario, this.#options.hasStatistics);
    this.#known = new KnownFailures(scenario, this.#options.regressions);
    this.#corpus = new ExplorationCorpus(scenario, this.#options.corpus);
  }

  /** Has the runs made. */
  async run(makeBlocks: MakeBlocks<Workload>): Promise<Exploration> {
    try {
      return await this.#explored(makeBlocks);
    } catch (error) {
      // Whatever ended it, reports tell how far it came.
      if (error instanceof Error && !('exploration' in error)) {
        Object.defineProperty(error, 'exploration', { value: this.#exploration(), enumerable: false });
      }
      throw withNote(error, this.#options.seedNote);
    }
  }

  async #explored(makeBlocks: MakeBlocks<Workload>): Promise<Exploration> {
    const { budgetMs, signal } = this.#options;
    this.#startMs = performance.now();
    this.#endMs = this.#startMs + budgetMs;
    await this.#refuseKnown();
    this.#options = { ...this.#options, seed: this.#corpus.begin(this.#options.seed) };
    try {
      for await (const result of makeBlocks(this.#task())) {
        this.#joined.add(result);
        this.#keepFound();
        this.#corpus.add(result.harvest);
        if (this.#options.shard !== undefined) this.#blocks.push(storedBlock(result));
        if (isLast(result, this.#options.bail)) break;
      }
    } finally {
      this.#corpus.end();
    }
    const { error, failures } = this.#joined;
    if (failures.length > 0) {
      const early = error === undefined ? [] : [`the exploration ended early: ${error.message}`];
      const remarks = [...this.#corpus.remarks, ...early];
      try {
        throw await whileInstalled(this.#scenario, () => makeFailure(this.#finding, failures, remarks));
      } finally {
        this.#known.end();
      }
    }
    if (error !== undefined) throw error;
    const levels = this.#joined.levels.judge();
    const exploration = this.#exploration(levels);
    if (signal?.aborted === true) return exploration;
    // What only the whole shows is judged when its parts are joined.
    const isPart = this.#options.shard !== undefined;
    if (!isPart) this.#refuseBroken(levels, exploration);
    this.#known.refuseStale();
    if (!isPart) this.#refuseVacuous(levels);
    return exploration;
  }

  /** Keeps what failed in a new way at once: it may be long until all runs are made, and it is shrunk. */
  #keepFound(): void {
    const { failures } = this.#joined;
    if (this.#known.keeps && failures.length > this.#kept) {
      for (const run of foundRuns(this.#finding, failures, this.#kept)) this.#known.keepFound(run);
    }
    this.#kept = failures.length;
  }

  /** @throws {CheckFailure} If a known counterexample fails again. */
  async #refuseKnown(): Promise<void> {
    if (!this.#known.read()) return;
    await whileInstalled(this.#scenario, async () => {
      const isOver = (): boolean => this.#options.signal?.aborted === true;
      const again = await this.#known.tryAll(isOver);
      if (again !== undefined) throw await makeKnownFailure(this.#finding, again);
    });
  }

  #task(): Task {
    const { repeatEvery, hasStatistics, bail, exhaustive, signal } = this.#options;
    const leftMs = (): number => this.#endMs - performance.now();
    let isBegun = false;
    return {
      blocks: blocksOfShard(blocksOf(this.#options), this.#options.shard),
      rules: {
        ...{ repeatEvery, hasStatistics, bail, ...this.#corpus.rules() },
        ...(exhaustive === undefined ? {} : { exhaustive }),
      },
      leftMs,
      isOver: () => signal?.aborted === true || (isBegun && leftMs() <= 0),
      signal,
      onProgress: (far) => {
        isBegun = true;
        this.#tell('exploring', far);
      },
    };
  }

  #tell(phase: 'exploring' | 'shrinking', far: Far): void {
    const { onProgress, runsMax, budgetMs, strategy } = this.#options;
    if (onProgress === undefined) return;
    const { tally, failures } = this.#joined;
    const runs = tally.runs + far.runs;
    const isTimed = Number.isFinite(budgetMs);
    // A walk through all runs ends when there is none left, and nobody knows beforehand when that is.
    const isCounted = runsMax < Number.MAX_SAFE_INTEGER && !isWhole(strategy);
    onProgress({
      phase,
      runs,
      shrinkRuns: this.#shrinkRuns,
      virtualMs: (tally.virtualUs + far.virtualUs) / 1000,
      elapsedMs: performance.now() - this.#startMs,
      ...(isTimed ? { leftMs: Math.max(0, this.#endMs - performance.now()) } : {}),
      ...(isCounted ? { runsLeft: Math.max(0, runsMax - runs) } : {}),
      failures: failures.map(({ code, name, runs: times }) => ({ code, name, runs: times })),
    });
  }

  #exploration(levels?: readonly JudgedLevel[]): Exploration {
    const { seed, signal, past } = this.#options;
    const base = { scenario: this.#scenario.name, seed, isInterrupted: signal?.aborted === true };
    const { tried } = this.#known;
    const remarks = [...this.#known.remarks, ...this.#corpus.remarks];
    return {
      ...this.#joined.exploration(base, past, levels),
      ...(tried === 0 ? {} : { known: tried }),
      ...(remarks.length === 0 ? {} : { remarks }),
      ...this.#part(),
    };
  }

  #part(): Pick<Exploration, 'part'> {
    const { shard, seed, runsMax, strategy, repeatEvery, bail } = this.#options;
    if (shard === undefined) return {};
    const runs = runsMax === Number.MAX_SAFE_INTEGER ? null : runsMax;
    return { part: { ...shard, seed, runs, strategy, repeatEvery, bail, blocks: this.#blocks } };
  }

  get #finding(): Finding<Workload> {
    return {
      scenario: this.#scenario,
      options: this.#options,
      known: this.#known,
      onShrinkRun: (result, found) => this.#noteShrinkRun(result, found),
      soFar: () => ({
        explored: this.#joined.tally.runs,
        shrinking: this.#shrinkRuns,
        exploration: this.#exploration(),
      }),
    };
  }

  #noteShrinkRun({ verdict, violations: [violation], seed }: RunResult, found: RunResult): void {
    this.#shrinkRuns++;
    this.#tell('shrinking', NOTHING);
    if (violation === undefined || verdict === 'unsurvivable' || found.violations[0] === undefined) return;
    // What fails like a run that was found is made to.
    if (!this.#joined.has(violation)) this.#joined.gathering?.noteFailures(violation, seed, 1);
  }

  /** @throws {LevelFailure} If a level is broken. */
  #refuseBroken(levels: readonly JudgedLevel[], exploration: Exploration): void {
    const broken = levels.filter(({ judgement }) => judgement.verdict === 'illegal');
    if (broken.length > 0) throw makeLevelFailure(this.#finding, broken, exploration);
  }

  #refuseVacuous(levels: readonly JudgedLevel[]): void {
    const { vacuity } = this.#options;
    if (vacuity === undefined) return;
    const { tally } = this.#joined;
    const undecided = new Map(tally.undecided);
    // With few runs a percentile has few samples.
    const unknown = levels.filter(({ judgement }) => judgement.verdict === 'unknown');
    if (tally.runs >= vacuity.faultRunsMin)
      for (const { level } of unknown) undecided.set(level.title, tally.runs);
    const { runs, reached, struck, crashed } = tally;
    // Of some kinds of faults there are not finitely many: what was tried is told, and so is what was not.
    const faultRunsMin = isWhole(this.#options.strategy) ? Number.POSITIVE_INFINITY : vacuity.faultRunsMin;
    const rules = { ...vacuity, faultRunsMin };
    refuseVacuous(this.#scenario, { runs, reached, undecided, struck, crashed }, rules);
  }
}
