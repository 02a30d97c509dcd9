// Shrinks the conditions under which a test comes out otherwise: dimension by dimension back to the calm run,
// then what is left of each to the least that still does it. What remains is what the outcome depends on.

import { noteStruck } from '../faults/struck.ts';
import { smallerPlans, type ShrinkPosition } from '../explore/shrink-plan.ts';
import type { FaultPlan } from '../faults/fault.ts';
import { calmConditions, type Conditions, type Slow } from './conditions.ts';
import { momentsFrom } from './moments.ts';
import type { FileRun } from './run-file.ts';
import { PATH_SEPARATOR } from './runner/tree.ts';

/** Makes a run, and says whether the test comes out otherwise than in the calm run. */
export interface Trial {
  run(conditions: Conditions): Promise<FileRun>;
  differs(run: FileRun): boolean;
}

/** What shrinking came to. */
export interface Shrunk {
  readonly conditions: Conditions;
  readonly run: FileRun;
  /** How many runs it took. */
  readonly runs: number;
}

const RUNS_MAX = 400;
/** Delays and pauses that say the same with less, in milliseconds. */
const ROUND_MS: readonly number[] = [1, 2, 5, 10, 20, 50];
/** Slower operations and readings likewise, in microseconds. */
const ROUND_US: readonly number[] = [1_000, 2_000, 5_000, 10_000];
/** How long before a turn of the calendar the run begins, in milliseconds; the plainest first. */
const BEFORE_MS: readonly number[] = [1, 5, 10, 20, 100];

/** Shrinks for one test. Each step keeps what still differs. */
export async function shrinkConditions(
  trial: Trial,
  test: string,
  found: { readonly conditions: Conditions; readonly run: FileRun },
  noonMs: number,
): Promise<Shrunk> {
  const shrinker = new Shrinker(trial, test, found);
  const calm = calmConditions(noonMs);
  let before: Conditions;
  do {
    before = shrinker.conditions;
    await shrinker.order();
    await shrinker.start(noonMs);
    await shrinker.first([{ zone: calm.zone }]);
    await shrinker.first([{ randomSeed: calm.randomSeed }]);
    await shrinker.slow('readings');
    await shrinker.slow('operations');
    await shrinker.plan();
  } while (shrinker.conditions !== before && !shrinker.isTired);
  await shrinker.first([{ seed: calm.seed }]);
  return { conditions: shrinker.conditions, run: shrinker.lastRun, runs: shrinker.runs };
}

class Shrinker {
  conditions: Conditions;
  lastRun: FileRun;
  runs = 0;
  readonly #trial: Trial;
  readonly #test: string;

  constructor(trial: Trial, test: string, found: { readonly conditions: Conditions; readonly run: FileRun }) {
    this.#trial = trial;
    this.#test = test;
    this.conditions = found.conditions;
    this.lastRun = found.run;
    this.#note();
  }

  get isTired(): boolean {
    return this.runs >= RUNS_MAX;
  }

  /** Takes the first of some changes under which the test still differs. @returns whether there is one. */
  async first(changes: Iterable<Partial<Conditions>>): Promise<boolean> {
    for (const change of changes) {
      if (this.isTired) return false;
      const conditions = { ...this.conditions, ...change };
      if (JSON.stringify(conditions) === JSON.stringify(this.conditions)) continue;
      this.runs++;
      const run = await this.#trial.run(conditions);
      if (!this.#trial.differs(run)) continue;
      this.conditions = conditions;
      this.lastRun = run;
      this.#note();
      return true;
    }
    return false;
  }

  /** The tests in their order; or the test alone; or with the fewest that have to run before it. */
  async order(): Promise<void> {
    if (this.conditions.tests === 'as written') return;
    if (await this.first([{ tests: 'as written' }])) return;
    const isAbout = (id: string): boolean =>
      id === this.#test || this.#test.startsWith(`${id}${PATH_SEPARATOR}`);
    const { ran } = this.lastRun;
    const at = ran.findIndex(isAbout);
    const own = at === -1 ? [] : [ran[at] as string];
    const listed = (before: readonly string[]): Partial<Conditions> => ({
      tests: { only: [...before, ...own] },
    });
    const before = at === -1 ? ran : ran.slice(0, at);
    const { tests } = this.conditions;
    const isListed = 'only' in tests;
    if ((!isListed || before.length > 0) && (await this.first([listed([])]))) return;
    if (isListed || (await this.first([listed(before)]))) await this.#fewest(before, listed);
  }

  /** The plainest beginning: midday, or a more ordinary turn of the calendar, or a rounder time before it. */
  async start(noonMs: number): Promise<void> {
    if (this.conditions.startMs === noonMs) return;
    if (await this.first([{ startMs: noonMs }])) return;
    const moments = momentsFrom(noonMs);
    const { startMs } = this.conditions;
    const nearest = moments.find(({ ms }) => ms >= startMs && ms - startMs <= 60_000);
    if (nearest === undefined) return;
    const beforeMs = nearest.ms - startMs;
    const plainer = moments.slice(0, moments.indexOf(nearest));
    await this.first([
      ...plainer.map(({ ms }) => ({ startMs: ms - beforeMs })),
      ...BEFORE_MS.filter((ms) => ms < beforeMs).map((ms) => ({ startMs: nearest.ms - ms })),
    ]);
  }

  /** No operation slower; or the fewest, and by the least. */
  async slow(key: 'operations' | 'readings'): Promise<void> {
    if (this.conditions[key] === 'calm' || (await this.first([{ [key]: 'calm' }]))) return;
    const asList = (list: readonly Slow[]): Partial<Conditions> => ({ [key]: list });
    if (this.conditions[key] === 'drawn' && !(await this.first([asList(this.lastRun[key])]))) return;
    const list = await this.#fewest(this.conditions[key] as readonly Slow[], asList);
    for (const [i, slow] of list.entries()) {
      const now = this.conditions[key] as readonly Slow[];
      await this.first(
        ROUND_US.filter((us) => us < slow.us).map((us) => asList(now.with(i, { ...slow, us }))),
      );
    }
  }

  /** The smallest plan. See src/explore/shrink-plan.ts. */
  async plan(): Promise<void> {
    let position: ShrinkPosition | undefined;
    for (let isSmaller = true; isSmaller && !this.isTired;) {
      isSmaller = false;
      for (const candidate of smallerPlans(this.conditions.plan, position)) {
        if (!(await this.first([{ plan: candidate.plan }]))) continue;
        ({ position } = candidate);
        isSmaller = true;
        break;
      }
    }
    for (const i of this.conditions.plan.faults.keys()) await this.first(rounder(this.conditions.plan, i));
  }

  /**
   * Leaves out of a list what is not needed, halves before single ones.
   *
   * Source: Simplifying and Isolating Failure-Inducing Input (Zeller and Hildebrandt, 2002); differs in that
   * only complements are tried.
   */
  async #fewest<Item>(
    list: readonly Item[],
    change: (list: readonly Item[]) => Partial<Conditions>,
  ): Promise<readonly Item[]> {
    let kept = list;
    for (let size = Math.ceil(kept.length / 2); size >= 1; size = Math.floor(size / 2)) {
      for (let start = 0; start < kept.length;) {
        const rest = [...kept.slice(0, start), ...kept.slice(start + size)];
        if (await this.first([change(rest)])) kept = rest;
        else start += size;
      }
    }
    return kept;
  }

  /** Shrinking a plan begins with what really struck. */
  #note(): void {
    const { ledger } = this.lastRun;
    noteStruck(this.conditions.plan, { ledger, clients: [], beganMs: () => undefined, topics: () => [] });
  }
}

/** The plan with one delay or pause in round milliseconds, the shortest first. */
function* rounder(plan: FaultPlan, i: number): Generator<Partial<Conditions>> {
  const fault = plan.faults[i];
  if (fault === undefined) return;
  for (const ms of ROUND_MS) {
    if (fault.kind === 'delay' && ms < fault.byMs)
      yield { plan: { ...plan, faults: plan.faults.with(i, { ...fault, byMs: ms }) } };
    if (fault.kind === 'pause' && ms < fault.forMs)
      yield { plan: { ...plan, faults: plan.faults.with(i, { ...fault, forMs: ms }) } };
  }
}
