// The network of one run: its links, partitions and rules. It answers what becomes of a message and has no
// clock and no queue: delivering is its caller's work.

import { combine32, hashString } from '../random/hash.ts';
import type { KeyedRandom } from '../random/keyed.ts';
import type { Latency } from './latency.ts';
import { latency, sampleUs, spreadUs } from './latency.ts';
import { Link, type Topic } from './link.ts';
import type { Cut } from './partition.ts';
import type { Envelope } from './message.ts';
import { viewOf } from './message.ts';
import { nextWaitUs, RETRANSMIT_US } from './retransmission.ts';
import { checkVerdict, type NetworkRule, type Verdict } from './verdict.ts';

/** What a link takes from the scenario where it differs from the network. */
export interface LinkOptions {
  readonly latency?: Latency;
  readonly loss?: number;
  readonly bandwidthMbps?: number;
  /** See `network.queueBytes`. */
  readonly queueBytes?: number;
}

/** The answer for a message: when it arrives, in microseconds from now, or what else becomes of it. */
export type Routing =
  | {
      readonly kind: 'deliver';
      readonly delayUs: number;
      readonly extraUs: number;
      /** How much later it may arrive; only where that is left to the scheduler. */
      readonly slackUs?: number;
      readonly againUs: number;
    }
  | { readonly kind: 'held' }
  | { readonly kind: 'blocked' }
  /** A datagram is gone: nobody sends it again after a partition, or after the link itself lost it. */
  | { readonly kind: 'lost'; readonly why: 'partition' | 'loss' | 'queue' | 'condition' }
  | Exclude<Verdict, { kind: 'deliver' }>;

/** Decides for the fault plan; like a rule, but it sees the envelope itself. */
export type Injector = (envelope: Envelope) => Verdict | undefined;

/** What a host says to itself never leaves the machine. */
const LOOPBACK: LinkOptions = {
  latency: latency.constant(0.02),
  loss: 0,
  bandwidthMbps: Number.POSITIVE_INFINITY,
  queueBytes: Number.POSITIVE_INFINITY,
};
const LATENCY = hashString('latency');
const LOSS = hashString('loss');
const PIECES = hashString('pieces');
const JOINING = hashString('joining');
/** How often a piece of a stream is cut, or not joined with the one before it, where that varies. */
const PIECES_RATE = 1 / 8;

/** Links, partitions and rules. */
export class Network {
  /** What decisions about messages are drawn with. */
  readonly random: KeyedRandom;
  readonly #latency: Latency;
  readonly #loss: number;
  readonly #bandwidthMbps: number;
  readonly #queueBytes: number;
  readonly #overrides: ReadonlyMap<string, LinkOptions>;
  readonly #links = new Map<string, Map<string, Link>>();
  readonly #rules: NetworkRule[] = [];
  /** Whether messages take times drawn from the distribution, or the calm base. */
  isCalm = false;
  /** Whether it is left to the scheduler how long messages take, within the distributions. */
  leavesTimes = false;
  /** Whether streams are cut into pieces at random: code that expects one `data` event a message is wrong. */
  variesPieces = false;
  injector: Injector | undefined;
  /** Hosts to and from which nothing passes any more, and the cut that says so. */
  #dead: { readonly hosts: ReadonlySet<string>; readonly cut: Cut } | undefined;

  constructor(options: {
    random: KeyedRandom;
    latency: Latency;
    loss: number;
    bandwidthMbps?: number;
    queueBytes?: number;
    overrides: ReadonlyMap<string, LinkOptions>;
  }) {
    this.random = options.random;
    this.#latency = options.latency;
    this.#loss = options.loss;
    this.#bandwidthMbps = options.bandwidthMbps ?? Number.POSITIVE_INFINITY;
    this.#queueBytes = options.queueBytes ?? Number.POSITIVE_INFINITY;
    this.#overrides = options.overrides;
  }

  /** The link from one host to another. */
  link(source: string, target: string): Link {
    let fromSource = this.#links.get(source);
    if (fromSource === undefined) this.#links.set(source, (fromSource = new Map<string, Link>()));
    let link = fromSource.get(target);
    if (link === undefined) {
      const own = source === target ? LOOPBACK : undefined;
      const chosen = this.#overrides.get(`${source} -> ${target}`) ?? own;
      link = new Link(source, target, {
        latency: chosen?.latency ?? this.#latency,
        loss: chosen?.loss ?? this.#loss,
        bandwidthMbps: chosen?.bandwidthMbps ?? this.#bandwidthMbps,
        queueBytes: chosen?.queueBytes ?? this.#queueBytes,
      });
      fromSource.set(target, link);
      this.#cutIfDead(link);
    }
    return link;
  }

  /** Every link that was used or named so far. */
  *links(): Iterable<Link> {
    for (const fromSource of this.#links.values()) yield* fromSource.values();
  }

  /** Cuts hosts off for good: from each other, too, and from whoever comes later. */
  bury(hosts: readonly string[]): void {
    this.#dead = { hosts: new Set(hosts), cut: { from: hosts, to: ['everybody'], isOneWay: false } };
    for (const link of this.links()) this.#cutIfDead(link);
  }

  #cutIfDead(link: Link): void {
    if (this.#dead === undefined) return;
    const { hosts, cut } = this.#dead;
    if (hosts.has(link.source) || hosts.has(link.target)) link.cuts.add(cut);
  }

  /** Adds a rule behind those there are. @returns a function that removes it. */
  addRule(rule: NetworkRule): () => void {
    this.#rules.push(rule);
    return () => {
      const at = this.#rules.indexOf(rule);
      if (at !== -1) this.#rules.splice(at, 1);
    };
  }

  /** Decides what becomes of a message that is sent now. */
  route(envelope: Envelope): Routing {
    const { link } = envelope;
    if (link.isHeld) return { kind: 'held' };
    const verdict = this.#ruleOn(envelope) ?? this.injector?.(envelope);
    if (verdict !== undefined && verdict.kind !== 'deliver') return verdict;
    if (link.cuts.size > 0) {
      return envelope.topic.kind === 'datagram' ? { kind: 'lost', why: 'partition' } : { kind: 'blocked' };
    }
    const extraUs = verdict?.extraUs ?? this.#extraUs(envelope);
    if (extraUs === undefined) return { kind: 'lost', why: 'loss' };
    const againAfterUs = envelope.mayDuplicate ? verdict?.againAfterUs : undefined;
    const transmissionUs = link.transmissionUs(envelope);
    if (transmissionUs === undefined) return { kind: 'lost', why: 'queue' };
    let delayUs = link.latency.baseUs + extraUs + transmissionUs;
    if (link.conditions.size > 0) {
      const slowUs = slowedUs(envelope, delayUs);
      if (slowUs === undefined) return { kind: 'lost', why: 'condition' };
      delayUs += slowUs;
    }
    const againUs = againAfterUs === undefined ? -1 : delayUs + againAfterUs;
    if (!this.leavesTimes || verdict?.extraUs !== undefined) {
      return { kind: 'deliver', delayUs, extraUs, againUs };
    }
    return { kind: 'deliver', delayUs, extraUs, slackUs: spreadUs(link.latency), againUs };
  }

  /**
   * Where to cut a piece of a stream in two: a number of bytes, or 0 for not at all.
   *
   * Determinism: up to two draws a piece, keyed by its topic and occurrence.
   */
  cutOf(topic: Topic, byteLength: number): number {
    if (!this.variesPieces || byteLength < 2) return 0;
    const key = combine32(topic.key, PIECES);
    const nth = topic.count + 1;
    if (!this.random.chance(PIECES_RATE, key, nth)) return 0;
    return 1 + this.random.below(byteLength - 1, combine32(key, 1), nth);
  }

  /**
   * Whether bytes travel with those before them, which leave now, too.
   *
   * Determinism: one draw a piece, keyed by the message it would join and the number of its parts.
   */
  mayJoin(topic: Topic, parts: number): boolean {
    if (topic.link.bandwidthMbps !== Number.POSITIVE_INFINITY) return false;
    if (!this.variesPieces) return true;
    const key = combine32(combine32(topic.key, JOINING), topic.count);
    return !this.random.chance(PIECES_RATE, key, parts);
  }

  /** When TCP sends a message again that was sent at `sentUs` and could not pass before `healedUs`. */
  retransmittedAtUs(sentUs: number, healedUs: number): number {
    let atUs = sentUs;
    let waitUs = RETRANSMIT_US;
    while (atUs < healedUs) {
      atUs += waitUs;
      waitUs = nextWaitUs(waitUs);
    }
    return atUs;
  }

  #ruleOn(envelope: Envelope): Verdict | undefined {
    if (this.#rules.length === 0) return undefined;
    const view = viewOf(envelope);
    for (const rule of this.#rules) {
      const verdict = rule(view);
      if (verdict !== undefined) return checkVerdict(verdict);
    }
    return undefined;
  }

  /** What the link itself adds to its base; undefined for a datagram that is lost. */
  #extraUs({ link, topic, nth }: Envelope): number | undefined {
    if (this.isCalm) return 0;
    let extraUs = 0;
    if (!this.leavesTimes && link.latency.quantiles.length > 1) {
      const draw = this.random.uint32(combine32(topic.key, LATENCY), nth);
      extraUs = sampleUs(link.latency, draw) - link.latency.baseUs;
    }
    if (link.loss > 0) {
      let waitUs = RETRANSMIT_US;
      for (
        let attempt = 0;
        this.random.chance(link.loss, combine32(topic.key, LOSS + attempt), nth);
        attempt++
      ) {
        if (topic.kind === 'datagram') return undefined;
        extraUs += waitUs;
        waitUs = nextWaitUs(waitUs);
        if (attempt === 15) break;
      }
    }
    return extraUs;
  }
}

/** How much longer a message takes by all that befalls its link; undefined for a datagram that is lost. */
function slowedUs(envelope: Envelope, delayUs: number): number | undefined {
  let slowUs = 0;
  for (const condition of envelope.link.conditions) {
    const byThisUs = condition.slowsUs(envelope, delayUs + slowUs);
    if (byThisUs === undefined) return undefined;
    slowUs += byThisUs;
  }
  return slowUs;
}
