// The exhaustive search as a strategy: it makes all runs of one workload within a bound, one after another.

import type { ExtentReport } from '../../report/document.ts';
import type { RunResult } from '../../scenario/result.ts';
import { ExhaustiveSearch } from './exhaustive.ts';
import { boundInWords } from './exhaustive-bound.ts';
import type { Course, Proposal, Setting, Strategy } from './strategy.ts';

/**
 * Makes all runs of the first workload that differ in the order of events or in a fault or two, and tells
 * whether any is left: see {@link ExhaustiveSearch}.
 *
 * What comes next depends on every run before it, so the exploration is one block.
 */
export const exhaustive: Strategy = {
  name: 'exhaustive',
  isWhole: true,
  open: (setting) => new ExhaustiveCourse(setting),
};

class ExhaustiveCourse implements Course {
  readonly #search: ExhaustiveSearch;
  readonly #words: Pick<ExtentReport, 'bound' | 'outside'>;
  /** The seed and the workload of all runs. */
  #input: Pick<Proposal, 'seed' | 'workload'> | undefined;

  constructor({ scenario, exhaustive: bound = {} }: Setting) {
    this.#search = new ExhaustiveSearch(scenario, bound);
    this.#words = boundInWords(scenario, bound);
  }

  next({ seed, workload }: Proposal): Proposal | undefined {
    this.#input ??= { seed, workload };
    const next = this.#search.next();
    return next === undefined ? undefined : { ...this.#input, plan: next.plan, isSteered: true };
  }

  told(_proposal: Proposal, result: RunResult): void {
    this.#search.told(result);
  }

  extent(): ExtentReport {
    return { ...this.#search.summary(), ...this.#words };
  }
}
