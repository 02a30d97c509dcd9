// Look-ups of a name fail on one host: the name server is down, or has lost the record.

import { OptionError } from '../../errors.ts';
import { checkBudgetHosts, checkHost, checkTimes, drawForHosts, msText } from '../timed.ts';
import type { Timed, TimedKind } from '../timed.ts';
import { otherHost, troubleNames } from './name-trouble.ts';

/** How a look-up fails: there is no such name, or nobody knows just now. */
export type DnsErrorCode = 'ENOTFOUND' | 'EAI_AGAIN';

/** A host does not find the address of another. Connections that are open stay so. */
export interface DnsFailureFault extends Timed {
  readonly kind: 'dnsFailure';
  /** Who asks. */
  readonly host: string;
  /** Whom it asks for. */
  readonly name: string;
  /** `EAI_AGAIN` is `ESERVFAIL` to a `dns.Resolver`. */
  readonly code: DnsErrorCode;
  /** Virtual milliseconds for which it lasts. */
  readonly forMs: number;
}

const CODES: readonly DnsErrorCode[] = ['ENOTFOUND', 'EAI_AGAIN'];
const FOR_MS_MAX = 5_000;

/** See {@link DnsFailureFault}. It strikes when the host asks meanwhile. */
export const dnsFailureKind: TimedKind<DnsFailureFault> = {
  kind: 'dnsFailure',
  check(at, fault, hosts) {
    checkHost(`${at}.host`, fault['host'], hosts);
    checkHost(`${at}.name`, fault['name'], hosts);
    if (!CODES.includes(fault['code'] as DnsErrorCode))
      throw OptionError.expected(`${at}.code`, CODES.join(' or '), fault['code']);
    checkTimes(at, fault, ['forMs']);
  },
  checkBudget: checkBudgetHosts('dnsFailure'),
  describe: ({ host, name, code, forMs }, at) =>
    `look-ups of ${name} fail on ${host} (${code}) ${at} for ${msText(forMs)}`,
  strike: (fault, storm) => troubleNames(fault, storm, { code: fault.code }),
  draw: (context) =>
    drawForHosts(context, context.budget.dnsFailure, (host) => ({
      kind: 'dnsFailure',
      host,
      name: otherHost(context, host),
      atMs: context.atMs(),
      code: context.oneOf(CODES),
      forMs: context.lengthMs(FOR_MS_MAX),
    })),
};
