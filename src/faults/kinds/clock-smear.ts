// A leap second, smeared: the clock of a machine runs slow for a while instead of showing one second twice.

import { OptionError } from '../../errors.ts';
import { usFromMs } from '../../time/duration.ts';
import { checkHost, checkTimes, msText } from '../timed.ts';
import type { Timed, TimedKind } from '../timed.ts';
import {
  allowanceOf,
  checkClockBudget,
  drawForClocks,
  isRightAfterwards,
  strikesWhenRead,
} from './clock-hosts.ts';

const LEAP_SECOND_MS = 1_000;
/** A day: what Google, Amazon and others agreed upon. UTC-SLS proposed 1,000 seconds. */
const FOR_MS_DEFAULT = 86_400_000;
/** Shorter, and the clock would run more than a tenth slow. */
const FOR_MS_MIN = 10_000;

/**
 * A leap second is smeared on a host: its clock loses one second evenly over `forMs`, and is a second behind
 * machines that know nothing of it until the storm ends. Time services smear by the rate of the clock, so
 * the monotonic clock and timers run as slow.
 *
 * Source: Five different ways to handle leap seconds with NTP (Lichvar, 2015); Google, Leap Smear.
 */
export interface ClockSmearFault extends Timed {
  readonly kind: 'clockSmear';
  readonly host: string;
  readonly forMs: number;
}

/** See {@link ClockSmearFault}. It strikes when a process reads a clock that is off, or sets a timer. */
export const clockSmearKind: TimedKind<ClockSmearFault> = {
  kind: 'clockSmear',
  check(at, fault, hosts) {
    checkHost(`${at}.host`, fault['host'], hosts);
    checkTimes(at, fault, ['forMs']);
    checkWindow(`${at}.forMs`, fault['forMs'] as number);
  },
  checkBudget(allowed, hosts) {
    const { forMs = FOR_MS_DEFAULT } = checkClockBudget('clockSmear', allowed, hosts, ['forMs']);
    checkTimes('faults.clockSmear', { forMs }, ['forMs']);
    checkWindow('faults.clockSmear.forMs', forMs);
  },
  describe: ({ host, forMs }, at) => `leap second smeared over ${msText(forMs)} on ${host} ${at}`,
  strike(fault, storm) {
    const clock = storm.machine(fault.host)?.clock;
    const ppm = (-LEAP_SECOND_MS / fault.forMs) * 1e6;
    strikesWhenRead(fault, storm, (reading) => reading !== 'zone');
    isRightAfterwards(fault.host, storm);
    clock?.drift(ppm);
    // At the end of the storm the clock is set right and its rate with it.
    storm.later(usFromMs(fault.forMs), 'end of the smear', () => clock?.drift(-ppm));
  },
  draw(context) {
    const { hosts, forMs = FOR_MS_DEFAULT } = allowanceOf(context.budget.clockSmear);
    return drawForClocks(context, hosts, (host) => ({
      kind: 'clockSmear',
      host,
      atMs: context.atMs(),
      forMs,
    }));
  },
  isAllowed({ host, forMs }, allowed) {
    const allowance = allowanceOf(allowed);
    return allowance.hosts.includes(host) && forMs >= (allowance.forMs ?? FOR_MS_DEFAULT);
  },
};

function checkWindow(option: string, forMs: number): void {
  if (forMs < FOR_MS_MIN) throw OptionError.expected(option, `at least ${FOR_MS_MIN} ms`, forMs);
}
