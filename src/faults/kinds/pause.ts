// Nothing runs on a host for a while: a long collection of garbage, or a virtual machine that is frozen.

import { usFromMs } from '../../time/duration.ts';
import { checkBudgetHosts, checkHost, checkTimes, drawForHosts, msText } from '../timed.ts';
import type { Timed, TimedKind } from '../timed.ts';

/** Nothing runs on a host for a while; then everything that was due runs late. */
export interface PauseFault extends Timed {
  readonly kind: 'pause';
  readonly host: string;
  readonly forMs: number;
}

/** See {@link PauseFault}. It strikes when something comes due meanwhile. */
export const pauseKind: TimedKind<PauseFault> = {
  kind: 'pause',
  check(at, fault, hosts) {
    checkHost(`${at}.host`, fault['host'], hosts);
    checkTimes(at, fault, ['forMs']);
  },
  checkBudget: checkBudgetHosts('pause'),
  describe: ({ host, forMs }, at) => `pause of ${host} ${at} for ${msText(forMs)}`,
  strike(fault, storm) {
    const machine = storm.machine(fault.host);
    if (machine === undefined || machine.gate.isPaused) return;
    machine.gate.pause();
    const unlisten = storm.listen({
      deferred: (host) => {
        if (host === fault.host) storm.struck(fault);
      },
    });
    storm.lasts(usFromMs(fault.forMs), 'resume', () => {
      unlisten();
      machine.gate.resume();
    });
  },
  draw: (context) =>
    drawForHosts(context, context.budget.pause, (host) => ({
      kind: 'pause',
      host,
      atMs: context.atMs(),
      forMs: context.lengthMs(10_000),
    })),
};
