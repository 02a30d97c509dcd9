// The wall clock of a machine is wrong by a constant: nobody ever set it, or its time source is wrong.

import { usFromMs } from '../../time/duration.ts';
import { checkHost, msText } from '../timed.ts';
import type { Timed, TimedKind } from '../timed.ts';
import {
  allowanceOf,
  checkClockBudget,
  checkPositive,
  checkSigned,
  CLOCK_MS_MAX,
  drawForClocks,
  drawSigned,
  isRightAfterwards,
  rounderBehind,
  strikesWhenRead,
  WRONG_MS_MAX,
} from './clock-hosts.ts';

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
export const clockSkewKind: TimedKind<ClockSkewFault> = {
  kind: 'clockSkew',
  check(at, fault, hosts) {
    checkHost(`${at}.host`, fault['host'], hosts);
    checkSigned(`${at}.byMs`, fault['byMs'], WRONG_MS_MAX);
  },
  checkBudget(allowed, hosts) {
    const { msMax } = checkClockBudget('clockSkew', allowed, hosts, ['msMax']);
    checkPositive('faults.clockSkew.msMax', msMax, WRONG_MS_MAX);
  },
  describe({ host, byMs, atMs, after }, at) {
    const since = atMs === 0 && after === undefined ? 'from the start' : `from then on ${at}`;
    return `clock of ${host} ${msText(Math.abs(byMs))} ${byMs > 0 ? 'ahead' : 'behind'} ${since}`;
  },
  strike(fault, storm) {
    storm.machine(fault.host)?.clock.step(usFromMs(fault.byMs));
    strikesWhenRead(fault, storm, (reading) => reading === 'wall');
    isRightAfterwards(fault.host, storm);
  },
  draw(context) {
    const { hosts, msMax = CLOCK_MS_MAX } = allowanceOf(context.budget.clockSkew);
    return drawForClocks(context, hosts, (host) => ({
      kind: 'clockSkew',
      host,
      atMs: 0,
      byMs: drawSigned(context, msMax),
    }));
  },
  *plainer(fault) {
    for (const byMs of rounderBehind(fault.byMs)) yield { ...fault, byMs };
  },
  isAllowed({ host, byMs }, allowed) {
    const { hosts, msMax = CLOCK_MS_MAX } = allowanceOf(allowed);
    return hosts.includes(host) && Math.abs(byMs) <= msMax;
  },
};
