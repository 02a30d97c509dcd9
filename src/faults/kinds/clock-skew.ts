// The wall clock of a machine is wrong by a constant: nobody ever set it, or its time source is wrong.

import { usFromMs } from '../../time/duration.ts';
import { msText, type Timed, type TimedKind } from '../timed.ts';
import { clockAmountKind } from './clock-amount.ts';
import { CLOCK_MS_MAX, WRONG_MS_MAX } from './clock-hosts.ts';

/**
 * The wall clock of a host is wrong by a constant from `atMs` on, until the storm ends. At 0, before anything
 * boots, no process ever sees it jump.
 */
export interface ClockSkewFault extends Timed {
  readonly kind: 'clockSkew';
  readonly host: string;
  /** Milliseconds ahead of the true time; negative: behind. */
  readonly byMs: number;
}

/** See {@link ClockSkewFault}. It strikes when a process reads the wall clock. */
export const clockSkewKind: TimedKind<ClockSkewFault> = clockAmountKind({
  kind: 'clockSkew',
  field: 'byMs',
  option: 'msMax',
  most: WRONG_MS_MAX,
  mostDefault: CLOCK_MS_MAX,
  describe({ host, byMs, atMs, after }, at) {
    const since = atMs === 0 && after === undefined ? 'from the start' : `from then on ${at}`;
    return `clock of ${host} ${msText(Math.abs(byMs))} ${byMs > 0 ? 'ahead' : 'behind'} ${since}`;
  },
  strike: (clock, byMs) => clock.step(usFromMs(byMs)),
  isWrong: (reading) => reading === 'wall',
  atMs: () => 0,
});
