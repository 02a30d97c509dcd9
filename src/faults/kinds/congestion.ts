// A link slows down under load: the more is on its way, the longer each message takes.

import { Congestion } from '../../network/condition.ts';
import { usFromMs } from '../../time/duration.ts';
import { checkLinks } from '../check-links.ts';
import { checkTimes, msText, type TimedKind } from '../timed.ts';
import { befall, checkLink, drawForLinks, isOnAllowedLink, type LinkTimed } from './link-faults.ts';

/** For a while, a message takes longer by `perMessageMs` for each that is on its way on its link already. */
export interface CongestionFault extends LinkTimed {
  readonly kind: 'congestion';
  /** Virtual milliseconds. */
  readonly perMessageMs: number;
  /** No message takes longer by more than this, in virtual milliseconds. */
  readonly slowMsMax: number;
}

const PER_MESSAGE_MS: readonly number[] = [2, 20, 100];
const SLOW_MS_MAX: readonly number[] = [200, 2_000];
const FOR_MS_MAX = 5_000;

/** See {@link CongestionFault}. It strikes when a message meets others on its way. */
export const congestionKind: TimedKind<CongestionFault> = {
  kind: 'congestion',
  check(at, fault) {
    checkLink(at, fault);
    checkTimes(at, fault, ['perMessageMs', 'slowMsMax']);
  },
  checkBudget: (allowed, hosts) => checkLinks('faults.congestion', allowed, hosts),
  describe({ from, to, forMs, perMessageMs, slowMsMax }, at) {
    const slow = `${msText(perMessageMs)} for each message on its way, up to ${msText(slowMsMax)}`;
    return `congested link ${from} ⇥ ${to} ${at} for ${msText(forMs)}: ${slow}`;
  },
  strike(fault, storm) {
    const [perMessageUs, usMax] = [usFromMs(fault.perMessageMs), usFromMs(fault.slowMsMax)];
    befall(fault, storm, { condition: new Congestion({ perMessageUs, usMax }), words: 'congestion' });
  },
  draw: (context) =>
    drawForLinks(context, context.budget.congestion, (ends) => ({
      kind: 'congestion',
      ...ends,
      atMs: context.atMs(),
      forMs: context.lengthMs(FOR_MS_MAX),
      perMessageMs: context.oneOf(PER_MESSAGE_MS),
      slowMsMax: context.oneOf(SLOW_MS_MAX),
    })),
  isAllowed: isOnAllowedLink,
};
