// The wall clock of a machine is set: a time service steps it, forward or backward, or somebody does by hand.

import { usFromMs } from '../../time/duration.ts';
import { msText, type Timed, type TimedKind } from '../timed.ts';
import { clockAmountKind } from './clock-amount.ts';
import { CLOCK_MS_MAX, WRONG_MS_MAX } from './clock-hosts.ts';

/**
 * The wall clock of a host jumps, while its processes run: `Date` does; `performance.now()`,
 * `process.hrtime()` and timers do not. It stays wrong until the storm ends, and then jumps back.
 */
export interface ClockStepFault extends Timed {
  readonly kind: 'clockStep';
  readonly host: string;
  /** Milliseconds that it jumps forward; negative: backward. */
  readonly byMs: number;
}

/** See {@link ClockStepFault}. It strikes when a process reads the wall clock afterwards. */
export const clockStepKind: TimedKind<ClockStepFault> = clockAmountKind({
  kind: 'clockStep',
  field: 'byMs',
  option: 'msMax',
  most: WRONG_MS_MAX,
  mostDefault: CLOCK_MS_MAX,
  describe({ host, byMs }, at) {
    return `clock of ${host} steps ${byMs > 0 ? 'forward' : 'back'} by ${msText(Math.abs(byMs))} ${at}`;
  },
  strike: (clock, byMs) => clock.step(usFromMs(byMs)),
  isWrong: (reading) => reading === 'wall',
  atMs: (context) => context.atMs(),
});
