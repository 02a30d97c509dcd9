// A disk has no space left for a while.

import { usFromMs } from '../../time/duration.ts';
import { checkBudgetHosts, checkHost, checkTimes, drawForHosts, msText } from '../timed.ts';
import type { Timed, TimedKind } from '../timed.ts';

/** The disk of a host is full for `forMs`: writing and creating fail with `ENOSPC`, removing does not. */
export interface DiskFullFault extends Timed {
  readonly kind: 'diskFull';
  readonly host: string;
  readonly forMs: number;
}

/** See {@link DiskFullFault}. */
export const diskFullKind: TimedKind<DiskFullFault> = {
  kind: 'diskFull',
  check(at, fault, hosts) {
    checkHost(`${at}.host`, fault['host'], hosts);
    checkTimes(at, fault, ['forMs']);
  },
  checkBudget: checkBudgetHosts('diskFull'),
  describe: ({ host, forMs }, at) => `disk of ${host} full ${at}, for ${msText(forMs)}`,
  strike(fault, storm) {
    const interference = storm.machine(fault.host)?.disk.interference;
    if (interference === undefined) return;
    const meet = (): void => storm.struck(fault);
    interference.fills.add(meet);
    storm.lasts(usFromMs(fault.forMs), 'space on the disk', () => interference.fills.delete(meet));
  },
  toll: ({ host }) => ({ disks: [host] }),
  draw: (context) =>
    drawForHosts(context, context.budget.diskFull, (host) => ({
      kind: 'diskFull',
      host,
      atMs: context.atMs(),
      forMs: context.lengthMs(10_000),
    })),
};
