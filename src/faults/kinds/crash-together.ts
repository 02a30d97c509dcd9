// Several processes die at the same moment: all replicas at once, by a bad request or a bad configuration.

import { OptionError } from '../../errors.ts';
import { usFromMs } from '../../time/duration.ts';
import { checkBudgetHosts, checkHostList, checkTimes, msText } from '../timed.ts';
import type { DrawContext, Timed, TimedKind } from '../timed.ts';

/** Several processes die at the same moment and boot again `downMs` later; their disks stay. */
export interface CrashTogetherFault extends Timed {
  readonly kind: 'crashTogether';
  /** Two or more. */
  readonly hosts: readonly string[];
  /** How long they are down, in virtual milliseconds. */
  readonly downMs: number;
}

const HOSTS_MIN = 2;

/** See {@link CrashTogetherFault}. */
export const crashTogetherKind: TimedKind<CrashTogetherFault> = {
  kind: 'crashTogether',
  check(at, fault, hosts) {
    const { hosts: named } = fault;
    checkHostList(`${at}.hosts`, named, hosts);
    if (new Set(named as string[]).size < Math.max(HOSTS_MIN, (named as string[]).length))
      throw OptionError.expected(`${at}.hosts`, 'a list of two or more different hosts', named);
    checkTimes(at, fault, ['downMs']);
  },
  checkBudget: checkBudgetHosts('crashTogether'),
  describe: ({ hosts, downMs }, at) =>
    `crash of ${hosts.join(', ')} together ${at}, back ${msText(downMs)} later`,
  strike(fault, storm) {
    for (const host of fault.hosts) {
      const machine = storm.machine(host);
      if (machine === undefined || machine.process === 'down') continue;
      storm.struck(fault);
      machine.crash();
      storm.later(usFromMs(fault.downMs), 'boot', () => void machine.boot());
    }
  },
  toll: ({ hosts, downMs }) => ({ down: hosts.map((host) => ({ host, forMs: downMs })), kills: hosts }),
  draw: drawTogether,
  *plainer(fault) {
    if (fault.hosts.length === HOSTS_MIN) return;
    for (const host of fault.hosts) yield { ...fault, hosts: fault.hosts.filter((each) => each !== host) };
  },
};

/** Some of the hosts, and no more of them than may be down at once. */
function drawTogether(context: DrawContext): CrashTogetherFault[] {
  const { budget, draw } = context;
  const rest = [...(budget.crashTogether ?? [])];
  const most = Math.min(rest.length, budget.survivable?.hostsDown ?? 1);
  if (most < HOSTS_MIN || draw(2) === 0) return [];
  // All that may be: what is found most by it.
  const count = draw(2) === 0 ? most : HOSTS_MIN + draw(most - HOSTS_MIN + 1);
  const hosts: string[] = [];
  while (hosts.length < count) hosts.push(...rest.splice(draw(rest.length), 1));
  const atMs = context.atMs();
  return [{ kind: 'crashTogether', hosts, atMs, downMs: context.lengthMs(10_000) }];
}
