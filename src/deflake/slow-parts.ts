// Makes single operations and readings of a clock slower than usual: drawn, or as a list says. What was
// slower is written down, so that a run with draws has an equal one with a list.

import { KeyedRandom } from '../random/keyed.ts';
import { combine32, hashString } from '../random/hash.ts';
import type { Slow, Slowness } from './conditions.ts';

const KEY = hashString('deflake/slow');
/** One in so many is much slower; the others hardly. */
const RARE = 4;

/** What of one sort was slower in a run. */
export class SlowParts {
  /** In the order in which it happened. */
  readonly happened: Slow[] = [];
  readonly #slowness: Slowness;
  readonly #random: KeyedRandom;
  readonly #usMax: number;
  readonly #listed: ReadonlyMap<string, number>;

  /** @param usMax - How much slower one in four may be; the others at most a hundredth of that. */
  constructor(slowness: Slowness, { seed, usMax }: { readonly seed: number; readonly usMax: number }) {
    this.#slowness = slowness;
    this.#random = new KeyedRandom(seed);
    this.#usMax = usMax;
    const list = typeof slowness === 'string' ? [] : slowness;
    this.#listed = new Map(list.map(({ what, nth, us }) => [`${nth} ${what}`, us]));
  }

  /** How many microseconds longer it takes. */
  us(what: string, nth: number): number {
    const us =
      this.#slowness === 'drawn' ? this.#drawn(what, nth) : (this.#listed.get(`${nth} ${what}`) ?? 0);
    if (us > 0) this.happened.push({ what, nth, us });
    return us;
  }

  /** Determinism: two draws for each, keyed by what it is and which one. */
  #drawn(what: string, nth: number): number {
    const key = combine32(KEY, hashString(what));
    const isRare = this.#random.below(RARE, key, 2 * nth) === 0;
    return this.#random.below(isRare ? this.#usMax : Math.ceil(this.#usMax / 100), key, 2 * nth + 1);
  }
}
