// How much there is left to see: distinct behaviours of runs, and the chance that another run shows a new
// one.

import { combine32, hashString } from '../../random/hash.ts';
import type { Statistics } from '../../report/document.ts';
import type { RunResult } from '../../scenario/result.ts';

/** Points of the curve that are kept at most. */
const POINTS_MAX = 256;

/** What of a run tells behaviours apart. */
type Shown = Pick<RunResult, 'ledger' | 'reached' | 'crashed' | 'history' | 'violations' | 'plan'>;

/**
 * The behaviour of a run, as a number: which kinds of faults struck, which markers were reached, which hosts
 * crashed, how requests of each route and operations of each name ended, and what failed. How often, when
 * and in which order is left out, and so is which client it was.
 *
 * @param ends - How the requests ended, as hashes.
 */
export function behaviourOf(run: Shown, ends: Iterable<number>): number {
  const { ledger, reached, crashed, history, violations, plan } = run;
  const features = new Set<string>();
  for (const { kind } of ledger) features.add(kind);
  if (plan.core !== undefined) features.add('core');
  for (const marker in reached) features.add(`reached ${marker}`);
  for (const host in crashed) features.add(`crashed ${host}`);
  for (const { name, type } of history) features.add(`operation ${name} ${type}`);
  for (const { code, name } of violations) features.add(`violation ${code} ${name}`);
  const all = new Set(ends);
  for (const feature of features) all.add(hashString(feature));
  let [left, right] = [0, 1];
  for (const hash of Uint32Array.from(all).toSorted()) {
    left = combine32(left, hash);
    right = combine32(right, hash);
  }
  // 53 bits: two among a million runs that differ are told apart.
  return left * 2 ** 21 + (right >>> 11);
}

/** Counts behaviours, run by run. */
export class Discovery {
  readonly #seen = new Map<number, number>();
  #points: { readonly runs: number; readonly behaviours: number }[] = [];
  #stride = 1;
  #runs = 0;
  /** Behaviours that one run alone showed. */
  #singles = 0;

  add(behaviour: number): void {
    const times = (this.#seen.get(behaviour) ?? 0) + 1;
    this.#seen.set(behaviour, times);
    if (times === 1) this.#singles++;
    else if (times === 2) this.#singles--;
    this.#runs++;
    if (this.#runs % this.#stride !== 0) return;
    this.#points.push(this.#now);
    if (this.#points.length <= POINTS_MAX) return;
    this.#points = this.#points.filter((_, i) => i % 2 === 1);
    this.#stride *= 2;
  }

  /** After how many runs how many behaviours had been seen; the last point is now. */
  get curve(): Statistics['discovery'] {
    const last = this.#points.at(-1);
    return this.#runs === 0 || last?.runs === this.#runs ? [...this.#points] : [...this.#points, this.#now];
  }

  /**
   * The chance that another run shows a behaviour that none has shown: the share of runs whose behaviour no
   * other run had (I. J. Good, "The population frequencies of species and the estimation of population
   * parameters", 1953; Good thanks A. M. Turing for it). 1 before the first run.
   */
  get chanceOfNew(): number {
    return this.#runs === 0 ? 1 : this.#singles / this.#runs;
  }

  get #now(): { readonly runs: number; readonly behaviours: number } {
    return { runs: this.#runs, behaviours: this.#seen.size };
  }
}
