// The interface of a scheduler: the policy that decides which of several events goes first.

import type { QueuedEvent } from './event.ts';

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
   */
  place(event: QueuedEvent, dueUs: number, key: number, nth: number): void;
}
