// A link: the directed way from one host to another, with what is particular to it.

import { combine32, hashString } from '../random/hash.ts';
import type { LinkCondition } from './condition.ts';
import type { Latency } from './latency.ts';
import type { Envelope, MessageKind } from './message.ts';
import type { Cut } from './partition.ts';

/**
 * Messages of one kind and label on one link: the unit in which occurrences are counted and draws are
 * keyed.
 */
export class Topic {
  readonly link: Link;
  readonly kind: MessageKind;
  readonly label: string;
  /** Hash of (link, kind, label). */
  readonly key: number;
  count = 0;

  constructor(link: Link, kind: MessageKind, label: string) {
    this.link = link;
    this.kind = kind;
    this.label = label;
    this.key = combine32(link.key, hashString(`${kind} ${label}`));
  }
}

/** One direction between two hosts. */
export class Link {
  readonly source: string;
  readonly target: string;
  readonly latency: Latency;
  /** Share of segments that are lost and sent again (streams) or lost for good (datagrams). */
  readonly loss: number;
  /** Megabits per second that pass; infinite where size does not matter. */
  readonly bandwidthMbps: number;
  /** How many bytes may wait for those before them. */
  readonly queueBytes: number;
  readonly key: number;
  /** The partitions that block this direction now. */
  readonly cuts: Set<Cut> = new Set();
  /** What befalls it now, besides. */
  readonly conditions: Set<LinkCondition> = new Set();
  isHeld = false;
  /** Until when the link is busy with what was sent before. */
  #busyUntilUs = 0;
  readonly #topics = new Map<MessageKind, Map<string, Topic>>();

  constructor(
    source: string,
    target: string,
    options: { latency: Latency; loss: number; bandwidthMbps?: number; queueBytes?: number },
  ) {
    this.source = source;
    this.target = target;
    this.latency = options.latency;
    this.loss = options.loss;
    this.bandwidthMbps = options.bandwidthMbps ?? Number.POSITIVE_INFINITY;
    this.queueBytes = options.queueBytes ?? Number.POSITIVE_INFINITY;
    this.key = combine32(hashString(source), hashString(target));
  }

  /** Every topic that was used so far. */
  *topics(): Iterable<Topic> {
    for (const ofKind of this.#topics.values()) yield* ofKind.values();
  }

  /**
   * How long a message waits for those before it, and takes to pass. Undefined for a datagram that finds the
   * queue full; TCP holds back what does not fit.
   */
  transmissionUs(envelope: Envelope): number | undefined {
    if (this.bandwidthMbps === Number.POSITIVE_INFINITY) return 0;
    const { byteLength, sentUs, topic } = envelope;
    if (byteLength === 0) return 0;
    const beginsUs = Math.max(sentUs, this.#busyUntilUs);
    const queuedBytes = ((beginsUs - sentUs) * this.bandwidthMbps) / 8;
    if (topic.kind === 'datagram' && queuedBytes + byteLength > this.queueBytes) return undefined;
    this.#busyUntilUs = beginsUs + Math.ceil((byteLength * 8) / this.bandwidthMbps);
    return this.#busyUntilUs - sentUs;
  }

  topic(kind: MessageKind, label: string): Topic {
    let ofKind = this.#topics.get(kind);
    if (ofKind === undefined) this.#topics.set(kind, (ofKind = new Map<string, Topic>()));
    let topic = ofKind.get(label);
    if (topic === undefined) ofKind.set(label, (topic = new Topic(this, kind, label)));
    return topic;
  }
}
