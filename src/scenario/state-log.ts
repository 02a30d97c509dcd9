// Which states of a scenario a run came to: what its `state` told after steps, as hashes. Only looks on.

import { canonicalText } from '../checkers/canonical-text.ts';
import { hashString } from '../random/hash.ts';
import type { RunStates } from './result.ts';

/** How many states of a run are kept: the first ones that differ. */
const STATES_MAX = 64;
/** After so many looks every second step is looked at, after as many again every fourth, and so on. */
const LOOKS_EACH = 256;

/** Takes down the states of one run. */
export class StateLog {
  readonly #look: () => unknown;
  readonly #seen = new Set<string>();
  #steps = 0;
  #looks = 0;
  #every = 1;
  #last: string | undefined;
  #isStopped = false;

  /** @param look - Asks the scenario. */
  constructor(look: () => unknown) {
    this.#look = look;
  }

  /** Everything that a step caused has run. */
  settled(): void {
    if (++this.#steps % this.#every !== 0) return;
    if (++this.#looks % LOOKS_EACH === 0) this.#every *= 2;
    const state = this.#now();
    if (this.#seen.size < STATES_MAX) this.#seen.add(state);
  }

  /** The run is over, and everything still there to be looked at. */
  ended(): void {
    if (!this.#isStopped) this.#last = this.#now();
  }

  /** Endless code was stopped: what it left half done may make `state` endless, too, which nobody stops. */
  stop(): void {
    this.#isStopped = true;
  }

  told(): RunStates {
    return { seen: [...this.#seen], ...(this.#last === undefined ? {} : { last: this.#last }) };
  }

  /** A state that cannot be told fails no run: it is one like all others that cannot. */
  #now(): string {
    try {
      return hashString(canonicalText(this.#look())).toString(36);
    } catch {
      return 'unknown';
    }
  }
}
