// The oscillator of a machine runs fast or slow, and no time service holds it back.

import { checkHost } from '../timed.ts';
import type { Timed, TimedKind } from '../timed.ts';
import {
  allowanceOf,
  checkClockBudget,
  checkPositive,
  checkSigned,
  drawForClocks,
  drawSigned,
  isRightAfterwards,
  rounderBehind,
  strikesWhenRead,
} from './clock-hosts.ts';

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
export const clockDriftKind: TimedKind<ClockDriftFault> = {
  kind: 'clockDrift',
  check(at, fault, hosts) {
    checkHost(`${at}.host`, fault['host'], hosts);
    checkSigned(`${at}.ppm`, fault['ppm'], PPM_MAX);
  },
  checkBudget(allowed, hosts) {
    const { ppmMax } = checkClockBudget('clockDrift', allowed, hosts, ['ppmMax']);
    checkPositive('faults.clockDrift.ppmMax', ppmMax, PPM_MAX);
  },
  describe: ({ host, ppm }, at) =>
    `clock of ${host} begins to run ${Math.abs(ppm)} ppm ${ppm > 0 ? 'fast' : 'slow'} ${at}`,
  strike(fault, storm) {
    strikesWhenRead(fault, storm, (reading) => reading !== 'zone');
    isRightAfterwards(fault.host, storm);
    storm.machine(fault.host)?.clock.drift(fault.ppm);
  },
  draw(context) {
    const { hosts, ppmMax = PPM_MAX_DEFAULT } = allowanceOf(context.budget.clockDrift);
    return drawForClocks(context, hosts, (host) => ({
      kind: 'clockDrift',
      host,
      atMs: context.atMs(),
      ppm: drawSigned(context, ppmMax),
    }));
  },
  *plainer(fault) {
    const { ppm } = fault;
    for (const behind of rounderBehind(-Math.abs(ppm))) yield { ...fault, ppm: ppm > 0 ? -behind : behind };
  },
  isAllowed({ host, ppm }, allowed) {
    const { hosts, ppmMax = PPM_MAX_DEFAULT } = allowanceOf(allowed);
    return hosts.includes(host) && Math.abs(ppm) <= ppmMax;
  },
};
