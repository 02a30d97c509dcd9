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

/** How often a behaviour was seen. */
interface Seen {
  readonly drawn: number;
  readonly steered: number;
}

/** Counts behaviours, run by run. */
export class Discovery {
  readonly #seen = new Map<number, Seen>();
  #points: { readonly runs: number; readonly behaviours: number }[] = [];
  #stride = 1;
  #runs = 0;
  #drawnRuns = 0;
  /** Behaviours that one run alone showed, where that run was drawn. */
  #singles = 0;

  /**
   * Takes in a run.
   *
   * @param options.isSteered - Whether it was listed, or made of what earlier runs showed, rather than drawn
   *   like all others. Default false.
   */
  add(behaviour: number, { isSteered = false }: { readonly isSteered?: boolean } = {}): void {
    const before = this.#seen.get(behaviour) ?? { drawn: 0, steered: 0 };
    const after = isSteered
      ? { ...before, steered: before.steered + 1 }
      : { ...before, drawn: before.drawn + 1 };
    this.#seen.set(behaviour, after);
    this.#singles += Number(isSingle(after)) - Number(isSingle(before));
    if (!isSteered) this.#drawnRuns++;
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

  /** Runs that were drawn: the estimate is made of them. */
  get drawnRuns(): number {
    return this.#drawnRuns;
  }

  /**
   * The chance that another drawn run shows a behaviour that none has shown: the share of drawn runs whose
   * behaviour no other run had, drawn or not. 1 before the first.
   *
   * Runs that are listed, or made of earlier ones, are no sample: they show new things at another rate, which
   * changes as they go on. So they say nothing of the next run but what was seen already.
   *
   * Source: The Population Frequencies of Species and the Estimation of Population Parameters (I. J. Good,
   * 1953; Good thanks A. M. Turing for it). It is the share of draws that were news to all others: what the
   * next draw would be, had one draw less been made.
   */
  get chanceOfNew(): number {
    return this.#drawnRuns === 0 ? 1 : this.#singles / this.#drawnRuns;
  }

  get #now(): { readonly runs: number; readonly behaviours: number } {
    return { runs: this.#runs, behaviours: this.#seen.size };
  }
}

function isSingle({ drawn, steered }: Seen): boolean {
  return drawn === 1 && steered === 0;
}
