// What may befall a link for a while: it loses messages in bursts, gets narrow, or slows down under load.

import { combine32, hashString } from '../random/hash.ts';
import type { KeyedRandom } from '../random/keyed.ts';
import type { Envelope } from './message.ts';
import { nextWaitUs, RETRANSMIT_US } from './retransmission.ts';

/** What a condition does to messages. Its answer is a function of what was sent on its link before. */
export interface LinkCondition {
  /**
   * Decides about a message that is sent now.
   *
   * @param delayUs - How long it takes otherwise, in microseconds.
   * @returns How much longer it takes; `undefined` for a datagram that is lost.
   */
  slowsUs(envelope: Envelope, delayUs: number): number | undefined;
}

const BURST = hashString('burst');
/** What the headers of Ethernet, IP and TCP weigh. */
const HEADER_BYTES = 66;

/**
 * The link is in the bad one of two states, and loses messages: all of them, or a share. Datagrams are gone;
 * TCP sends again, and its segments come later, by 200 ms, 600 ms, 1,400 ms and so on.
 *
 * Source: Gilbert (1960) and Elliott (1963). Differs in that how long the state lasts is up to its owner.
 *
 * Determinism: one draw an attempt, keyed by the message; none where all are lost.
 */
export class LossBurst implements LinkCondition {
  readonly #random: KeyedRandom;
  readonly #rate: number;
  readonly #untilUs: number;

  /** @param options.rate - The share that is lost, more than 0 up to 1. */
  constructor(options: { random: KeyedRandom; rate: number; untilUs: number }) {
    this.#random = options.random;
    this.#rate = options.rate;
    this.#untilUs = options.untilUs;
  }

  slowsUs({ topic, nth, sentUs }: Envelope): number | undefined {
    let atUs = sentUs;
    let waitUs = RETRANSMIT_US;
    for (let attempt = 0; atUs < this.#untilUs; attempt++) {
      if (this.#rate < 1 && !this.#random.chance(this.#rate, combine32(topic.key, BURST + attempt), nth))
        break;
      if (topic.kind === 'datagram') return undefined;
      atUs += waitUs;
      waitUs = nextWaitUs(waitUs);
    }
    return atUs - sentUs;
  }
}

/**
 * Fewer bits pass in a second: messages wait for those before them, and pass at once when it is over. Where
 * the queue is bounded, a datagram that finds it full is lost; TCP holds back what does not fit.
 */
export class NarrowLink implements LinkCondition {
  readonly #bandwidthMbps: number;
  readonly #queueBytes: number;
  readonly #untilUs: number;
  #busyUntilUs = 0;

  constructor(options: { bandwidthMbps: number; queueBytes: number | undefined; untilUs: number }) {
    this.#untilUs = options.untilUs;
    this.#bandwidthMbps = options.bandwidthMbps;
    this.#queueBytes = options.queueBytes ?? Number.POSITIVE_INFINITY;
  }

  slowsUs({ topic, sentUs, byteLength }: Envelope): number | undefined {
    const beginsUs = Math.max(sentUs, this.#busyUntilUs);
    const bytes = byteLength + HEADER_BYTES;
    const queuedBytes = ((beginsUs - sentUs) * this.#bandwidthMbps) / 8;
    if (topic.kind === 'datagram' && queuedBytes + bytes > this.#queueBytes) return undefined;
    this.#busyUntilUs = beginsUs + Math.ceil((bytes * 8) / this.#bandwidthMbps);
    return Math.max(0, Math.min(this.#busyUntilUs, this.#untilUs) - sentUs);
  }
}

/** Each message takes longer by the number of those that are on their way. */
export class Congestion implements LinkCondition {
  readonly #perMessageUs: number;
  readonly #usMax: number;
  #arrivalsUs: number[] = [];

  constructor(options: { perMessageUs: number; usMax: number }) {
    this.#perMessageUs = options.perMessageUs;
    this.#usMax = options.usMax;
  }

  slowsUs({ sentUs }: Envelope, delayUs: number): number {
    this.#arrivalsUs = this.#arrivalsUs.filter((atUs) => atUs > sentUs);
    const slowUs = Math.min(this.#usMax, this.#arrivalsUs.length * this.#perMessageUs);
    this.#arrivalsUs.push(sentUs + delayUs + slowUs);
    return slowUs;
  }
}
