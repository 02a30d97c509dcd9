// The scheduler of exhaustive searches: a list of choices says which events wait for others, and the run
// tells at which points there was a choice.

import { EventKind, type EventOwner, type QueuedEvent } from './event.ts';
import type { EventQueue } from './event-queue.ts';
import { NEAR_TIE_US, type Scheduler } from './scheduler.ts';

/**
 * What an event waits for. 0: nothing, it goes now. 1: the next event of its own host. 2: the next one there,
 * or the next that changes what checks see. 3: the next event anywhere.
 */
export type Choice = 0 | 1 | 2 | 3;

/** A point at which an event could have waited. */
export interface ChoicePoint {
  /** The host of the event. */
  readonly host: string;
  /** The event in words. */
  readonly what: string;
  /** What was chosen. */
  readonly choice: Choice;
  /**
   * What it has to wait for to make a difference, as far as is known when the run is over: its like on its
   * own host touches what it touches; and others only if it was seen to touch more.
   */
  readonly behind: Choice;
  /** Where the run was then: equal for states with equal futures; where the scenario tells its state. */
  readonly state: string | undefined;
}

/** What an event was seen to do, besides to its own host. */
export interface Touched {
  /** It changed what checks see. */
  readonly isVisible: boolean;
  /** It may have changed any host. */
  readonly isWide: boolean;
}

interface Waiting {
  readonly choice: Choice;
  readonly group: string;
  /** When it was due first. */
  readonly dueUs: number;
  readonly latestUs: number;
}

/**
 * Runs events as early as the order allows that the choices say, so that equal orders of the events of each
 * host make equal runs, whatever happened elsewhere in between: such events commute, and need not be tried in
 * both orders. An event that waits goes as soon as something happened that it does not commute with. Where
 * nothing did until it cannot wait any more, waiting made no difference (`isRedundant`), and from then on
 * there are no choices.
 *
 * Determinism: draws nothing.
 */
export class ChoosingScheduler implements Scheduler {
  readonly name = 'choosing';
  readonly points: ChoicePoint[] = [];
  isRedundant = false;
  /** Tells where the run is, for {@link ChoicePoint.state}. */
  stateOf: (() => string | undefined) | undefined;
  readonly #choices: readonly number[];
  readonly #groupOf: (owner: EventOwner) => string;
  readonly #waiting = new Map<QueuedEvent, Waiting>();
  readonly #dueUs = new Map<QueuedEvent, number>();
  #ran: { event: QueuedEvent; point: number | undefined; atUs: number } | undefined;
  #touched: Touched = { isVisible: true, isWide: true };
  /** Whether the event that ran last has not been asked yet whom it wakes. */
  #isNew = false;
  #isDisturbed = false;

  /** @param groupOf - Names what an event touches at least: the host of its owner. */
  constructor(choices: readonly number[], groupOf: (owner: EventOwner) => string) {
    this.#choices = choices;
    this.#groupOf = groupOf;
  }

  place(event: QueuedEvent, dueUs: number, _key: number, _nth: number, slackUs = 0): void {
    event.dueUs = dueUs;
    event.slackUs = slackUs + NEAR_TIE_US - 1;
    event.rank = 0;
    // A timer that was cleared while it waited is set anew.
    this.#waiting.delete(event);
    this.#dueUs.delete(event);
  }

  /** Told what the event did that ran last, once everything that it caused has run. */
  settled(touched: Touched): void {
    this.#touched = touched;
    const point = this.#ran?.point;
    if (point === undefined) return;
    const behind = touched.isWide ? 3 : touched.isVisible ? 2 : 1;
    this.points[point] = { ...(this.points[point] as ChoicePoint), behind };
  }

  /** Something happened between two events that may concern any host. */
  disturbed(): void {
    this.#isDisturbed = true;
  }

  /** What a queued event waits for. */
  choiceOf(event: QueuedEvent): Choice {
    return this.#waiting.get(event)?.choice ?? 0;
  }

  choose(queue: EventQueue, untilUs: number): QueuedEvent | undefined {
    this.#wake(queue);
    for (;;) {
      const head = queue.peek();
      if (head === undefined || head.dueUs > untilUs) return head;
      const isWaiting = this.#waiting.delete(head);
      if (head.owner.state !== 'ready') return this.#goes(head);
      if (isWaiting) this.isRedundant = true;
      if (this.isRedundant || head.slackUs === 0) return this.#goes(head);
      const leader = this.#leaderOf(head);
      if (leader === undefined && !mayBeOvertaken(head, queue, this.#waiting)) return this.#goes(head);
      const choice = leader?.choice ?? this.#decide(head);
      if (choice === 0) return this.#goes(head, this.points.length - 1);
      this.#hold(head, choice, queue);
    }
  }

  #decide(event: QueuedEvent): Choice {
    const chosen = this.#choices[this.points.length] ?? 0;
    const choice = Math.min(3, Math.max(0, chosen)) as Choice;
    const { name: host } = event.owner;
    const state = this.stateOf?.();
    this.points.push({ host, what: event.describe(), choice, behind: choice, state });
    return choice;
  }

  #goes(event: QueuedEvent, point?: number): QueuedEvent {
    const { dueUs } = event;
    const wasDueUs = this.#dueUs.get(event);
    if (wasDueUs !== undefined) {
      this.#dueUs.delete(event);
      if (dueUs > wasDueUs) event.heldBack(dueUs - wasDueUs);
    }
    const atUs = Math.max(dueUs, this.#ran?.atUs ?? 0);
    if (event.owner.state === 'gone') return event;
    this.#ran = { event, point, atUs };
    this.#isNew = true;
    return event;
  }

  #hold(event: QueuedEvent, choice: Choice, queue: EventQueue): void {
    const { dueUs, slackUs } = event;
    const latestUs = dueUs + slackUs;
    const group = this.#groupOf(event.owner);
    this.#waiting.set(event, { choice, group, dueUs, latestUs });
    if (!this.#dueUs.has(event)) this.#dueUs.set(event, dueUs);
    moved(event, latestUs, queue);
    event.slackUs = 0;
  }

  /** Lets go what does not commute with the event that ran last. */
  #wake(queue: EventQueue): void {
    const ran = this.#ran;
    const isAll = this.#isDisturbed || (this.#isNew && this.#touched.isWide);
    const isDue = this.#isNew || isAll;
    this.#isNew = false;
    this.#isDisturbed = false;
    if (ran === undefined || !isDue || this.#waiting.size === 0) return;
    const group = this.#groupOf(ran.event.owner);
    // Those that waited keep the order in which they were set: timers of one host need that.
    for (const [event, waiting] of this.#waiting) {
      const { choice } = waiting;
      const isWoken =
        isAll || choice === 3 || waiting.group === group || (choice === 2 && this.#touched.isVisible);
      if (!isWoken) continue;
      this.#waiting.delete(event);
      if (event.position === -1) continue;
      const dueUs = Math.min(Math.max(waiting.dueUs, ran.atUs + 1), waiting.latestUs);
      moved(event, dueUs, queue);
      event.slackUs = waiting.latestUs - dueUs;
    }
  }

  /** A timer of the same host that waits and was to fire before this one: it goes no sooner. */
  #leaderOf(event: QueuedEvent): Waiting | undefined {
    if (event.kind !== EventKind.timer || this.#waiting.size === 0) return undefined;
    for (const [other, waiting] of this.#waiting) {
      const isAlike = other.kind === EventKind.timer && other.owner === event.owner;
      if (isAlike && other.position !== -1) return waiting;
    }
    return undefined;
  }
}

function moved(event: QueuedEvent, dueUs: number, queue: EventQueue): void {
  queue.remove(event);
  event.dueUs = dueUs;
  queue.push(event);
}

/** Whether anything could happen while the event waits: else it makes no difference. */
function mayBeOvertaken(
  event: QueuedEvent,
  queue: EventQueue,
  waiting: ReadonlyMap<QueuedEvent, unknown>,
): boolean {
  const latestUs = event.dueUs + event.slackUs;
  return queue.all().some((other) => {
    if (other === event || other.dueUs > latestUs || waiting.has(other)) return false;
    // Timers of one host keep their order.
    return !(event.kind === EventKind.timer && other.kind === EventKind.timer && other.owner === event.owner);
  });
}
