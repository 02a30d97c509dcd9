// Probabilistic concurrency testing: hosts and links have priorities, and at a few points one loses its own.

import { combine32, hashString } from '../random/hash.ts';
import type { KeyedRandom } from '../random/keyed.ts';
import { isBefore, type EventQueue } from './event-queue.ts';
import type { QueuedEvent } from './event.ts';
import { NEAR_TIE_US, type Scheduler } from './scheduler.ts';

const PRIORITY = hashString('pct/priority');
const CHANGE = hashString('pct/change');

/**
 * Runs, of the events that may go now, one of the host or link with the highest priority. Priorities are
 * drawn; at `depth - 1` different points, drawn among the first `steps` at which there is a choice, whoever
 * would go next falls below all others.
 *
 * An ordering bug of depth d is one that appears whenever d constraints of the form "this event before that
 * one" are met. With n hosts and links, and k points with a choice, such a bug is found by one run with
 * probability at least 1 / (n · k^(d - 1)), if `depth` is d and `steps` is k: a bound that random orders do
 * not have.
 *
 * Virtual time makes it differ: only what may happen is explored. An event may go as soon as it is due, and
 * must before anything else that cannot wait: a timer 63 microseconds after it is due, a message when the
 * slowest of its link would have arrived. A low priority holds an event back so far and no further, so the
 * bound is one for bugs whose constraints can be met within that. What Node.js guarantees is kept: timers of
 * one host fire in their order. Messages of one link, which the paper's threads have no equal of, overtake
 * each other in a drawn order (a constraint between two of them costs another factor of two).
 *
 * Source: A Randomized Scheduler with Probabilistic Guarantees of Finding Bugs (Burckhardt, Kothari,
 * Musuvathi and Nagarakatte, ASPLOS 2010). Differs also in that steps without a choice are not counted, which
 * makes k smaller, and in that no point is drawn twice.
 *
 * Determinism: one draw for each host and link, keyed by its name, one for each change point, keyed by its
 * number, and one for each event, as with the default scheduler.
 */
export class PctScheduler implements Scheduler {
  readonly name = 'pct';
  /** How often there was a choice: what `steps` should be about. */
  choicePoints = 0;
  readonly #random: KeyedRandom;
  readonly #changes: ReadonlyMap<number, number>;
  readonly #priorities = new Map<string, number>();
  /** Events that others overtook, and when they were due. */
  readonly #overtaken = new Map<QueuedEvent, number>();
  #nowUs = 0;

  constructor(random: KeyedRandom, { depth, steps }: { depth: number; steps: number }) {
    this.#random = random;
    const changes = new Map<number, number>();
    // The later a change point has its number, the lower it goes: as in the paper, below all initial ones.
    for (let i = 1; i < depth && i <= steps; i++) {
      let point = 1 + random.below(steps - changes.size, CHANGE, i);
      for (const taken of [...changes.keys()].toSorted((left, right) => left - right)) {
        if (point >= taken) point++;
      }
      changes.set(point, -i);
    }
    this.#changes = changes;
  }

  place(event: QueuedEvent, dueUs: number, key: number, nth: number, slackUs = 0): void {
    event.dueUs = dueUs;
    event.slackUs = slackUs + NEAR_TIE_US - 1;
    event.rank = this.#random.uint32(key, nth) >>> 6;
    // A timer that was cleared is set anew.
    this.#overtaken.delete(event);
  }

  choose(queue: EventQueue, untilUs: number): QueuedEvent | undefined {
    const head = queue.peek();
    if (head === undefined || head.dueUs > untilUs) return head;
    const isForced = head.slackUs === 0 && head.dueUs <= this.#nowUs;
    if (isForced || head.owner.state !== 'ready') return this.#now(head, head.dueUs);
    const horizonUs = horizonOf(queue, untilUs);
    const candidates = candidatesOf(queue, head, horizonUs);
    return this.#now(this.#first(candidates, head), horizonUs, candidates);
  }

  /** The one that goes, now or when it is due: after what overtook it, as far as it can wait. */
  #now(event: QueuedEvent, horizonUs: number, candidates: readonly QueuedEvent[] = []): QueuedEvent {
    const wasDueUs = this.#overtaken.get(event);
    const lastUs = this.#nowUs;
    const atUs = Math.max(event.dueUs, wasDueUs === undefined ? lastUs : Math.min(lastUs + 1, horizonUs));
    for (const other of candidates) {
      if (other !== event && other.dueUs <= atUs && !this.#overtaken.has(other))
        this.#overtaken.set(other, other.dueUs);
    }
    if (wasDueUs !== undefined) {
      this.#overtaken.delete(event);
      if (atUs > wasDueUs) event.heldBack(atUs - wasDueUs);
    }
    event.dueUs = atUs;
    this.#nowUs = Math.max(lastUs, atUs);
    return event;
  }

  #first(candidates: readonly QueuedEvent[], head: QueuedEvent): QueuedEvent {
    const best = this.#best(candidates, head);
    if (candidates.every(({ lane }) => lane === best.lane)) return best;
    const change = this.#changes.get(++this.choicePoints);
    if (change === undefined) return best;
    this.#priorities.set(best.lane, change);
    return this.#best(candidates, head);
  }

  #best(candidates: readonly QueuedEvent[], head: QueuedEvent): QueuedEvent {
    let best = head;
    let highest = this.#priorityOf(head.lane);
    for (const each of candidates) {
      const priority = this.#priorityOf(each.lane);
      if (priority < highest || (priority === highest && !goesFirst(each, best))) continue;
      best = each;
      highest = priority;
    }
    return best;
  }

  #priorityOf(lane: string): number {
    let priority = this.#priorities.get(lane);
    if (priority === undefined) {
      priority = this.#random.uint32(combine32(PRIORITY, hashString(lane)), 1);
      this.#priorities.set(lane, priority);
    }
    return priority;
  }
}

/** Until when the next event has to go: no other may be late. */
function horizonOf(queue: EventQueue, untilUs: number): number {
  let horizonUs = untilUs;
  for (const { dueUs, slackUs } of queue.all()) horizonUs = Math.min(horizonUs, dueUs + slackUs);
  return horizonUs;
}

/** What may go now: of what cannot wait, and so keeps its order, only the first. */
function candidatesOf(queue: EventQueue, head: QueuedEvent, horizonUs: number): QueuedEvent[] {
  const candidates: QueuedEvent[] = [];
  let exact: QueuedEvent | undefined;
  for (const event of queue.all()) {
    if (event.dueUs > horizonUs || (event.owner.state !== 'ready' && event !== head)) continue;
    if (event.slackUs > 0) candidates.push(event);
    else if (exact === undefined || isBefore(event, exact)) exact = event;
  }
  if (exact !== undefined) candidates.push(exact);
  return candidates;
}

/** Among events of one host or link: in a drawn order, and those of one place in the order of queueing. */
function goesFirst(left: QueuedEvent, right: QueuedEvent): boolean {
  return left.rank === right.rank ? left.order < right.order : left.rank < right.rank;
}
