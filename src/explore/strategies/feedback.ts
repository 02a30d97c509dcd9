// The search that learns: inputs whose runs showed something new are kept, altered and crossed.

import { combine32, hashString } from '../../random/hash.ts';
import type { Fault } from '../../faults/fault.ts';
import type { Draw } from '../../faults/timed.ts';
import type { RunResult } from '../../scenario/result.ts';
import type { Entry } from '../corpus/entry.ts';
import { featuresOf } from '../corpus/features.ts';
import { mutated } from '../corpus/mutations.ts';
import { drawsOf } from './draws.ts';
import type { Course, Proposal, Setting, Strategy } from './strategy.ts';

/** One run in this many is drawn afresh, whatever was found so far. */
const FRESH_EVERY = 2;
/** Runs that are drawn before the first is altered, where there is no corpus. */
const FRESH_FIRST = 6;
const DRAWS = hashString('feedback/draws');

/**
 * Keeps the inputs whose runs showed something new: an order of labelled events, a combination of markers, a
 * state that the scenario tells, a kind of failure that nothing before showed. Alters them (a fault less,
 * more or moved, another seed, another workload, another intensity) and crosses them, those most that were
 * altered least so far. Begins with the corpus of earlier explorations, and hands back what it found.
 *
 * Within a block it learns from each run; what one block learns another one does not know, so that blocks can
 * be made anywhere, in any order.
 *
 * Source: American Fuzzy Lop (Michał Zalewski, 2013), for the corpus and its energy; Greybox Fuzzing of
 * Distributed Systems (Meng, Pîrlea, Roychoudhury and Sergey, CCS 2023), for orders of events as what is new.
 * Differs in that no coverage of code is measured.
 */
export const feedback: Strategy = {
  name: 'feedback',
  watchesTraffic: true,
  learns: true,
  open: (setting) => new FeedbackCourse(setting),
};

/** An input that showed something new, and how often it was altered since. */
interface Kept {
  readonly proposal: Proposal;
  /** What struck, where it was run in this block. */
  readonly ledger: readonly Fault[] | undefined;
  altered: number;
}

class FeedbackCourse implements Course {
  readonly #setting: Setting;
  readonly #draw: Draw;
  readonly #kept: Kept[];
  readonly #seen: Set<number>;
  readonly #found: Entry[] = [];
  #proposed = 0;

  constructor(setting: Setting) {
    const { block, corpus = [] } = setting;
    this.#setting = setting;
    this.#draw = drawsOf(combine32(block.seed, DRAWS));
    this.#kept = corpus.map(({ plan, seed, workload }) => ({
      proposal: { plan, seed, workload },
      ledger: undefined,
      altered: 0,
    }));
    this.#seen = new Set(corpus.flatMap(({ shows }) => shows));
  }

  next(fresh: Proposal): Proposal {
    const number = this.#proposed++;
    const isEarly = number < FRESH_FIRST && (this.#setting.corpus ?? []).length === 0;
    if (isEarly || this.#kept.length === 0 || this.#draw(FRESH_EVERY) === 0) return fresh;
    const chosen = this.#choose();
    chosen.altered++;
    const { proposal: parent, ledger } = chosen;
    const other = (this.#kept[this.#draw(this.#kept.length)] as Kept).proposal;
    const made = mutated({ parent, ledger, other, fresh }, this.#setting.scenario.faults, this.#draw);
    // A plan of its own: each run notes on its plan what struck, and shrinking goes by that.
    return { ...made, plan: { ...made.plan }, isSteered: true };
  }

  told(proposal: Proposal, result: RunResult): void {
    const fresh = [...featuresOf(result)].filter(([feature]) => !this.#seen.has(feature));
    const [first] = fresh;
    // What only more than the budget shows is not worth going on from.
    if (first === undefined || result.verdict === 'unsurvivable') return;
    for (const [feature] of fresh) this.#seen.add(feature);
    this.#kept.push({ proposal, ledger: result.ledger, altered: 0 });
    const { plan, seed, workload } = proposal;
    this.#found.push({ plan, seed, workload, why: first[1], shows: fresh.map(([feature]) => feature) });
  }

  harvest(): readonly Entry[] {
    return this.#found;
  }

  /** Of three that are drawn, the one that was altered least. */
  #choose(): Kept {
    let best = this.#kept[this.#draw(this.#kept.length)] as Kept;
    for (let i = 0; i < 2; i++) {
      const each = this.#kept[this.#draw(this.#kept.length)] as Kept;
      if (each.altered < best.altered) best = each;
    }
    return best;
  }
}
