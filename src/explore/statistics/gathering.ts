// The statistics of an exploration in the making: takes in run after run, or what was gathered elsewhere.

import type { PastExploration, Statistics } from '../../report/document.ts';
import type { RunResult, Violation } from '../../scenario/result.ts';
import { behaviourOf, Discovery } from './discovery.ts';
import { TrafficStatistics, type TrafficData } from './routes.ts';

/** What failed alike, by code and name. */
interface Failing {
  runs: number;
  readonly seed: number;
}

/** What was gathered of some runs, as data. */
export interface GatheringData {
  readonly traffic: TrafficData;
  /** The behaviour of each run, in order. */
  readonly behaviours: readonly number[];
  /** Which of them a strategy steered, by their places. */
  readonly steered: readonly number[];
}

/** Collects statistics of runs. */
export class Gathering {
  readonly #traffic = new TrafficStatistics();
  readonly #behaviours: number[] = [];
  readonly #steered: number[] = [];
  readonly #discovery = new Discovery();
  readonly #failures = new Map<string, Failing>();

  /** Takes in a run that was not made to shrink another. See {@link Discovery.add}. */
  add(result: RunResult, { isSteered = false }: { readonly isSteered?: boolean }): void {
    const { traffic, virtualMs } = result;
    const ends = traffic === undefined ? [] : this.#traffic.add(traffic, virtualMs);
    this.#behaviours.push(behaviourOf(result, ends));
    if (isSteered) this.#steered.push(this.#behaviours.length - 1);
  }

  /** What there is of the runs that were added. */
  data(): GatheringData {
    return { traffic: this.#traffic.data(), behaviours: this.#behaviours, steered: this.#steered };
  }

  /** Takes in what was gathered of the next runs. */
  merge({ traffic, behaviours, steered }: GatheringData): void {
    this.#traffic.merge(traffic);
    const isSteered = new Set(steered);
    for (const [nth, behaviour] of behaviours.entries()) {
      this.#discovery.add(behaviour, { isSteered: isSteered.has(nth) });
    }
  }

  /** Notes that runs failed alike. */
  noteFailures(violation: Pick<Violation, 'code' | 'name'>, seed: number, runs: number): void {
    const signature = signatureOf(violation);
    const alike = this.#failures.get(signature);
    if (alike === undefined) this.#failures.set(signature, { runs, seed });
    else alike.runs += runs;
  }

  /** What was merged so far. */
  statistics(past: readonly PastExploration[] | undefined, levels: Statistics['levels']): Statistics {
    return {
      routes: this.#traffic.routes(),
      queues: this.#traffic.queues(),
      discovery: this.#discovery.curve,
      chanceOfNew: this.#discovery.chanceOfNew,
      drawnRuns: this.#discovery.drawnRuns,
      failures: [...this.#failures].map(([signature, failing]) => ({ signature, ...failing })),
      ...(levels === undefined || levels.length === 0 ? {} : { levels }),
      ...(past === undefined ? {} : { past }),
    };
  }
}

/** What makes two failures alike, in a word or two: code and name. */
export function signatureOf({ code, name }: Pick<Violation, 'code' | 'name'>): string {
  return `${code} ${name}`;
}
