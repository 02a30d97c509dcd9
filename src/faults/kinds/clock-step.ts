// The wall clock of a machine is set: a time service steps it, forward or backward, or somebody does by hand.

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
export const clockStepKind: TimedKind<ClockStepFault> = {
  kind: 'clockStep',
  check(at, fault, hosts) {
    checkHost(`${at}.host`, fault['host'], hosts);
    checkSigned(`${at}.byMs`, fault['byMs'], WRONG_MS_MAX);
  },
  checkBudget(allowed, hosts) {
    const { msMax } = checkClockBudget('clockStep', allowed, hosts, ['msMax']);
    checkPositive('faults.clockStep.msMax', msMax, WRONG_MS_MAX);
  },
  describe({ host, byMs }, at) {
    return `clock of ${host} steps ${byMs > 0 ? 'forward' : 'back'} by ${msText(Math.abs(byMs))} ${at}`;
  },
  strike(fault, storm) {
    storm.machine(fault.host)?.clock.step(usFromMs(fault.byMs));
    strikesWhenRead(fault, storm, (reading) => reading === 'wall');
    isRightAfterwards(fault.host, storm);
  },
  draw(context) {
    const { hosts, msMax = CLOCK_MS_MAX } = allowanceOf(context.budget.clockStep);
    return drawForClocks(context, hosts, (host) => ({
      kind: 'clockStep',
      host,
      atMs: context.atMs(),
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
