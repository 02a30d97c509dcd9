// Look-ups of a name take long on one host: the name server is slow, or the first question to it was lost.

import { checkBudgetHosts, checkHost, checkTimes, drawForHosts, msText } from '../timed.ts';
import type { Timed, TimedKind } from '../timed.ts';
import { usFromMs } from '../../time/duration.ts';
import { otherHost, troubleNames } from './name-trouble.ts';

/** A host waits for the address of another. */
export interface DnsDelayFault extends Timed {
  readonly kind: 'dnsDelay';
  /** Who asks. */
  readonly host: string;
  /** Whom it asks for. */
  readonly name: string;
  /** How much longer an answer takes, in virtual milliseconds. */
  readonly byMs: number;
  /** Virtual milliseconds for which it lasts. */
  readonly forMs: number;
}

const FOR_MS_MAX = 5_000;
/** A resolver asks again after 5 s. */
const BY_MS_MAX = 5_000;

/** See {@link DnsDelayFault}. It strikes when the host asks meanwhile. */
export const dnsDelayKind: TimedKind<DnsDelayFault> = {
  kind: 'dnsDelay',
  check(at, fault, hosts) {
    checkHost(`${at}.host`, fault['host'], hosts);
    checkHost(`${at}.name`, fault['name'], hosts);
    checkTimes(at, fault, ['byMs', 'forMs']);
  },
  checkBudget: checkBudgetHosts('dnsDelay'),
  describe: ({ host, name, byMs, forMs }, at) =>
    `look-ups of ${name} take ${msText(byMs)} longer on ${host} ${at} for ${msText(forMs)}`,
  strike: (fault, storm) => troubleNames(fault, storm, { delayUs: usFromMs(fault.byMs) }),
  draw: (context) =>
    drawForHosts(context, context.budget.dnsDelay, (host) => ({
      kind: 'dnsDelay',
      host,
      name: otherHost(context, host),
      atMs: context.atMs(),
      byMs: context.lengthMs(BY_MS_MAX),
      forMs: context.lengthMs(FOR_MS_MAX),
    })),
};
