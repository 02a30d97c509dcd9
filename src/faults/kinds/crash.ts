// A process dies at once, and boots again later.

import { usFromMs } from '../../time/duration.ts';
import { checkBudgetHosts, checkHost, checkTimes, drawForHosts, msText } from '../timed.ts';
import type { Timed, TimedKind } from '../timed.ts';

/** A process dies at once and boots again `downMs` later. */
export interface CrashFault extends Timed {
  readonly kind: 'crash';
  readonly host: string;
  readonly downMs: number;
}

/** See {@link CrashFault}. */
export const crashKind: TimedKind<CrashFault> = {
  kind: 'crash',
  check(at, fault, hosts) {
    checkHost(`${at}.host`, fault['host'], hosts);
    checkTimes(at, fault, ['downMs']);
  },
  checkBudget: checkBudgetHosts('crash'),
  describe: ({ host, downMs }, at) => `crash of ${host} ${at}, back ${msText(downMs)} later`,
  strike(fault, storm) {
    const machine = storm.machine(fault.host);
    if (machine === undefined || machine.process === 'down') return;
    storm.struck(fault);
    machine.crash();
    storm.later(usFromMs(fault.downMs), 'boot', () => void machine.boot());
  },
  toll: ({ host, downMs }) => ({ down: [{ host, forMs: downMs }], kills: [host] }),
  draw: (context) =>
    drawForHosts(context, context.budget.crash, (host) => ({
      kind: 'crash',
      host,
      atMs: context.atMs(),
      downMs: context.lengthMs(10_000),
    })),
};
