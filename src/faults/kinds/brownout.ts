// A service is overloaded for a while: some of its requests fail, or are slow.

import { OptionError } from '../../errors.ts';
import { hashString, combine32 } from '../../random/hash.ts';
import { KeyedRandom } from '../../random/keyed.ts';
import { usFromMs } from '../../time/duration.ts';
import { errorAnswer } from '../answers/error-answers.ts';
import { checkBudgetHosts, checkHost, checkTimes, drawForHosts, msText } from '../timed.ts';
import type { Timed, TimedKind } from '../timed.ts';

/**
 * A share of the requests to a host fail, or are slow, for a while. With `byMs` they are executed that much
 * later; without, they are answered 503 and not executed.
 *
 * Determinism: one draw for each request, keyed by its topic and occurrence.
 */
export interface BrownoutFault extends Timed {
  readonly kind: 'brownout';
  readonly host: string;
  readonly forMs: number;
  /** Share of the requests, above 0 and up to 1. */
  readonly share: number;
  readonly byMs?: number;
}

const SHARES: readonly number[] = [0.1, 0.3, 0.5, 0.9];
const SLOW_MS_MAX = 10_000;
const BROWNOUT = hashString('brownout');

/** See {@link BrownoutFault}. It strikes when it hits a request. */
export const brownoutKind: TimedKind<BrownoutFault> = {
  kind: 'brownout',
  check(at, fault, hosts) {
    checkHost(`${at}.host`, fault['host'], hosts);
    checkTimes(at, fault, ['forMs', ...(fault['byMs'] === undefined ? [] : ['byMs'])]);
    const { share } = fault;
    if (typeof share !== 'number' || !(share > 0 && share <= 1))
      throw OptionError.expected(`${at}.share`, 'a number above 0 and up to 1', share);
  },
  checkBudget: checkBudgetHosts('brownout'),
  describe({ host, forMs, share, byMs }, at) {
    const percent = `${Math.round(share * 1000) / 10} % of the requests`;
    const what = byMs === undefined ? 'are answered 503 without being executed' : `wait ${msText(byMs)}`;
    return `brownout of ${host} ${at} for ${msText(forMs)}: ${percent} ${what}`;
  },
  strike(fault, storm) {
    const { answers, observer, seed } = storm.park;
    const { host, share, byMs } = fault;
    const random = new KeyedRandom(seed);
    observer.noted?.(`brownout of ${host}`);
    const close = answers?.open({
      host,
      refuses: () => false,
      twist({ topic, nth }) {
        if (!random.chance(share, combine32(topic.key, BROWNOUT), nth)) return undefined;
        storm.struck(fault);
        if (byMs !== undefined) return { beforeUs: usFromMs(byMs) };
        return { executions: 0, answer: () => errorAnswer(503) };
      },
    });
    storm.lasts(usFromMs(fault.forMs), 'end of the brownout', () => {
      close?.();
      observer.noted?.(`${host} is well again`);
    });
  },
  draw: (context) =>
    drawForHosts(context, context.budget.brownout, (host) => ({
      kind: 'brownout',
      host,
      atMs: context.atMs(),
      forMs: context.lengthMs(10_000),
      share: context.oneOf(SHARES),
      ...(context.draw(2) === 0 ? {} : { byMs: context.lengthMs(SLOW_MS_MAX) }),
    })),
  *plainer(fault) {
    const { byMs, ...failing } = fault;
    if (byMs !== undefined) yield failing;
    for (const share of [1, 0.5]) if (share !== fault.share && fault.share !== 1) yield { ...fault, share };
  },
};
