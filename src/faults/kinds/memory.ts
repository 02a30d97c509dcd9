// A process reaches its limit of memory, and dies: of the kernel's OOM killer, or of V8's limit of the heap.

import { OptionError } from '../../errors.ts';
import type { Incarnation } from '../../host/incarnation.ts';
import { usFromMs } from '../../time/duration.ts';
import { checkBudgetHosts, checkHost, checkTimes, drawForHosts, msText } from '../timed.ts';
import type { Timed, TimedKind } from '../timed.ts';

/**
 * Memory is short on a host for a while: its process dies as soon as it has more than `openMax` requests and
 * connections open at once, and boots again `downMs` later. It gets no signal and no `'exit'`, as with both
 * killers, and dies each time that it happens.
 *
 * Not modelled: memory itself. Nobody can tell how many bytes the objects of one host take. What is open is
 * their measure: requests that it answers, requests that it waits for, and ends of connections.
 */
export interface MemoryFault extends Timed {
  readonly kind: 'memory';
  readonly host: string;
  /** How many may be open before it dies: an integer >= 0. */
  readonly openMax: number;
  /** How long it is down, in virtual milliseconds. */
  readonly downMs: number;
  /** For how long memory is short, in virtual milliseconds. */
  readonly forMs: number;
}

const OPEN_DRAWN_MAX = 8;

/** See {@link MemoryFault}. It strikes when the process dies. */
export const memoryKind: TimedKind<MemoryFault> = {
  kind: 'memory',
  check(at, fault, hosts) {
    checkHost(`${at}.host`, fault['host'], hosts);
    checkTimes(at, fault, ['downMs', 'forMs']);
    const { openMax } = fault;
    if (Number.isSafeInteger(openMax) && (openMax as number) >= 0) return;
    throw OptionError.expected(`${at}.openMax`, 'an integer >= 0', openMax);
  },
  checkBudget: checkBudgetHosts('memory'),
  describe: ({ host, openMax, downMs, forMs }, at) =>
    `${host} short of memory ${at} for ${msText(forMs)}, dies of more than ${openMax} open requests, ` +
    `back ${msText(downMs)} later`,
  strike(fault, storm) {
    const machine = storm.machine(fault.host);
    if (machine === undefined || machine.onSettled !== undefined) return;
    const { observer } = storm.park;
    observer.noted?.(`${fault.host} is short of memory`);
    machine.onSettled = (incarnation) => {
      if (openOf(incarnation) <= fault.openMax) return;
      storm.struck(fault);
      observer.noted?.(`${fault.host} is out of memory`);
      machine.crash();
      storm.later(usFromMs(fault.downMs), 'boot', () => void machine.boot());
    };
    storm.lasts(usFromMs(fault.forMs), 'memory again', () => {
      observer.noted?.(`${fault.host} has memory again`);
      machine.onSettled = undefined;
    });
  },
  toll: ({ host, downMs, forMs }) => ({ down: [{ host, forMs: forMs + downMs }], kills: [host] }),
  draw: (context) =>
    drawForHosts(context, context.budget.memory, (host) => ({
      kind: 'memory',
      host,
      atMs: context.atMs(),
      openMax: context.draw(OPEN_DRAWN_MAX + 1),
      downMs: context.lengthMs(1_000),
      forMs: context.lengthMs(5_000),
    })),
};

function openOf({ serving, requesting, endpoints }: Incarnation): number {
  return serving.size + requesting.size + endpoints.size;
}
