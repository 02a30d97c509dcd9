// The interface of a scheduler: the policy that decides which of several events goes first.

import type { QueuedEvent } from './event.ts';
import type { EventQueue } from './event-queue.ts';

/** How far apart two events may be due and still change places: below the millisecond of a timer. */
export const NEAR_TIE_US = 64;

/**
 * Places each event when it is queued. A scheduler never changes what Node.js or TCP guarantee: events that
 * must keep their order (timers of one host due together) are placed with one key and occurrence, and get one
 * place; those of one stream are given due times that leave room between them.
 */
export interface Scheduler {
  readonly name: string;
  /**
   * Sets `event.dueUs`, less than 1,000 microseconds after `dueUs`, and `event.rank`.
   *
   * @param key - A hash of what the event is about: draws are keyed by it.
   * @param nth - Which occurrence of the key this is.
   * @param slackUs - How much later it may come: more than nothing for a message whose time on its way is
   *   left
   *   to the scheduler.
   */
  place(event: QueuedEvent, dueUs: number, key: number, nth: number, slackUs?: number): void;
  /**
   * Chooses the event that goes next, and sets when. Asked before each step; a scheduler without it leaves
   * the choice to the order of the queue. Chooses nothing that comes before an event which cannot come later.
   *
   * @param untilUs - What is due later does not go now: the scheduler returns it, or nothing, and decides
   *   nothing then.
   */
  choose?(queue: EventQueue, untilUs: number): QueuedEvent | undefined;
}
