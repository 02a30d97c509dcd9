// The default scheduler: virtual time decides, and chance decides between events that are due together.

import type { KeyedRandom } from '../random/keyed.ts';
import type { QueuedEvent } from './event.ts';
import { NEAR_TIE_US, type Scheduler } from './scheduler.ts';

/**
 * Breaks ties and near-ties at random: every event runs up to 63 microseconds late, as it would on a machine.
 *
 * Determinism: one draw per event, keyed by what it is about and its occurrence.
 */
export class TimedRandomScheduler implements Scheduler {
  readonly name = 'timed-random';
  readonly #random: KeyedRandom;

  constructor(random: KeyedRandom) {
    this.#random = random;
  }

  place(event: QueuedEvent, dueUs: number, key: number, nth: number): void {
    const draw = this.#random.uint32(key, nth);
    event.dueUs = dueUs + (draw & (NEAR_TIE_US - 1));
    event.rank = draw >>> 6;
  }
}
