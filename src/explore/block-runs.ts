// Makes the runs of blocks: lets a strategy choose each, makes some of them twice, and looks for failures.

import type fc from 'fast-check';
import type { RunResult } from '../scenario/result.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { RunInput, StepAhead } from '../scenario/simulation.ts';
import type { BlockResult, Death, FoundFailure, LiveFailure } from './block-result.ts';
import type { Block } from './blocks.ts';
import { ComparedRuns } from './compared-runs.ts';
import type { Entry } from './corpus/entry.ts';
import { RunCases, type RunCase } from './run-cases.ts';
import { LevelCounts } from './service-levels.ts';
import { Soundings, type Sounding, type SoundingRun } from './soundings.ts';
import { Gathering, signatureOf } from './statistics/gathering.ts';
import type { ExhaustiveBound } from './strategies/exhaustive-bound.ts';
import type { Course, Proposal, Strategy } from './strategies/strategy.ts';
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

/** What is known of a block that was begun before, in a process that did not live to end it. */
export interface KnownDeaths {
  /** The runs that end a process: they are not made, and count as failures. */
  readonly deaths: ReadonlyMap<number, Death>;
  /** The run that may be such a one: each of its steps is told before it is made. */
  readonly suspect?: number;
  readonly onStep?: (step: StepAhead) => void;
}

const NO_DEATHS: KnownDeaths = { deaths: new Map() };

/** The run that is chosen at the moment, for the soundings that it takes. */
interface Lookout {
  number: number;
  /** How it is known to end its process. */
  death?: Death | undefined;
  onStep?: KnownDeaths['onStep'];
  /** What takes its place: the run of a sounding that ends its process. */
  proposal?: Proposal | undefined;
  /** Soundings of this block that end their process. */
  readonly lost: Set<string>;
}

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
    const { corpus = [], exhaustive = {} } = this.#options;
    const strategy = STRATEGIES[block.strategy] as Strategy;
    const lookout: Lookout = { number: block.firstRun, lost: new Set() };
    const course = strategy.open({
      ...{ scenario: this.#scenario, block, runsBefore: block.firstRun, corpus, exhaustive },
      sound: (seed, which) => this.#sound(seed, which, lookout),
    });
    let error: Error | undefined;
    try {
      await this.#fill(block, { known, counts, course, lookout });
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

  async #fill(
    block: Block,
    making: {
      readonly known: KnownDeaths;
      readonly counts: Counts<Workload>;
      readonly course: Course;
      readonly lookout: Lookout;
    },
  ): Promise<void> {
    const { known, counts, course, lookout } = making;
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
      const death = known.deaths.get(number);
      const onStep = number === known.suspect ? known.onStep : undefined;
      Object.assign(lookout, { number, death, onStep, proposal: undefined });
      const chosen = await course.next({ plan, seed, workload });
      const proposal = lookout.proposal ?? chosen;
      if (proposal === undefined) return;
      if (death === undefined) {
        const value =
          proposal.workload === workload
            ? this.#cases.altered(generated, proposal)
            : this.#cases.proposed(proposal);
        const result = await this.#run(value.value, { number, proposal, counts, onStep, keeps });
        course.told?.(proposal, result);
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

  /** Sounds an input; undefined where that is known to end the process. */
  #sound(seed: number, which: number, lookout: Lookout): Promise<Sounding | undefined> {
    const { number, death, onStep, lost } = lookout;
    const key = `${seed} ${which}`;
    if (death?.sounding !== undefined) {
      lost.add(key);
      lookout.proposal = this.#soundings.proposal(seed, which, death.sounding);
    }
    if (lost.has(key)) return Promise.resolve(undefined);
    return this.#soundings.of(seed, which, (run, fresh) => {
      this.#options.onBegin?.(number, run);
      return this.#runs.make(() => ({ ...fresh(), ...told(onStep) }));
    });
  }

  async #run(
    [plan, workload, seed]: RunCase<Workload>,
    around: {
      readonly number: number;
      readonly proposal: Proposal;
      readonly counts: Counts<Workload>;
      readonly onStep: KnownDeaths['onStep'];
      readonly keeps: Pick<RunInput<Workload>, 'keepsTraffic' | 'keepsStates'>;
    },
  ): Promise<RunResult<Workload>> {
    const { number, proposal, counts, onStep, keeps } = around;
    const { repeatEvery, onRun, onBegin } = this.#options;
    onBegin?.(number);
    const isRepeated = number % repeatEvery === 0;
    // Which other run is the first of a process depends on how many processes there are: it is not counted.
    if (isRepeated) counts.tally.repeated++;
    const input = { scenario: this.#scenario, seed, workload, plan, ...keeps, ...told(onStep) };
    const result = await this.#runs.make(() => input, isRepeated);
    counts.tally.add(result);
    counts.gathering?.add(result, proposal);
    counts.levels.add(result, proposal);
    onRun?.(result, proposal);
    return result;
  }
}

/** Tells each step, if anybody is to be told. */
function told(onStep: KnownDeaths['onStep']): Pick<RunInput<unknown>, 'onStep'> {
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
