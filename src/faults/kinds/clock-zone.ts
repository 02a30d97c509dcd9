// A machine whose time zone is not UTC: it has local times that do not exist, and others that come twice.

import { OptionError } from '../../errors.ts';
import { isZone } from '../../time/zone.ts';
import { checkHost } from '../timed.ts';
import type { Timed, TimedKind } from '../timed.ts';
import { allowanceOf, checkClockBudget, drawForClocks, strikesWhenRead } from './clock-hosts.ts';

/** Summer time of both halves of the year, a change of half an hour, and an offset of one. */
const ZONES_DEFAULT: readonly string[] = [
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kolkata',
];

/**
 * A host's time zone is another one than UTC, for processes that boot after `atMs`: a process looks it up
 * once. It stays to the end of the run. A process with `TZ` in its environment has the zone that this says.
 */
export interface ClockZoneFault extends Timed {
  readonly kind: 'clockZone';
  readonly host: string;
  /** A name of the IANA time zone database: `Europe/Berlin`. */
  readonly zone: string;
}

/** See {@link ClockZoneFault}. It strikes when a process asks for a local time. */
export const clockZoneKind: TimedKind<ClockZoneFault> = {
  kind: 'clockZone',
  check(at, fault, hosts) {
    checkHost(`${at}.host`, fault['host'], hosts);
    checkZone(`${at}.zone`, fault['zone']);
  },
  checkBudget(allowed, hosts) {
    const { zones = ZONES_DEFAULT } = checkClockBudget('clockZone', allowed, hosts, ['zones']);
    if (!Array.isArray(zones) || zones.length === 0)
      throw OptionError.expected('faults.clockZone.zones', 'a list of time zones', zones);
    for (const zone of zones as unknown[]) checkZone('faults.clockZone.zones', zone);
  },
  describe: ({ host, zone }, at) => `time zone of ${host} is ${zone} for what boots ${at} or later`,
  strike(fault, storm) {
    const clock = storm.machine(fault.host)?.clock;
    if (clock === undefined) return;
    clock.zone = fault.zone;
    strikesWhenRead(fault, storm, (reading) => reading === 'zone');
  },
  draw(context) {
    const { hosts, zones = ZONES_DEFAULT } = allowanceOf(context.budget.clockZone);
    return drawForClocks(context, hosts, (host) => ({
      kind: 'clockZone',
      host,
      atMs: 0,
      zone: context.oneOf(zones),
    }));
  },
  isAllowed({ host, zone }, allowed) {
    const { hosts, zones = ZONES_DEFAULT } = allowanceOf(allowed);
    return hosts.includes(host) && zones.includes(zone);
  },
};

function checkZone(option: string, zone: unknown): void {
  if (typeof zone === 'string' && isZone(zone)) return;
  throw OptionError.expected(option, 'a time zone such as "Europe/Berlin"', zone);
}
