// The oscillator of a machine runs fast or slow, and no time service holds it back.

import type { Timed, TimedKind } from '../timed.ts';
import { clockAmountKind } from './clock-amount.ts';

/** The most that an oscillator is off in any plan: a tenth. Virtual machines have been seen to. */
const PPM_MAX = 100_000;
/** The most that is drawn where a budget says nothing: more than this, ntpd and Linux do not make up for. */
const PPM_MAX_DEFAULT = 500;

/**
 * The oscillator of a host runs fast or slow from `atMs` on, until the storm ends. Wall clock, monotonic
 * clock and timers all follow it. Then the wall clock is set right; what the monotonic clock gained it keeps.
 */
export interface ClockDriftFault extends Timed {
  readonly kind: 'clockDrift';
  readonly host: string;
  /** Parts per million: microseconds gained in a second; negative: lost. */
  readonly ppm: number;
}

/** See {@link ClockDriftFault}. It strikes when a process reads a clock that is off, or sets a timer. */
export const clockDriftKind: TimedKind<ClockDriftFault> = clockAmountKind({
  kind: 'clockDrift',
  field: 'ppm',
  option: 'ppmMax',
  most: PPM_MAX,
  mostDefault: PPM_MAX_DEFAULT,
  describe: ({ host, ppm }, at) =>
    `clock of ${host} begins to run ${Math.abs(ppm)} ppm ${ppm > 0 ? 'fast' : 'slow'} ${at}`,
  strike: (clock, ppm) => clock.drift(ppm),
  isWrong: (reading) => reading !== 'zone',
  atMs: (context) => context.atMs(),
});
