// Chooses the runs of a block: asks its strategy, makes the soundings that this takes to choose, and knows
// the runs that end their process.

import type { RunResult } from '../scenario/result.ts';
import type { StepAhead } from '../scenario/simulation.ts';
import type { Death } from './block-result.ts';
import type { FreshInput } from './compared-runs.ts';
import type { Sounding, SoundingRun, Soundings } from './soundings.ts';
import type { Course, Proposal, Setting, Strategy } from './strategies/strategy.ts';
import { STRATEGIES } from './strategies/table.ts';

/** What is known of a block that was begun before, in a process that did not live to end it. */
export interface KnownDeaths {
  /** The runs that end a process: they are not made, and count as failures. */
  readonly deaths: ReadonlyMap<number, Death>;
  /** The run that may be such a one: each of its steps is told before it is made. */
  readonly suspect?: number;
  readonly onStep?: (step: StepAhead) => void;
}

/** A run that was chosen. */
export interface ChosenRun {
  readonly number: number;
  readonly proposal: Proposal;
  /** How it is known to end its process: it is not made then. */
  readonly death: Death | undefined;
  /** Told of each step before it is made. */
  readonly onStep: KnownDeaths['onStep'];
}

/** Makes a run that it takes to choose one. */
type MakeSounding<Workload> = (
  sounding: Pick<ChosenRun, 'number' | 'onStep'> & { readonly run: SoundingRun },
  fresh: FreshInput<Workload>,
) => Promise<RunResult<Workload>>;

/** What is chosen from, and by whom. */
export interface ChoiceOptions<Workload> extends Omit<Setting, 'runsBefore' | 'sound'> {
  readonly known: KnownDeaths;
  readonly soundings: Soundings<Workload>;
  readonly makeSounding: MakeSounding<Workload>;
}

/** Chooses the runs of one block, one after another. */
export class RunChoice<Workload> {
  readonly course: Course;
  readonly #known: KnownDeaths;
  readonly #soundings: Soundings<Workload>;
  readonly #makeSounding: MakeSounding<Workload>;
  /** Soundings that end their process. */
  readonly #lost = new Set<string>();
  /** The run that is chosen at the moment. */
  #number: number;
  /** What takes its place: the run of a sounding that ends its process. */
  #instead: Proposal | undefined;

  constructor({ known, soundings, makeSounding, ...setting }: ChoiceOptions<Workload>) {
    const { block } = setting;
    this.#known = known;
    this.#soundings = soundings;
    this.#makeSounding = makeSounding;
    this.#number = block.firstRun;
    this.course = (STRATEGIES[block.strategy] as Strategy).open({
      ...setting,
      runsBefore: block.firstRun,
      sound: (seed, which) => this.#sound(seed, which),
    });
  }

  /**
   * The next run; undefined where there is none.
   *
   * @param generated - An input that was drawn for it.
   */
  async next(number: number, generated: Proposal): Promise<ChosenRun | undefined> {
    this.#number = number;
    this.#instead = undefined;
    const chosen = await this.course.next(generated);
    const proposal = this.#instead ?? chosen;
    if (proposal === undefined) return undefined;
    return { number, proposal, death: this.#known.deaths.get(number), onStep: this.#onStep() };
  }

  /** Sounds an input; undefined where that is known to end the process. */
  #sound(seed: number, which: number): Promise<Sounding | undefined> {
    const number = this.#number;
    const key = `${seed} ${which}`;
    const ending = this.#known.deaths.get(number)?.sounding;
    if (ending !== undefined) {
      this.#lost.add(key);
      this.#instead = this.#soundings.proposal(seed, which, ending);
    }
    if (this.#lost.has(key)) return Promise.resolve(undefined);
    const onStep = this.#onStep();
    return this.#soundings.of(seed, which, (run, fresh) =>
      this.#makeSounding({ number, run, onStep }, fresh),
    );
  }

  #onStep(): KnownDeaths['onStep'] {
    return this.#number === this.#known.suspect ? this.#known.onStep : undefined;
  }
}
