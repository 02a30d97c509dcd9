// Makes the runs of blocks: lets a strategy choose each, makes some of them twice, and looks for failures.

import type fc from 'fast-check';
import type { RunResult } from '../scenario/result.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { RunInput } from '../scenario/simulation.ts';
import type { BlockResult, Death, FoundFailure, LiveFailure } from './block-result.ts';
import type { Block } from './blocks.ts';
import { ComparedRuns } from './compared-runs.ts';
import type { Entry } from './corpus/entry.ts';
import { RunCases, type RunCase } from './run-cases.ts';
import { RunChoice, type ChosenRun, type KnownDeaths } from './run-choice.ts';
import { LevelCounts } from './service-levels.ts';
import { Soundings, type SoundingRun } from './soundings.ts';
import { Gathering, signatureOf } from './statistics/gathering.ts';
import type { ExhaustiveBound } from './strategies/exhaustive-bound.ts';
import type { Proposal } from './strategies/strategy.ts';
import { STRATEGIES, isWhole } from './strategies/table.ts';
import { Tally } from './tally.ts';

/** What of an exploration the runs of all its blocks have to know: plain data. */
export interface BlockRules {
  /** Every how-many-eth run of the exploration is made twice and compared; so is the first one made here. */
  readonly repeatEvery: number;
  readonly hasStatistics: boolean;
  /** Whether a block ends with its first failure. */
  readonly bail: boolean;
  /** What was found to be interesting before the exploration began. Default: nothing. */
  readonly corpus?: readonly Entry[];
  /** How far an exhaustive search goes. Default: its defaults. */
  readonly exhaustive?: ExhaustiveBound;
}

/** What is told and asked while blocks are made. */
export interface BlockOptions<Workload> extends BlockRules {
  /** Asked before each run: whether none may begin any more. */
  readonly isOver: () => boolean;
  /** Told of each run before it is made, and before each run of a sounding that is made to choose it. */
  readonly onBegin?: (number: number, sounding?: SoundingRun) => void;
  /** Told of each run that counts. */
  readonly onRun?: (result: RunResult<Workload>, proposal: Proposal) => void;
}

const NO_DEATHS: KnownDeaths = { deaths: new Map() };

/** What is counted of one block. */
interface Counts<Workload> {
  readonly tally: Tally;
  readonly gathering: Gathering | undefined;
  readonly levels: LevelCounts;
  readonly failures: Map<string, FoundFailure<Workload>>;
}

/** Makes blocks of runs in this thread. */
export class BlockRuns<Workload> {
  readonly #scenario: Scenario<Workload>;
  readonly #cases: RunCases<Workload>;
  readonly #soundings: Soundings<Workload>;
  readonly #runs = new ComparedRuns<Workload>();
  readonly #options: BlockOptions<Workload>;

  constructor(scenario: Scenario<Workload>, options: BlockOptions<Workload>) {
    this.#scenario = scenario;
    this.#cases = new RunCases(scenario);
    this.#soundings = new Soundings(scenario, this.#cases);
    this.#options = options;
  }

  /** Makes the runs of a block. What keeps an exploration from going on is an `error` of its result. */
  async make(block: Block, known: KnownDeaths = NO_DEATHS): Promise<BlockResult<Workload>> {
    const counts: Counts<Workload> = {
      tally: new Tally([]),
      gathering: this.#options.hasStatistics ? new Gathering() : undefined,
      levels: new LevelCounts(this.#scenario.serviceLevels),
      failures: new Map(),
    };
    const choice = this.#choice(block, known);
    const { course } = choice;
    let error: Error | undefined;
    try {
      await this.#fill(block, counts, choice);
    } catch (thrown) {
      error = thrown instanceof Error ? thrown : new Error(String(thrown), { cause: thrown });
    }
    const { tally, gathering, levels, failures } = counts;
    const extent = course.extent?.();
    return {
      number: block.number,
      tally: tally.data(),
      ...(gathering === undefined ? {} : { gathered: gathering.data() }),
      levels: levels.data(),
      failures: [...failures.values()],
      harvest: course.harvest?.() ?? [],
      ...(extent === undefined ? {} : { extent }),
      ...(error === undefined ? {} : { error }),
    };
  }

  #choice(block: Block, known: KnownDeaths): RunChoice<Workload> {
    const { corpus = [], exhaustive = {}, onBegin } = this.#options;
    return new RunChoice({
      ...{ scenario: this.#scenario, block, corpus, exhaustive, known, soundings: this.#soundings },
      makeSounding: ({ number, run, onStep }, fresh) => {
        onBegin?.(number, run);
        return this.#runs.make(() => ({ ...fresh(), ...toldBy(onStep) }));
      },
    });
  }

  async #fill(block: Block, counts: Counts<Workload>, choice: RunChoice<Workload>): Promise<void> {
    const isWatched = STRATEGIES[block.strategy]?.watchesTraffic === true;
    const keepsTraffic = isWatched || this.#options.hasStatistics || this.#scenario.serviceLevels.length > 0;
    const keeps = { keepsTraffic, keepsStates: isWatched };
    const count = isWhole(block.strategy) ? 1 : block.runs;
    const stretch = this.#cases.stretch(block.seed, { from: 0, count });
    for (let run = 0; run < block.runs; run++) {
      if (this.#options.isOver()) return;
      const nth = Math.min(run, count - 1);
      const generated = stretch[nth] as fc.Value<RunCase<Workload>>;
      const workload = { seed: block.seed, nth };
      const [plan, , seed] = generated.value_;
      const number = block.firstRun + run;
      const chosen = await choice.next(number, { plan, seed, workload });
      if (chosen === undefined) return;
      const { proposal, death } = chosen;
      if (death === undefined) {
        const value =
          proposal.workload === workload
            ? this.#cases.altered(generated, proposal)
            : this.#cases.proposed(proposal);
        const result = await this.#run(value.value, chosen, { counts, keeps });
        choice.course.told?.(proposal, result);
        // Beyond the budget a failure is no bug.
        if (result.violations.length === 0 || result.verdict === 'unsurvivable') continue;
        noteFailure(counts, { number, proposal, live: { value, result } });
      } else {
        counts.tally.runs++;
        noteFailure(counts, { number, proposal, death });
      }
      if (this.#options.bail) return;
    }
  }

  async #run(
    [plan, workload, seed]: RunCase<Workload>,
    { number, proposal, onStep }: ChosenRun,
    around: {
      readonly counts: Counts<Workload>;
      readonly keeps: Pick<RunInput<Workload>, 'keepsTraffic' | 'keepsStates'>;
    },
  ): Promise<RunResult<Workload>> {
    const { counts, keeps } = around;
    const { repeatEvery, onRun, onBegin } = this.#options;
    onBegin?.(number);
    const isRepeated = number % repeatEvery === 0;
    // Which other run is the first of a process depends on how many processes there are: it is not counted.
    if (isRepeated) counts.tally.repeated++;
    const input = { scenario: this.#scenario, seed, workload, plan, ...keeps, ...toldBy(onStep) };
    const result = await this.#runs.make(() => input, isRepeated);
    counts.tally.add(result);
    counts.gathering?.add(result, proposal);
    counts.levels.add(result, proposal);
    onRun?.(result, proposal);
    return result;
  }
}

/** Tells each step, if anybody is to be told. */
function toldBy(onStep: KnownDeaths['onStep']): Pick<RunInput<unknown>, 'onStep'> {
  return onStep === undefined ? {} : { onStep };
}

/** Notes a failure: as it is, if it is the first of its kind. */
function noteFailure<Workload>(
  { failures }: Counts<Workload>,
  found: {
    readonly number: number;
    readonly proposal: Proposal;
    readonly death?: Death;
    readonly live?: LiveFailure<Workload>;
  },
): void {
  const violation = found.death ?? found.live?.result.violations[0];
  if (violation === undefined) return;
  const { code, name } = violation;
  const signature = signatureOf(violation);
  const alike = failures.get(signature);
  const hash = found.live?.result.hash ?? '';
  const noted = alike === undefined ? { ...found, runs: 1, code, name, hash } : alike;
  failures.set(signature, alike === undefined ? noted : { ...alike, runs: alike.runs + 1 });
}
