// A link loses messages in a run: correlated loss, as a bad cable, a full buffer or a radio link shows it.

import { OptionError } from '../../errors.ts';
import { LossBurst } from '../../network/condition.ts';
import { usFromMs } from '../../time/duration.ts';
import { checkLinks } from '../check-links.ts';
import { msText, type DrawContext, type TimedKind } from '../timed.ts';
import { befall, checkLink, isOnAllowedLink, linksAllowed, type LinkTimed } from './link-faults.ts';

/** For a while, a link loses all messages, or a share. Datagrams are gone; TCP sends again. */
export interface BurstLossFault extends LinkTimed {
  readonly kind: 'burstLoss';
  /** The share of messages that is lost, more than 0 up to 1. */
  readonly rate: number;
}

const RATES: readonly number[] = [1, 0.9, 0.5];
const BURSTS_MAX = 6;
const BURST_MS_MAX = 1_000;
const GAP_MS_MAX = 1_000;

/** See {@link BurstLossFault}. It strikes when it loses a message. */
export const burstLossKind: TimedKind<BurstLossFault> = {
  kind: 'burstLoss',
  check(at, fault) {
    checkLink(at, fault);
    const { rate } = fault;
    if (typeof rate !== 'number' || !(rate > 0 && rate <= 1))
      throw OptionError.expected(`${at}.rate`, 'a number more than 0, up to 1', rate);
  },
  checkBudget: (allowed, hosts) => checkLinks('faults.burstLoss', allowed, hosts),
  describe({ from, to, forMs, rate }, at) {
    const share = rate === 1 ? 'all messages' : `${Math.round(rate * 1000) / 10} % of messages`;
    return `burst of loss ${from} ⇥ ${to} ${at} for ${msText(forMs)}, ${share}`;
  },
  strike(fault, storm) {
    const { transport, engine } = storm.park;
    const { random } = transport.network;
    const untilUs = engine.nowUs + usFromMs(fault.forMs);
    const condition = new LossBurst({ random, rate: fault.rate, untilUs });
    befall(fault, storm, { condition, words: 'burst of loss' });
  },
  draw: drawBursts,
  *plainer(fault) {
    if (fault.rate < 1) yield { ...fault, rate: 1 };
  },
  isAllowed: isOnAllowedLink,
};

/**
 * Draws a run of bursts on one link: the link goes to and fro between a good state and a bad one. Each burst
 * is a fault of its own, so that shrinking keeps the one that matters.
 */
function drawBursts(context: DrawContext): BurstLossFault[] {
  const { budget, draw, oneOf, hosts } = context;
  const links = linksAllowed(budget.burstLoss, hosts);
  if (links.length === 0 || draw(2) === 0) return [];
  const ends = oneOf(links);
  const rate = oneOf(RATES);
  const bursts: BurstLossFault[] = [];
  let atMs = context.atMs();
  for (let left = 1 + draw(BURSTS_MAX); left > 0 && atMs <= context.horizonMs; left--) {
    const forMs = context.lengthMs(BURST_MS_MAX);
    bursts.push({ kind: 'burstLoss', ...ends, atMs, forMs, rate });
    atMs = Math.round((atMs + forMs + context.lengthMs(GAP_MS_MAX)) * 1000) / 1000;
  }
  return bursts;
}
