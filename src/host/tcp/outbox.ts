// What an end sends: cuts what the process wrote into segments, and stops where the peer has no room.

import type { StreamErrorCode } from '../../ambient/net/stream.ts';
import type { HostMachine } from '../machine.ts';
import type { Endpoint } from './endpoint.ts';
import type { PieceName } from './http-labels.ts';
import { Segment, SegmentFlag } from './segment.ts';

/** How many bytes may be on their way, or wait to be read. */
const WINDOW_BYTES = 262_144;
const SEGMENT_BYTES_MAX = 65_536;
const SIGNALS: Readonly<Record<number, string>> = {
  [SegmentFlag.none]: 'window',
  [SegmentFlag.accepted]: 'accepted',
  [SegmentFlag.end]: 'end',
  [SegmentFlag.reset]: 'reset',
};

interface Pending {
  bytes: Buffer;
  readonly done: (error?: StreamErrorCode) => void;
}

/** The sending half of an end. */
export class Outbox {
  readonly #end: Endpoint;
  readonly #pending: Pending[] = [];
  #seq = 0;
  #sentBytes = 0;
  #acknowledgedBytes = 0;
  #last: Segment | undefined;
  #isEnding = false;
  #hasEnded = false;
  #isStopped = false;

  constructor(end: Endpoint) {
    this.#end = end;
  }

  /** The answer of a machine that has no end for the connection. */
  static answerTo(receiver: Endpoint, machine: HostMachine, flags: number): Segment {
    const topic = machine.linkTo(receiver.machine).topic('signal', `refusal ${receiver.connection.port}`);
    return new Segment(receiver, topic, { seq: 0, ack: 0, flags });
  }

  get isBlocked(): boolean {
    return this.#pending.length > 0;
  }

  get pendingBytes(): number {
    let length = 0;
    for (const { bytes } of this.#pending) length += bytes.length;
    return length;
  }

  write(bytes: Buffer, done: (error?: StreamErrorCode) => void): void {
    if (this.#isEnding || this.#isStopped) return done('EPIPE');
    if (bytes.length === 0) return done();
    this.#pending.push({ bytes, done });
    for (const each of this.#flush()) each();
    const { peer } = this.#end;
    if (this.isBlocked && peer !== undefined && peer.consumedBytes > this.#acknowledgedBytes) {
      peer.announceWindow();
    }
  }

  /** Ends the stream after what is pending; an abrupt end gives that up. */
  end({ isAbrupt = false }: { isAbrupt?: boolean } = {}): void {
    if (isAbrupt) this.#pending.length = 0;
    this.#isEnding = true;
    for (const done of this.#flush()) done();
  }

  /** Sends nothing any more, and forgets what is pending. */
  stop(): void {
    this.halt();
    this.#pending.length = 0;
  }

  /** Sends nothing any more. What is pending waits for its error. */
  halt(): void {
    this.#isStopped = true;
    this.#last = undefined;
  }

  /** Ends what is pending with an error. */
  fail(code: StreamErrorCode): void {
    for (const { done } of this.#pending.splice(0)) done(code);
  }

  acknowledged(bytes: number): void {
    if (bytes <= this.#acknowledgedBytes) return;
    this.#acknowledgedBytes = bytes;
    if (!this.isBlocked) return;
    for (const done of this.#flush()) this.#end.soon('written', done);
  }

  /** Sends what has no bytes. */
  signal(flags: number): void {
    const { peer, connection, machine } = this.#end;
    if (peer === undefined || connection.isCut) return;
    const topic = machine.linkTo(peer.machine).topic('signal', `${SIGNALS[flags]} ${connection.port}`);
    const request =
      flags === SegmentFlag.end || flags === SegmentFlag.reset
        ? connection.requestOf(this.#end, 'signal')
        : undefined;
    const seq = this.#seq++;
    this.#send(new Segment(peer, topic, { seq, ack: this.#end.consumedBytes, flags, request }));
  }

  /** Sends what the peer has room for. @returns whom to tell that his bytes are on their way. */
  #flush(): (() => void)[] {
    const done: (() => void)[] = [];
    for (;;) {
      const [next] = this.#pending;
      if (next === undefined || this.#isStopped) break;
      const room = WINDOW_BYTES - (this.#sentBytes - this.#acknowledgedBytes);
      if (room <= 0) return done;
      const piece = next.bytes.subarray(0, Math.min(room, SEGMENT_BYTES_MAX));
      this.#sendBytes(piece);
      if (piece.length < next.bytes.length) next.bytes = next.bytes.subarray(piece.length);
      else {
        this.#pending.shift();
        done.push(() => next.done());
      }
    }
    if (this.#isEnding && !this.#hasEnded && !this.#isStopped) this.#sendEnd();
    return done;
  }

  #sendEnd(): void {
    this.#hasEnded = true;
    if (this.#canJoin(0)) (this.#last as Segment).flags |= SegmentFlag.end;
    else this.signal(SegmentFlag.end);
  }

  #sendBytes(bytes: Buffer): void {
    const { peer, connection, machine } = this.#end;
    this.#sentBytes += bytes.length;
    if (peer === undefined) return;
    const isClient = this.#end === connection.client;
    if (connection.isCut) {
      if (isClient) this.#noteInVain(bytes);
      return connection.sentInVain(this.#end);
    }
    const { kind, label, status } = isClient
      ? connection.labels.fromClient(bytes)
      : connection.labels.fromServer(bytes);
    if (status !== undefined) connection.calls?.answering();
    const { network } = machine.park.transport;
    const isHead = kind === 'request' || kind === 'response';
    const last = this.#last;
    if (
      !isHead &&
      last !== undefined &&
      this.#canJoin(bytes.length) &&
      network.mayJoin(last.topic, last.parts.length)
    ) {
      last.parts.push(bytes);
      return;
    }
    const topic = machine.linkTo(peer.machine).topic(kind, label);
    const cut = network.cutOf(topic, bytes.length);
    const request = connection.requestOf(this.#end, kind, bytes);
    const segment = new Segment(peer, topic, { seq: this.#seq++, ack: this.#end.consumedBytes, request });
    segment.parts.push(cut === 0 ? bytes : bytes.subarray(0, cut));
    if (kind === 'request') connection.requestSent({ label, nth: segment.nth });
    if (cut === 0) segment.answers = status;
    this.#send(segment);
    this.#last = segment;
    if (cut > 0) this.#sendRest(bytes.subarray(cut), { kind: isHead ? 'chunk' : kind, label, status });
  }

  #sendRest(bytes: Buffer, { kind, label, status }: PieceName): void {
    const { peer, connection, machine } = this.#end;
    if (peer === undefined || connection.isCut) return;
    const topic = machine.linkTo(peer.machine).topic(kind, label);
    const request = connection.requestOf(this.#end, kind);
    const segment = new Segment(peer, topic, { seq: this.#seq++, ack: this.#end.consumedBytes, request });
    segment.parts.push(bytes);
    segment.answers = status;
    this.#send(segment);
    this.#last = segment;
  }

  /** A request on a connection that is dead is one, too, for whoever waits for its answer. */
  #noteInVain(bytes: Buffer): void {
    const { connection } = this.#end;
    if (connection.calls === undefined) return;
    const { kind, label } = connection.labels.fromClient(bytes);
    if (kind === 'request') connection.calls.sent({ label, nth: 0 });
  }

  /** Whether the last segment has not left yet and has room. */
  #canJoin(bytes: number): boolean {
    const last = this.#last;
    if (last === undefined || last.hasArrived || last.sentUs !== this.#end.machine.park.engine.nowUs)
      return false;
    return (last.flags & SegmentFlag.accepted) === 0 && last.byteLength + bytes <= SEGMENT_BYTES_MAX;
  }

  #send(segment: Segment): void {
    this.#end.machine.park.transport.send(segment);
  }
}
