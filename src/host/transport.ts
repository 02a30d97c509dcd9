// Carries messages between machines: asks the network what becomes of each, queues what arrives, and keeps
// what is held or stalled until it may go on.

import type { Engine } from '../engine/engine.ts';
import { EventKind, QueuedEvent } from '../engine/event.ts';
import { invariant } from '../errors.ts';
import type { Link, Topic } from '../network/link.ts';
import type { Envelope } from '../network/message.ts';
import { nameOf } from '../network/message.ts';
import type { Network, Routing } from '../network/network.ts';
import type { MessageContent, RequestName } from '../history/trace.ts';
import type { NetworkErrorCode } from '../network/verdict.ts';
import { combine32 } from '../random/hash.ts';
import type { HostMachine } from './machine.ts';
import type { Observer } from './observer.ts';

/** A message as an event: it is due when it arrives, and runs on the target's machine. */
export abstract class Message extends QueuedEvent implements Envelope {
  readonly link: Link;
  readonly topic: Topic;
  readonly nth: number;
  readonly mayDuplicate: boolean;
  readonly mayRefuse: boolean = true;
  sentUs = 0;
  /** True for the second arrival of a message that the network delivers twice. */
  isCopy = false;
  /** Whether it was noted already that it takes longer than the base of its link. */
  isLate = false;
  /** @param nth - Set for a copy; otherwise the message is the next of its topic. */
  constructor(target: HostMachine, topic: Topic, mayDuplicate: boolean, nth: number = ++topic.count) {
    super(EventKind.delivery, target);
    this.link = topic.link;
    this.topic = topic;
    this.nth = nth;
    this.mayDuplicate = mayDuplicate;
  }

  get byteLength(): number {
    return 0;
  }

  /** The status of an HTTP response. */
  get status(): number | undefined {
    return undefined;
  }

  /** The request that it belongs to, where it is no request itself; known while a run is recorded. */
  get request(): RequestName | undefined {
    return undefined;
  }

  /**
   * What it carries, as far as it is known now. Asked only while a run is recorded; reading changes nothing.
   */
  content(): MessageContent | undefined {
    return undefined;
  }

  /** Whether what is sent in the same moment may still join it. */
  get mayGrow(): boolean {
    return false;
  }

  /** A hash of what the message carries. */
  protected abstract readonly contentHash: number;

  get fingerprint(): number {
    return combine32(this.topic.key + this.nth, this.contentHash);
  }

  describe(): string {
    return `${nameOf(this.topic.kind, this.topic.label, this.nth)} from ${this.link.source}`;
  }

  override get lane(): string {
    return `${this.link.source} -> ${this.link.target}`;
  }

  override heldBack(byUs: number): void {
    // A plan can say it of the first arrival alone, and once.
    if (!this.isCopy && !this.isLate)
      (this.owner as HostMachine).park.observer.delayed(this.topic, this.nth, byUs);
  }

  /** Another message with the same content, for the second arrival. */
  abstract copy(): Message;
  /** The network answers the message with an error instead of delivering it. */
  failed(code: NetworkErrorCode): void {
    void code;
  }
  /** The network lost the message for good. */
  lost(): void {}
}

/** A message that is sent again, and when. */
interface Repeated {
  readonly message: Message;
  readonly atUs: number;
}

/** Moves messages along the links of the network. */
export class Transport {
  readonly engine: Engine;
  readonly network: Network;
  readonly #observer: Observer;
  readonly #waiting = new Map<Link, Message[]>();
  /** Messages that TCP sends again at a time that has been set, after a partition healed. */
  readonly #repeated = new Map<Link, Repeated[]>();

  constructor(options: { engine: Engine; network: Network; observer: Observer }) {
    this.engine = options.engine;
    this.network = options.network;
    this.#observer = options.observer;
  }

  /** Sends a message now. It does not arrive before `notBeforeUs`: what keeps a stream in order. */
  send(message: Message, notBeforeUs = 0): void {
    message.sentUs = this.engine.nowUs;
    const routing = this.network.route(message);
    this.#observer.sent?.(message, routing);
    if (routing.kind === 'deliver') this.#deliver(message, routing, notBeforeUs);
    else if (routing.kind === 'drop') message.lost();
    else if (routing.kind === 'fail') message.failed(routing.code);
    else if (routing.kind === 'lost') this.#lose(message, routing.why);
    else this.#keep(message, routing.kind);
  }

  /** Messages that are held or stalled now, oldest first. */
  waiting(): Message[] {
    return [...this.#waiting.values()].flat().toSorted((left, right) => left.sentUs - right.sentUs);
  }

  /** Lets held messages of a link go on, as if they were sent now. */
  release(link: Link): void {
    invariant(!link.isHeld, 'a link is opened before its messages are released');
    if (this.#staysBlocked(link)) return;
    for (const message of this.#take(link)) this.#resend(message, this.engine.nowUs);
  }

  /** Sends what a partition stalled again, when TCP would; unless another one still blocks it. */
  healed(link: Link): void {
    if (link.isHeld || this.#staysBlocked(link)) return;
    const { nowUs } = this.engine;
    const repeated = (this.#repeated.get(link) ?? []).filter(({ atUs }) => atUs > nowUs);
    for (const message of this.#take(link)) {
      const atUs = this.network.retransmittedAtUs(message.sentUs, nowUs);
      this.#resend(message, atUs);
      repeated.push({ message, atUs });
    }
    if (repeated.length > 0) this.#repeated.set(link, repeated);
  }

  /** A partition blocks a link from now on: what TCP has yet to send again stalls once more. */
  blocked(link: Link): void {
    const repeated = this.#repeated.get(link);
    if (repeated === undefined) return;
    this.#repeated.delete(link);
    for (const { message, atUs } of repeated) {
      if (atUs <= this.engine.nowUs || message.position === -1) continue;
      this.engine.queue.remove(message);
      this.#keep(message, 'blocked');
    }
  }

  /** Forgets a waiting message: its sender gave the connection up before it was established. */
  discard(message: Message): void {
    const waiting = this.#waiting.get(message.link);
    const at = waiting?.indexOf(message) ?? -1;
    if (at !== -1) waiting?.splice(at, 1);
  }

  #deliver(message: Message, routing: Extract<Routing, { kind: 'deliver' }>, notBeforeUs: number): void {
    const { engine } = this;
    const { topic, nth } = message;
    if (routing.extraUs > 0) {
      this.#observer.delayed(topic, nth, routing.extraUs);
      message.isLate = true;
    }
    const arrivalUs = engine.nowUs + routing.delayUs;
    if (arrivalUs < notBeforeUs) engine.scheduleExactly(message, notBeforeUs);
    else engine.schedule(message, arrivalUs, topic.key, nth, routing.slackUs);
    if (routing.againUs >= 0) {
      const copy = message.copy();
      copy.isCopy = true;
      copy.sentUs = message.sentUs;
      engine.schedule(copy, engine.nowUs + routing.againUs, topic.key, -nth);
    }
  }

  #resend(message: Message, atUs: number): void {
    const { topic, nth } = message;
    this.engine.schedule(message, atUs + message.link.latency.baseUs, topic.key, nth);
  }

  #lose(message: Message, why: Extract<Routing, { kind: 'lost' }>['why']): void {
    if (why === 'partition') this.#observer.blocked(message.link);
    // What a full queue loses, it loses in a calm run, too; what befalls the link is noted by its fault.
    if (why === 'loss') this.#observer.lost(message.topic, message.nth);
    message.lost();
  }

  #keep(message: Message, why: 'held' | 'blocked'): void {
    if (why === 'blocked') this.#observer.blocked(message.link);
    const waiting = this.#waiting.get(message.link);
    if (waiting === undefined) this.#waiting.set(message.link, [message]);
    else waiting.push(message);
  }

  /** Tells whether a partition still blocks what waits for a link: then that partition matters too. */
  #staysBlocked(link: Link): boolean {
    if (link.cuts.size === 0) return false;
    if ((this.#waiting.get(link)?.length ?? 0) > 0) this.#observer.blocked(link);
    return true;
  }

  #take(link: Link): Message[] {
    const messages = this.#waiting.get(link) ?? [];
    this.#waiting.delete(link);
    return messages;
  }
}
