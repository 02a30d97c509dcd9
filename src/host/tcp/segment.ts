// The messages of a connection: the attempt to open it, and the segments of its two streams.

import type { MessageContent, RequestName } from '../../history/trace.ts';
import type { Topic } from '../../network/link.ts';
import type { NetworkErrorCode } from '../../network/verdict.ts';
import { combine32, hashParts } from '../../random/hash.ts';
import type { HostMachine } from '../machine.ts';
import { bytesOf, contentOf, http1Content } from '../message-content.ts';
import { Message } from '../transport.ts';
import type { Connection } from './connection.ts';
import { statusOf } from './http-labels.ts';
import type { Endpoint } from './endpoint.ts';

/** The first message of a connection: asks the target's machine whether it listens. */
export class ConnectionAttempt extends Message {
  readonly #connection: Connection;

  constructor(connection: Connection, target: HostMachine, topic: Topic) {
    super(target, topic, false);
    this.#connection = connection;
  }

  protected get contentHash(): number {
    return this.#connection.client.local.port;
  }

  copy(): Message {
    return this;
  }

  override lost(): void {
    this.#connection.isCut = true;
  }

  override failed(code: NetworkErrorCode): void {
    this.#connection.refusedLater(code, 2 * this.link.latency.baseUs);
  }

  run(): void {
    const machine = this.owner as HostMachine;
    machine.park.observer.arrived?.(this);
    this.#connection.arrivedAt(machine);
  }
}

/** What a segment tells besides its bytes. */
export const SegmentFlag = { none: 0, accepted: 1, end: 2, reset: 4, refused: 8 } as const;

interface SegmentOptions {
  readonly seq: number;
  /** How many bytes of the other direction its sender had taken. */
  readonly ack: number;
  readonly flags?: number;
  readonly request?: RequestName | undefined;
}

/** A piece of a stream. Its receiver puts them back in order by `seq`. */
export class Segment extends Message {
  override readonly mayRefuse: boolean = false;
  readonly seq: number;
  /** How many bytes of the other direction its sender had taken. */
  readonly ack: number;
  readonly parts: Buffer[] = [];
  flags: number;
  /** The status of the response whose head is complete with this segment. */
  answers: number | undefined;
  hasArrived = false;
  readonly #request: RequestName | undefined;
  readonly #receiver: Endpoint;

  constructor(receiver: Endpoint, topic: Topic, options: SegmentOptions) {
    super(receiver.machine, topic, false);
    this.#receiver = receiver;
    this.seq = options.seq;
    this.ack = options.ack;
    this.#request = options.request;
    this.flags = options.flags ?? SegmentFlag.none;
  }

  override get byteLength(): number {
    let length = 0;
    for (const part of this.parts) length += part.length;
    return length;
  }

  override get request(): RequestName | undefined {
    return this.#request;
  }

  override get status(): number | undefined {
    const [head] = this.parts;
    return this.topic.kind === 'response' && head !== undefined ? statusOf(head) : undefined;
  }

  override get mayGrow(): boolean {
    return this.parts.length > 0;
  }

  override content(): MessageContent | undefined {
    const { kind } = this.topic;
    if (kind === 'request' || kind === 'response') return http1Content(this.parts);
    return contentOf(undefined, bytesOf(this.parts));
  }

  protected get contentHash(): number {
    return combine32(this.flags, hashParts(this.parts));
  }

  copy(): Message {
    return this;
  }

  override lost(): void {
    this.#receiver.connection.cut(this.#receiver.peer);
  }

  override failed(): void {
    this.#receiver.connection.resetLater(this.link.latency.baseUs);
  }

  run(): void {
    this.hasArrived = true;
    const { observer } = this.#receiver.machine.park;
    observer.arrived?.(this);
    this.#receiver.arrived(this);
  }
}
