// The statistics of an exploration in the making: takes in run after run.

import type { PastExploration, Statistics } from '../../report/document.ts';
import type { RunResult, Violation } from '../../scenario/result.ts';
import { behaviourOf, Discovery } from './discovery.ts';
import { TrafficStatistics } from './routes.ts';

/** What failed alike, by code and name. */
interface Failing {
  runs: number;
  readonly seed: number;
}

/** Collects statistics of runs. */
export class Gathering {
  readonly #traffic = new TrafficStatistics();
  readonly #discovery = new Discovery();
  readonly #failures = new Map<string, Failing>();

  /** Takes in a run that was not made to shrink another. See {@link Discovery.add}. */
  add(result: RunResult, options: { readonly isSteered?: boolean }): void {
    const { traffic, virtualMs } = result;
    const ends = traffic === undefined ? [] : this.#traffic.add(traffic, virtualMs);
    this.#discovery.add(behaviourOf(result, ends), options);
  }

  /**
   * Notes that a run failed, also while another one is shrunk.
   *
   * @param shrunk - What that other one failed by: what fails like it was made to, and is not counted.
   */
  noteFailure(
    { violations: [violation], seed }: Pick<RunResult, 'violations' | 'seed'>,
    shrunk: Violation | undefined,
  ): void {
    if (violation === undefined) return;
    const signature = signatureOf(violation);
    if (shrunk !== undefined && signatureOf(shrunk) === signature) return;
    const alike = this.#failures.get(signature);
    if (alike === undefined) this.#failures.set(signature, { runs: 1, seed });
    else alike.runs++;
  }

  /** What there is so far. */
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

function signatureOf({ code, name }: Violation): string {
  return `${code} ${name}`;
}
