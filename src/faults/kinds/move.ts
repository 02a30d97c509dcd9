// A process dies and boots again at another address, while names still lead to the old one.

import { usFromMs } from '../../time/duration.ts';
import { checkBudgetHosts, checkHost, checkTimes, drawForHosts, msText } from '../timed.ts';
import type { Timed, TimedKind } from '../timed.ts';

/**
 * A process dies at once, and boots again `downMs` later at another address, with its disk. For `staleMs` all
 * others are told the old address, where nobody is.
 */
export interface MoveFault extends Timed {
  readonly kind: 'move';
  readonly host: string;
  readonly downMs: number;
  /** For how long after it went down names lead to the old address, in virtual milliseconds. */
  readonly staleMs: number;
}

const DOWN_MS_MAX = 5_000;
const STALE_MS_MAX = 5_000;

/** See {@link MoveFault}. */
export const moveKind: TimedKind<MoveFault> = {
  kind: 'move',
  check(at, fault, hosts) {
    checkHost(`${at}.host`, fault['host'], hosts);
    checkTimes(at, fault, ['downMs', 'staleMs']);
  },
  checkBudget: checkBudgetHosts('move'),
  describe: ({ host, downMs, staleMs }, at) =>
    `move of ${host} to another address ${at}, back ${msText(downMs)} later, ` +
    `its name leading to the old one for ${msText(staleMs)}`,
  strike(fault, storm) {
    const machine = storm.machine(fault.host);
    if (machine === undefined || machine.process === 'down') return;
    storm.struck(fault);
    machine.crash();
    const { names } = machine;
    const old = names.address;
    names.move();
    storm.park.observer.noted?.(`${fault.host} moves from ${old} to ${names.address}`);
    storm.later(usFromMs(fault.downMs), 'boot', () => void machine.boot());
    storm.lasts(usFromMs(fault.staleMs), 'names follow', () => names.announce());
  },
  // As long as its name leads to nobody, it is as good as down.
  toll: ({ host, downMs, staleMs }) => ({
    down: [{ host, forMs: Math.max(downMs, staleMs) }],
    kills: [host],
  }),
  draw: (context) =>
    drawForHosts(context, context.budget.move, (host) => ({
      kind: 'move',
      host,
      atMs: context.atMs(),
      downMs: context.lengthMs(DOWN_MS_MAX),
      staleMs: context.lengthMs(STALE_MS_MAX),
    })),
};
