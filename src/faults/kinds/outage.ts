// A service is not there for a while, in one of the ways in which services are not there.

import { OptionError } from '../../errors.ts';
import { usFromMs } from '../../time/duration.ts';
import { errorAnswer } from '../answers/error-answers.ts';
import { checkBudgetHosts, checkHost, checkTimes, drawForHosts, msText } from '../timed.ts';
import type { Timed, TimedKind } from '../timed.ts';

/**
 * How a service is not there. Nothing is executed before it is back.
 *
 * - `refuse`: its connections are refused, and open ones are reset at the next request.
 * - `unavailable`: what stands in front of it answers 503.
 * - `hang`: requests are taken and never answered.
 * - `hold`: requests wait in front of it, and all of them arrive at once when it is back.
 */
export type OutageForm = 'refuse' | 'unavailable' | 'hang' | 'hold';

/** No request to a host is executed for a while. Its process lives on and can send requests itself. */
export interface OutageFault extends Timed {
  readonly kind: 'outage';
  readonly host: string;
  readonly forMs: number;
  readonly form: OutageForm;
}

const FORMS: readonly OutageForm[] = ['refuse', 'unavailable', 'hang', 'hold'];
const SHOWN: Readonly<Record<OutageForm, string>> = {
  refuse: 'connections are refused',
  unavailable: 'requests are answered 503 without being executed',
  hang: 'requests are never answered',
  hold: 'requests wait, and arrive all at once afterwards',
};

/** See {@link OutageFault}. It strikes when a request meets it. */
export const outageKind: TimedKind<OutageFault> = {
  kind: 'outage',
  check(at, fault, hosts) {
    checkHost(`${at}.host`, fault['host'], hosts);
    checkTimes(at, fault, ['forMs']);
    if (!FORMS.includes(fault['form'] as OutageForm))
      throw OptionError.expected(`${at}.form`, FORMS.map((form) => `"${form}"`).join(', '), fault['form']);
  },
  checkBudget: checkBudgetHosts('outage'),
  describe: ({ host, forMs, form }, at) => `outage of ${host} ${at} for ${msText(forMs)}: ${SHOWN[form]}`,
  strike(fault, storm) {
    const { answers, observer } = storm.park;
    const { host, form } = fault;
    const held: (() => void)[] = [];
    observer.noted?.(`outage of ${host}`);
    const close = answers?.open({
      host,
      refuses() {
        if (form === 'refuse') storm.struck(fault);
        return form === 'refuse';
      },
      twist() {
        storm.struck(fault);
        if (form === 'refuse') return { isRefused: true };
        if (form === 'hold') return { held: (go) => held.push(go) };
        return { executions: 0, answer: () => (form === 'hang' ? 'hang' : errorAnswer(503)) };
      },
    });
    storm.lasts(usFromMs(fault.forMs), 'end of the outage', () => {
      close?.();
      observer.noted?.(`${host} is back`);
      for (const go of held) go();
    });
  },
  draw: (context) =>
    drawForHosts(context, context.budget.outage, (host) => ({
      kind: 'outage',
      host,
      atMs: context.atMs(),
      forMs: context.lengthMs(10_000),
      form: context.oneOf(FORMS),
    })),
  *plainer(fault) {
    for (const form of FORMS.slice(0, FORMS.indexOf(fault.form))) yield { ...fault, form };
  },
};
