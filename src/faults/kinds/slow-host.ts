// Everything on a host takes longer for a while: its processor is busy with something else, or throttled.

import { OptionError } from '../../errors.ts';
import type { Lateness } from '../../host/late-loop.ts';
import { usFromMs } from '../../time/duration.ts';
import { checkBudgetHosts, checkHost, checkTimes, drawForHosts, msText } from '../timed.ts';
import type { Timed, TimedKind } from '../timed.ts';

/**
 * A host is slow for a while. Each event of its process takes the event loop `factor` times the usual 0.1 ms,
 * and the next one waits for it: requests, answers, timers are late, and the later the more there are. What
 * the event loop leaves to threads (files, cryptography, compression) takes `factor` times as long.
 *
 * Not modelled: that some events take more work than others. An idle host is hardly late, and a timer of a
 * second takes a second and one turn: slow processors do not slow clocks. The machine's kernel is as slow as
 * the process.
 */
export interface SlowHostFault extends Timed {
  readonly kind: 'slowHost';
  readonly host: string;
  /** How many times longer everything takes: an integer from 2 to 100,000. */
  readonly factor: number;
  /** For how long, in virtual milliseconds. */
  readonly forMs: number;
}

/** What an event takes on a host that is not slow, as a work of its processor. */
const TURN_US = 100;
const FACTOR_MAX = 100_000;
const FACTORS: readonly number[] = [10, 100, 1_000, 5_000];

/** See {@link SlowHostFault}. It strikes when something comes due meanwhile. */
export const slowHostKind: TimedKind<SlowHostFault> = {
  kind: 'slowHost',
  check(at, fault, hosts) {
    checkHost(`${at}.host`, fault['host'], hosts);
    checkTimes(at, fault, ['forMs']);
    const { factor } = fault;
    if (Number.isInteger(factor) && (factor as number) >= 2 && (factor as number) <= FACTOR_MAX) return;
    throw OptionError.expected(`${at}.factor`, `an integer from 2 to ${FACTOR_MAX}`, factor);
  },
  checkBudget: checkBudgetHosts('slowHost'),
  describe: ({ host, factor, forMs }, at) => `${host} ${factor} times slower ${at} for ${msText(forMs)}`,
  strike(fault, storm) {
    const machine = storm.machine(fault.host);
    if (machine === undefined) return;
    const { observer } = storm.park;
    observer.noted?.(`${fault.host} is ${fault.factor} times slower`);
    machine.slowness *= fault.factor;
    const end = machine.gate.runLate(eachTakes(TURN_US * fault.factor, () => storm.struck(fault)));
    storm.lasts(usFromMs(fault.forMs), 'fast again', () => {
      observer.noted?.(`${fault.host} is as fast as usual`);
      machine.slowness /= fault.factor;
      end();
    });
  },
  draw: (context) =>
    drawForHosts(context, context.budget.slowHost, (host) => ({
      kind: 'slowHost',
      host,
      atMs: context.atMs(),
      factor: context.oneOf(FACTORS),
      forMs: context.lengthMs(10_000),
    })),
  *plainer(fault) {
    for (const factor of FACTORS) if (factor < fault.factor) yield { ...fault, factor };
  },
};

/** Events run one after the other, each when its work is done. */
function eachTakes(us: number, onLate: () => void): Lateness {
  let busyUntilUs = 0;
  return {
    runsAtUs(dueUs) {
      onLate();
      busyUntilUs = Math.max(busyUntilUs, dueUs) + us;
      return busyUntilUs;
    },
    forget() {
      busyUntilUs = 0;
    },
  };
}
