// The calm scheduler: events run exactly when they are due, ties in the order of queueing.

import type { QueuedEvent } from './event.ts';
import type { Scheduler } from './scheduler.ts';

/** Deviates nowhere. Determinism: draws nothing. */
export class InOrderScheduler implements Scheduler {
  readonly name = 'in-order';

  place(event: QueuedEvent, dueUs: number): void {
    event.dueUs = dueUs;
    event.rank = 0;
  }
}
