// One end of a connection: what the kernel of a machine does for one socket of its process.

import type {
  SocketAddress,
  StreamEnd,
  StreamErrorCode,
  StreamEvents,
  TlsHello,
} from '../../ambient/net/stream.ts';
import { ControlEvent } from '../control-event.ts';
import type { Incarnation } from '../incarnation.ts';
import type { HostMachine } from '../machine.ts';
import type { Connection } from './connection.ts';
import type { ConnectionCalls } from './connection-calls.ts';
import { Inbox } from './inbox.ts';
import { Outbox } from './outbox.ts';
import { type Segment, SegmentFlag } from './segment.ts';

type Phase = 'connecting' | 'open' | 'over';

/** One end of a connection. */
export class Endpoint implements StreamEnd {
  readonly connection: Connection;
  readonly incarnation: Incarnation;
  readonly machine: HostMachine;
  readonly local: SocketAddress;
  readonly remote: SocketAddress;
  events: StreamEvents;
  readonly #outbox: Outbox;
  readonly #inbox: Inbox;
  #phase: Phase;
  #failure: StreamErrorCode | undefined;
  #isRef = true;
  #isDelivering = false;
  #isReadQueued = false;

  constructor(
    connection: (self: Endpoint) => Connection,
    options: {
      incarnation: Incarnation;
      local: SocketAddress;
      remote: SocketAddress;
      events: StreamEvents;
      phase: 'connecting' | 'open';
    },
  ) {
    this.incarnation = options.incarnation;
    this.machine = options.incarnation.machine;
    this.local = options.local;
    this.remote = options.remote;
    this.events = options.events;
    this.#phase = options.phase;
    this.connection = connection(this);
    this.#outbox = new Outbox(this);
    this.#inbox = new Inbox();
    this.incarnation.endpoints.add(this);
    this.incarnation.openEnds++;
  }

  get isRef(): boolean {
    return this.#isRef;
  }

  set isRef(isRef: boolean) {
    if (this.#isRef === isRef) return;
    this.#isRef = isRef;
    if (this.#phase !== 'over') this.incarnation.openEnds += isRef ? 1 : -1;
  }

  get tls(): TlsHello | undefined {
    return this.connection.tls;
  }

  get isConnecting(): boolean {
    return this.#phase === 'connecting';
  }

  get isOver(): boolean {
    return this.#phase === 'over';
  }

  get pendingBytes(): number {
    return this.#outbox.pendingBytes;
  }

  /** How many bytes the process took. */
  get consumedBytes(): number {
    return this.#inbox.consumedBytes;
  }

  get peer(): Endpoint | undefined {
    const { client, server } = this.connection;
    return this === client ? server : client;
  }

  write(bytes: Buffer, done: (error?: StreamErrorCode) => void): void {
    if (this.#phase !== 'open') return done('EPIPE');
    if (this.#failure === undefined) return this.#outbox.write(bytes, done);
    // The operating system tells each error once: to the first who reads or writes.
    const code = this.#failure;
    this.#failure = 'EPIPE';
    done(code);
  }

  shutdown(): void {
    if (this.#phase === 'open') this.#outbox.end();
  }

  readStart(): void {
    this.#inbox.isWanted = true;
    // The event loop looks at its sockets once the running code is over.
    if (!this.#isDelivering && this.#hasNews) this.#readSoon();
  }

  readStop(): void {
    this.#inbox.isWanted = false;
    if (this.#failure !== undefined) this.#tellWriters();
  }

  close(): void {
    if (this.#phase === 'over') return;
    const wasOpen = this.#phase === 'open';
    if (wasOpen && this.#failure === undefined) {
      // What nobody will read any more is answered with a reset.
      if (this.#inbox.isUnread) this.#outbox.signal(SegmentFlag.reset);
      else this.#outbox.end({ isAbrupt: true });
    }
    this.#end();
  }

  reset(): void {
    if (this.#phase === 'open' && this.#failure === undefined) this.#outbox.signal(SegmentFlag.reset);
    this.#end();
  }

  /** The incarnation is over: its machine resets or closes what is open, unless the whole run is over. */
  discard(how: 'reset' | 'close' | 'silently'): void {
    if (how === 'reset') this.reset();
    else if (how === 'close') this.close();
    else this.#end();
    this.events.discarded();
  }

  /** Answers the attempt of this end, as the machine that it leads to. */
  refuse(machine: HostMachine): void {
    const { transport } = machine.park;
    transport.send(Outbox.answerTo(this, machine, SegmentFlag.refused));
  }

  /** Accepts the connection that this end asked for. @returns the other end. */
  accept(incarnation: Incarnation, isDualStack: boolean): Endpoint {
    const shown = (at: SocketAddress): SocketAddress =>
      isDualStack && at.family === 'IPv4' ? { ...at, family: 'IPv6', address: `::ffff:${at.address}` } : at;
    const server = new Endpoint(() => this.connection, {
      incarnation,
      local: shown(this.remote),
      remote: shown(this.local),
      events: this.events,
      phase: 'open',
    });
    this.connection.server = server;
    server.#outbox.signal(SegmentFlag.accepted);
    return server;
  }

  refused(code: StreamErrorCode): void {
    if (this.#phase !== 'connecting') return;
    this.#end();
    this.events.connected(code);
  }

  /** The connection broke: the process is told when it reads, and when it writes. */
  failed(code: StreamErrorCode): void {
    if (this.#phase === 'connecting') return this.refused(code);
    if (this.#phase === 'over' || this.#failure !== undefined) return;
    // Who has read the end of the stream reads no more; who writes learns that nobody is there.
    this.#callsEnded('failed');
    this.#failure = this.#inbox.hasEnd && code === 'ECONNRESET' ? 'EPIPE' : code;
    this.#outbox.halt();
    if (this.#inbox.isWanted) this.#readSoon();
    else this.#tellWriters();
  }

  /** A segment reached the machine. */
  arrived(segment: Segment): void {
    if (this.#phase === 'over') {
      const isUnexpected = segment.parts.length > 0 || (segment.flags & SegmentFlag.accepted) !== 0;
      if (isUnexpected) this.#outbox.signal(SegmentFlag.reset);
      return;
    }
    const wasConnecting = this.isConnecting;
    for (const next of this.#inbox.inOrder(segment)) this.#take(next);
    this.#outbox.acknowledged(segment.ack);
    if (!this.#inbox.isWanted) return;
    // What the program does when it is connected comes before what it reads.
    if (wasConnecting) this.#readSoon();
    else this.#deliver();
  }

  /** Tells the peer, which waits for it, how much was taken. */
  announceWindow(): void {
    if (this.#phase !== 'over') this.#outbox.signal(SegmentFlag.none);
  }

  get #hasNews(): boolean {
    return this.#inbox.isUnread || this.#inbox.isEndDue || this.#failure !== undefined;
  }

  #take(segment: Segment): void {
    if ((segment.flags & SegmentFlag.accepted) !== 0) this.#connected();
    if ((segment.flags & SegmentFlag.refused) !== 0) this.refused('ECONNREFUSED');
    for (const part of segment.parts) this.#inbox.add(part);
    const { calls } = this.connection;
    if (calls !== undefined) noteArrival(calls, segment);
    if ((segment.flags & SegmentFlag.end) !== 0) {
      this.#inbox.hasEnd = true;
      this.#callsEnded('failed');
    }
    if ((segment.flags & SegmentFlag.reset) !== 0) this.failed('ECONNRESET');
  }

  #connected(): void {
    if (this.#phase !== 'connecting') return;
    this.#phase = 'open';
    this.connection.attempted();
    this.events.connected(undefined);
  }

  /** One read, as one event: what it causes comes before the next. */
  #deliver(): void {
    const inbox = this.#inbox;
    if (this.#phase !== 'open' || !inbox.isWanted || !this.#hasNews) return;
    if (!inbox.isUnread) return this.#tellEnd();
    this.#isDelivering = true;
    try {
      if (!this.events.data(inbox.next(this.events.readBytesMax))) inbox.isWanted = false;
    } finally {
      this.#isDelivering = false;
    }
    if (this.isOver) return;
    if (this.peer?.isBlocked === true) this.announceWindow();
    if (!inbox.isWanted) this.#tellWriters();
    else if (this.#hasNews) this.#readSoon();
  }

  #tellEnd(): void {
    if (this.#inbox.isEndDue) {
      this.#inbox.isEndTold = true;
      this.#inbox.isWanted = false;
      this.events.ended();
    } else if (this.#failure !== undefined) {
      const code = this.#failure;
      this.#end();
      this.events.failed(code);
    }
  }

  /** Writes that wait fail where nobody reads, and so nobody else would learn of it. */
  #tellWriters(): void {
    if (this.#failure === undefined || !this.#outbox.isBlocked) return;
    this.soon('write', () => {
      if (this.#failure === undefined || this.isOver) return;
      const code = this.#failure;
      this.#failure = 'EPIPE';
      this.#outbox.fail(code);
    });
  }

  /** Whether it has bytes that the peer has no room for. */
  get isBlocked(): boolean {
    return this.#outbox.isBlocked;
  }

  #readSoon(): void {
    if (this.#isReadQueued) return;
    this.#isReadQueued = true;
    this.soon('read', () => {
      this.#isReadQueued = false;
      this.#deliver();
    });
  }

  /** Does something in the same turn of the event loop, after what runs now. */
  soon(what: string, act: () => void): void {
    const { engine } = this.machine.park;
    engine.scheduleExactly(new ControlEvent(this.incarnation, what, act), engine.nowUs);
  }

  #end(): void {
    if (this.#phase === 'over') return;
    if (this.#phase === 'connecting') this.connection.attempted();
    this.#phase = 'over';
    if (this.#isRef) this.incarnation.openEnds--;
    this.#outbox.stop();
    this.incarnation.endpoints.delete(this);
    this.#callsEnded('given up');
  }

  /** Nothing more comes to this end, or from it. */
  #callsEnded(end: 'failed' | 'given up'): void {
    const { calls, client } = this.connection;
    if (this === client) calls?.clientEnded(end);
    else if (end === 'given up') calls?.serverEnded();
  }
}

function noteArrival(calls: ConnectionCalls, { topic, answers }: Segment): void {
  if (topic.kind === 'request') calls.arrived();
  if (answers !== undefined) calls.answered(answers);
}
