// Makes the runs of blocks: lets a strategy choose each, makes some of them twice, and looks for a failure.

import type fc from 'fast-check';
import type { RunResult } from '../scenario/result.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { runOnce } from '../scenario/simulate.ts';
import type { RunInput } from '../scenario/simulation.ts';
import type { Block } from './blocks.ts';
import { assertSameRun, divergenceOf } from './divergence.ts';
import type { Entry } from './corpus/entry.ts';
import { refuseEscape } from './refuse-escape.ts';
import { RunCases, type RunCase } from './run-cases.ts';
import { Soundings } from './soundings.ts';
import type { Course, Proposal, Strategy } from './strategies/strategy.ts';
import { STRATEGIES } from './strategies/table.ts';

/** A run that failed, as it was found. */
export interface FoundFailure<Workload> {
  /** Its number in the exploration, from 0. */
  readonly number: number;
  readonly proposal: Proposal;
  /** Its input, with what shrinking needs. */
  readonly value: fc.Value<RunCase<Workload>>;
  readonly result: RunResult<Workload>;
}

/** What the runs of an exploration have in common. */
export interface BlockOptions<Workload> {
  /** Every how-many-eth run of the exploration is made twice and compared; so is the first one made here. */
  readonly repeatEvery: number;
  readonly keepsTraffic: boolean;
  /** What was found to be interesting before the exploration began. Default: nothing. */
  readonly corpus?: readonly Entry[];
  /** Told of what a block found that later explorations may begin with. */
  readonly onHarvest?: (entries: readonly Entry[]) => void;
  /** Asked before each run: whether none may begin any more. */
  readonly isOver: () => boolean;
  /** Told of each run that counts. */
  readonly onRun: (result: RunResult<Workload>, proposal: Proposal) => void;
  /** Told of each run that is made twice, before the second time. */
  readonly onRepeated: () => void;
}

/** Makes blocks of runs in this thread. */
export class BlockRuns<Workload> {
  readonly #scenario: Scenario<Workload>;
  readonly #cases: RunCases<Workload>;
  readonly #soundings: Soundings<Workload>;
  readonly #options: BlockOptions<Workload>;
  #isFirst = true;

  constructor(scenario: Scenario<Workload>, options: BlockOptions<Workload>) {
    this.#scenario = scenario;
    this.#cases = new RunCases(scenario);
    this.#soundings = new Soundings(scenario, this.#cases);
    this.#options = options;
  }

  /**
   * Makes the runs of a block until one fails.
   *
   * @throws {DivergenceError} If a run that is made twice differs.
   * @throws {EscapeError} If a host leaves the simulation.
   */
  async make(block: Block): Promise<FoundFailure<Workload> | undefined> {
    const { corpus = [], onHarvest } = this.#options;
    const strategy = STRATEGIES[block.strategy] as Strategy;
    const course = strategy.open({
      ...{ scenario: this.#scenario, block, runsBefore: block.firstRun, corpus },
      sound: (seed, which) => this.#soundings.of(seed, which),
    });
    const keepsTraffic = strategy.watchesTraffic === true || this.#options.keepsTraffic;
    const found = await this.#fill(block, course, keepsTraffic);
    onHarvest?.(course.harvest?.() ?? []);
    return found;
  }

  async #fill(
    block: Block,
    course: Course,
    keepsTraffic: boolean,
  ): Promise<FoundFailure<Workload> | undefined> {
    const stretch = this.#cases.stretch(block.seed, { from: 0, count: block.runs });
    for (const [nth, generated] of stretch.entries()) {
      if (this.#options.isOver()) return undefined;
      const workload = { seed: block.seed, nth };
      const [plan, , seed] = generated.value_;
      const proposal = await course.next({ plan, seed, workload });
      if (proposal === undefined) return undefined;
      const value =
        proposal.workload === workload
          ? this.#cases.altered(generated, proposal)
          : this.#cases.proposed(proposal);
      const number = block.firstRun + nth;
      const result = await this.#run(value.value, { number, keepsTraffic });
      course.told?.(proposal, result);
      this.#options.onRun(result, proposal);
      // Beyond the budget a failure is no bug.
      const isFailure = result.violations.length > 0 && result.verdict !== 'unsurvivable';
      if (isFailure) return { number, proposal, value, result };
    }
    return undefined;
  }

  async #run(
    [plan, workload, seed]: RunCase<Workload>,
    { number, keepsTraffic }: { readonly number: number; readonly keepsTraffic: boolean },
  ): Promise<RunResult<Workload>> {
    const { repeatEvery, onRepeated } = this.#options;
    // The first run may differ from all others, so it is recorded at once; others when they are seen to
    // differ.
    const isFirst = this.#isFirst;
    this.#isFirst = false;
    const input: RunInput<Workload> = {
      ...{ scenario: this.#scenario, seed, workload, plan },
      ...{ isRecorded: isFirst, keepsTraffic },
    };
    const result = await runOnce(input);
    refuseEscape(result);
    if (isFirst || number % repeatEvery === 0) {
      onRepeated();
      const again = await runOnce(input);
      refuseEscape(again);
      if (isFirst) assertSameRun(result, again);
      else if (again.hash !== result.hash) throw await divergenceOf(input, result, again);
    }
    return result;
  }
}
