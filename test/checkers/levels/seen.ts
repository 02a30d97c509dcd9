// Traffic made by hand, for the tests of service levels.

import type { Seen } from '../../../src/checkers/levels/level.ts';
import type { TimedCall } from '../../../src/history/traffic.ts';

/** A request of `POST /checkout` that was sent at 0 ms and answered after so many milliseconds. */
export function took(ms: number, changes: Partial<TimedCall> = {}): TimedCall {
  return {
    kind: 'request',
    name: 'POST /checkout',
    from: 'shopper-1',
    to: 'orders',
    nth: 1,
    operation: -1,
    sentMs: 0,
    endedMs: ms,
    end: 'answered',
    status: 200,
    isError: false,
    isCalm: true,
    ...changes,
  };
}

/** One that has no answer yet. */
export const PENDING: Partial<TimedCall> = { end: 'pending', endedMs: undefined, status: undefined };
/** One whose client stopped waiting. */
export const GIVEN_UP: Partial<TimedCall> = { end: 'given up', status: undefined, isError: true };

/** What a check sees at a time. */
export function seen(calls: readonly TimedCall[], nowMs = 10_000): Seen {
  return { traffic: { calls, arrivals: [] }, nowMs };
}

/** The same several times. */
export function times<Item>(count: number, make: (i: number) => Item): Item[] {
  return Array.from({ length: count }, (_, i) => make(i));
}
