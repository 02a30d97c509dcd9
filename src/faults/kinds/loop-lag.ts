// The event loop of a process is blocked again and again for a while: by long computations, by collections of
// garbage, by a neighbour on the same processor.

import { checkedUsFromMs, usFromMs } from '../../time/duration.ts';
import { OptionError } from '../../errors.ts';
import type { Lateness } from '../../host/late-loop.ts';
import { combine32, hashString } from '../../random/hash.ts';
import { KeyedRandom } from '../../random/keyed.ts';
import { checkBudgetHosts, checkHost, checkTimes, drawForHosts, msText } from '../timed.ts';
import type { Timed, TimedKind } from '../timed.ts';

/**
 * For a while each event of a host may find its event loop blocked, for up to `lagMs`. What comes due during
 * such a block runs right after it, in its order. `Date` and `performance.now()` go on.
 *
 * Determinism: one draw for each event that finds the loop free, keyed by the host and their count.
 */
export interface LoopLagFault extends Timed {
  readonly kind: 'loopLag';
  readonly host: string;
  /** The longest block, in virtual milliseconds, more than 0. Half of them last a tenth of it at most. */
  readonly lagMs: number;
  /** For how long, in virtual milliseconds. */
  readonly forMs: number;
}

const LAGS_MS: readonly number[] = [10, 100, 1_000, 5_000];
const KEY = hashString('loop lag');

/** See {@link LoopLagFault}. It strikes when something comes due meanwhile and runs late. */
export const loopLagKind: TimedKind<LoopLagFault> = {
  kind: 'loopLag',
  check(at, fault, hosts) {
    checkHost(`${at}.host`, fault['host'], hosts);
    checkTimes(at, fault, ['lagMs', 'forMs']);
    if (checkedUsFromMs(`${at}.lagMs`, fault['lagMs']) === 0)
      throw OptionError.expected(`${at}.lagMs`, 'a number of milliseconds greater than 0', fault['lagMs']);
  },
  checkBudget: checkBudgetHosts('loopLag'),
  describe: ({ host, lagMs, forMs }, at) =>
    `event loop of ${host} blocked ${at} for ${msText(forMs)}, up to ${msText(lagMs)} at a time`,
  strike(fault, storm) {
    const machine = storm.machine(fault.host);
    if (machine === undefined) return;
    const { observer, seed } = storm.park;
    const random = new KeyedRandom(seed);
    const key = combine32(KEY, hashString(fault.host));
    const lagUs = usFromMs(fault.lagMs);
    const drawUs = (nth: number): number => {
      const us = random.below(lagUs + 1, key, 2 * nth);
      return random.below(2, key, 2 * nth + 1) === 0 ? us : Math.floor(us / 10);
    };
    observer.noted?.(`the event loop of ${fault.host} lags`);
    const end = machine.gate.runLate(blockedFor(drawUs, () => storm.struck(fault)));
    storm.lasts(usFromMs(fault.forMs), 'lag ends', () => {
      observer.noted?.(`the event loop of ${fault.host} lags no more`);
      end();
    });
  },
  draw: (context) =>
    drawForHosts(context, context.budget.loopLag, (host) => ({
      kind: 'loopLag',
      host,
      atMs: context.atMs(),
      lagMs: context.oneOf(LAGS_MS),
      forMs: context.lengthMs(10_000),
    })),
  *plainer(fault) {
    for (const lagMs of LAGS_MS) if (lagMs < fault.lagMs) yield { ...fault, lagMs };
  },
};

/** An event that finds the loop free may begin a block; what comes due before its end waits for it. */
function blockedFor(drawUs: (nth: number) => number, onLate: () => void): Lateness {
  let blockedUntilUs = 0;
  let nth = 0;
  return {
    runsAtUs(dueUs) {
      if (dueUs > blockedUntilUs) blockedUntilUs = dueUs + drawUs(nth++);
      if (blockedUntilUs > dueUs) onLate();
      return Math.max(dueUs, blockedUntilUs);
    },
    forget() {
      blockedUntilUs = 0;
    },
  };
}
