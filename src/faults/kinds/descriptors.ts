// A process has as many files and sockets open as it may: it can open no more for a while.

import { usFromMs } from '../../time/duration.ts';
import { checkBudgetHosts, checkHost, checkTimes, drawForHosts, msText } from '../timed.ts';
import type { Timed, TimedKind } from '../timed.ts';

/**
 * A process is out of file descriptors for a while. Opening a file, a folder or a socket fails with `EMFILE`;
 * a new connection to it is accepted and closed at once, as libuv does it. What is open works.
 *
 * Not modelled: which of its descriptors leak. Those of `host.disk` are never short, look-ups of names
 * neither.
 */
export interface DescriptorsFault extends Timed {
  readonly kind: 'descriptors';
  readonly host: string;
  /** For how long, in virtual milliseconds. */
  readonly forMs: number;
}

/** See {@link DescriptorsFault}. It strikes when something is opened in vain. */
export const descriptorsKind: TimedKind<DescriptorsFault> = {
  kind: 'descriptors',
  check(at, fault, hosts) {
    checkHost(`${at}.host`, fault['host'], hosts);
    checkTimes(at, fault, ['forMs']);
  },
  checkBudget: checkBudgetHosts('descriptors'),
  describe: ({ host, forMs }, at) => `${host} out of file descriptors ${at} for ${msText(forMs)}`,
  strike(fault, storm) {
    const machine = storm.machine(fault.host);
    if (machine === undefined || machine.lacksDescriptors !== undefined) return;
    const { observer } = storm.park;
    observer.noted?.(`${fault.host} is out of file descriptors`);
    machine.lacksDescriptors = () => storm.struck(fault);
    storm.lasts(usFromMs(fault.forMs), 'descriptors again', () => {
      observer.noted?.(`${fault.host} has file descriptors again`);
      machine.lacksDescriptors = undefined;
    });
  },
  draw: (context) =>
    drawForHosts(context, context.budget.descriptors, (host) => ({
      kind: 'descriptors',
      host,
      atMs: context.atMs(),
      forMs: context.lengthMs(10_000),
    })),
};
