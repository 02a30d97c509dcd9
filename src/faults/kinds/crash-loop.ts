// A process dies again and again, each time shortly after it was booted: perhaps before it is up.

import { OptionError } from '../../errors.ts';
import { usFromMs } from '../../time/duration.ts';
import { checkBudgetHosts, checkHost, checkTimes, drawForHosts, msText } from '../timed.ts';
import type { Storm, Timed, TimedKind } from '../timed.ts';

/** A process dies at once and boots again `downMs` later, several times; the disk stays. */
export interface CrashLoopFault extends Timed {
  readonly kind: 'crashLoop';
  readonly host: string;
  /** How many times it dies, from 2 to 100. */
  readonly times: number;
  /** How long after the begin of a boot it dies again, in virtual milliseconds: a boot may take longer. */
  readonly upMs: number;
  /** How long it is down each time, in virtual milliseconds. */
  readonly downMs: number;
}

const TIMES_MIN = 2;
const TIMES_MAX = 100;
const TIMES_DRAWN_MAX = 5;

/** See {@link CrashLoopFault}. */
export const crashLoopKind: TimedKind<CrashLoopFault> = {
  kind: 'crashLoop',
  check(at, fault, hosts) {
    checkHost(`${at}.host`, fault['host'], hosts);
    checkTimes(at, fault, ['upMs', 'downMs']);
    const { times } = fault;
    if (Number.isInteger(times) && (times as number) >= TIMES_MIN && (times as number) <= TIMES_MAX) return;
    throw OptionError.expected(`${at}.times`, `an integer from ${TIMES_MIN} to ${TIMES_MAX}`, times);
  },
  checkBudget: checkBudgetHosts('crashLoop'),
  describe: ({ host, times, upMs, downMs }, at) =>
    `crash loop of ${host} ${at}, ${times} times, back ${msText(downMs)} later for ${msText(upMs)}`,
  strike: (fault, storm) => crash(fault, storm, fault.times),
  toll: ({ host, times, upMs, downMs }) => ({
    down: [{ host, forMs: times * downMs + (times - 1) * upMs }],
    kills: [host],
  }),
  draw: (context) =>
    drawForHosts(context, context.budget.crashLoop, (host) => ({
      kind: 'crashLoop',
      host,
      atMs: context.atMs(),
      times: TIMES_MIN + context.draw(TIMES_DRAWN_MAX - TIMES_MIN + 1),
      upMs: context.lengthMs(1_000),
      downMs: context.lengthMs(1_000),
    })),
  *plainer(fault) {
    if (fault.times > TIMES_MIN) yield { ...fault, times: TIMES_MIN };
    if (fault.times > TIMES_MIN + 1) yield { ...fault, times: fault.times - 1 };
  },
};

function crash(fault: CrashLoopFault, storm: Storm, left: number): void {
  const machine = storm.machine(fault.host);
  if (machine === undefined) return;
  if (machine.process !== 'down') {
    storm.struck(fault);
    machine.crash();
  }
  storm.later(usFromMs(fault.downMs), 'boot', () => {
    void machine.boot();
    if (left > 1) storm.later(usFromMs(fault.upMs), 'crash again', () => crash(fault, storm, left - 1));
  });
}
