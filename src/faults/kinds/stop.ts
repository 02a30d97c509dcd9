// A process is asked to end, and boots again later.

import { usFromMs } from '../../time/duration.ts';
import { checkBudgetHosts, checkHost, checkTimes, drawForHosts, msText } from '../timed.ts';
import type { Timed, TimedKind } from '../timed.ts';

/** How long a planned graceful stop may take before the process is killed. */
export const STOP_GRACE_MS = 10_000;

/** A process is asked to end, finishes what it serves, and boots again `downMs` after it ended. */
export interface StopFault extends Timed {
  readonly kind: 'stop';
  readonly host: string;
  readonly downMs: number;
}

/** See {@link StopFault}. */
export const stopKind: TimedKind<StopFault> = {
  kind: 'stop',
  check(at, fault, hosts) {
    checkHost(`${at}.host`, fault['host'], hosts);
    checkTimes(at, fault, ['downMs']);
  },
  checkBudget: checkBudgetHosts('stop'),
  describe: ({ host, downMs }, at) => `stop of ${host} ${at}, back ${msText(downMs)} later`,
  strike(fault, storm) {
    const machine = storm.machine(fault.host);
    if (machine === undefined || machine.process === 'down' || machine.process === 'stopping') return;
    storm.struck(fault);
    const bootLater = (): void => storm.later(usFromMs(fault.downMs), 'boot', () => void machine.boot());
    void machine.stop(usFromMs(STOP_GRACE_MS)).then(bootLater);
  },
  // It takes its time before the host is down at all.
  toll: ({ host, downMs }) => ({ down: [{ host, forMs: STOP_GRACE_MS + downMs }] }),
  draw: (context) =>
    drawForHosts(context, context.budget.stop, (host) => ({
      kind: 'stop',
      host,
      atMs: context.atMs(),
      downMs: context.lengthMs(10_000),
    })),
};
