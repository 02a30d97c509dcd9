// A link gets narrow: few bits pass in a second, and messages queue.

import { NarrowLink } from '../../network/condition.ts';
import { usFromMs } from '../../time/duration.ts';
import { checkLinks } from '../check-links.ts';
import { msText, type TimedKind } from '../timed.ts';
import {
  befall,
  checkLink,
  checkPositive,
  drawForLinks,
  isOnAllowedLink,
  type LinkTimed,
} from './link-faults.ts';

/** For a while, less passes on a link in a second: messages wait for those before them, or for its end. */
export interface BandwidthFault extends LinkTimed {
  readonly kind: 'bandwidth';
  /** Megabits that pass in a second. */
  readonly bandwidthMbps: number;
  /** How many bytes may wait; a datagram that finds the queue full is lost. Default: unlimited. */
  readonly queueBytes?: number;
}

const BANDWIDTHS_MBPS: readonly number[] = [0.01, 0.1, 1];
const QUEUES_BYTES: readonly (number | undefined)[] = [undefined, 1_500, 15_000];
const FOR_MS_MAX = 5_000;

/** See {@link BandwidthFault}. It strikes when a message has to wait, or is lost. */
export const bandwidthKind: TimedKind<BandwidthFault> = {
  kind: 'bandwidth',
  check(at, fault) {
    checkLink(at, fault);
    checkPositive(`${at}.bandwidthMbps`, fault['bandwidthMbps']);
    if (fault['queueBytes'] !== undefined) checkPositive(`${at}.queueBytes`, fault['queueBytes']);
  },
  checkBudget: (allowed, hosts) => checkLinks('faults.bandwidth', allowed, hosts),
  describe({ from, to, forMs, bandwidthMbps, queueBytes }, at) {
    const queue = queueBytes === undefined ? '' : `, ${queueBytes} bytes in its queue`;
    return `narrow link ${from} ⇥ ${to} ${at} for ${msText(forMs)}: ${bandwidthMbps} Mbit/s${queue}`;
  },
  strike(fault, storm) {
    const { bandwidthMbps, queueBytes } = fault;
    const untilUs = storm.park.engine.nowUs + usFromMs(fault.forMs);
    const condition = new NarrowLink({ bandwidthMbps, queueBytes, untilUs });
    befall(fault, storm, { condition, words: 'narrow link' });
  },
  draw: (context) =>
    drawForLinks(context, context.budget.bandwidth, (ends) => {
      const bandwidthMbps = context.oneOf(BANDWIDTHS_MBPS);
      const queueBytes = context.oneOf(QUEUES_BYTES);
      return {
        kind: 'bandwidth',
        ...ends,
        atMs: context.atMs(),
        forMs: context.lengthMs(FOR_MS_MAX),
        bandwidthMbps,
        ...(queueBytes === undefined ? {} : { queueBytes }),
      };
    }),
  *plainer(fault) {
    const { queueBytes, ...unbounded } = fault;
    if (queueBytes !== undefined) yield unbounded;
  },
  isAllowed: isOnAllowedLink,
};
