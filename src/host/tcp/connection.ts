// One connection between two incarnations: how it opens, and what befalls both of its ends at once.

import type { IncomingMessage } from 'node:http';
import type { TlsHello } from '../../ambient/net/stream.ts';
import type { RequestName } from '../../history/trace.ts';
import type { MessageKind } from '../../network/message.ts';
import type { NetworkErrorCode } from '../../network/verdict.ts';
import { ControlEvent } from '../control-event.ts';
import type { HostMachine } from '../machine.ts';
import { ConnectionCalls } from './connection-calls.ts';
import type { Endpoint } from './endpoint.ts';
import { pathOf, statusOf, StreamLabels } from './http-labels.ts';
import { ConnectionAttempt } from './segment.ts';

/** How long Linux asks for a connection, and how long it repeats a segment that nobody acknowledges. */
const CONNECT_US = 127_000_000;
const RETRANSMIT_US = 924_600_000;
const NO_BYTES = new Uint8Array();

/** What a connection leads to. */
export interface ConnectionTarget {
  readonly machine: HostMachine;
  /** A port, or the path of a Unix socket. */
  readonly place: number | string;
  /** The address that the client named. */
  readonly address: string;
}

/** A connection, from the attempt to open it on. */
export class Connection {
  readonly client: Endpoint;
  server: Endpoint | undefined;
  readonly target: ConnectionTarget;
  readonly tls: TlsHello | undefined;
  readonly labels: StreamLabels;
  /** Its requests in the traffic of the run, where that is kept. */
  readonly calls: ConnectionCalls | undefined;
  /** The port in words: `:4000`. */
  readonly port: string;
  /** The network lost a part for good: nothing passes any more, in either direction. */
  isCut = false;
  /** The requests that were sent and not served yet; kept only where somebody asks for them. */
  readonly #requests: RequestName[] = [];
  /** The requests that were not answered yet, and the one that was answered last; kept likewise. */
  readonly #unanswered: RequestName[] = [];
  #answered: RequestName | undefined;
  #attempt: ConnectionAttempt | undefined;
  #timeout: ControlEvent | undefined;
  /** The ends that repeat what nobody acknowledges. */
  readonly #givingUp: Endpoint[] = [];

  constructor(client: Endpoint, target: ConnectionTarget, tls: TlsHello | undefined) {
    this.client = client;
    this.target = target;
    this.tls = tls;
    this.port = typeof target.place === 'number' ? `:${target.place}` : target.place;
    this.labels = new StreamLabels(this.port);
    const { traffic } = client.machine.park;
    this.calls = traffic === undefined ? undefined : new ConnectionCalls(traffic, client, target.machine);
  }

  open(): void {
    const { client, target } = this;
    const { engine, transport } = client.machine.park;
    const topic = client.machine.linkTo(target.machine).topic('connection', `to ${this.port}`);
    this.#attempt = new ConnectionAttempt(this, target.machine, topic);
    this.#timeout = new ControlEvent(client.incarnation, 'connect time-out', () => {
      client.refused('ETIMEDOUT');
    });
    engine.scheduleExactly(this.#timeout, engine.nowUs + CONNECT_US);
    transport.send(this.#attempt);
  }

  /** The attempt is over: the client gave up, or knows the answer. */
  attempted(): void {
    const { queue } = this.client.machine.park.engine;
    if (this.#timeout !== undefined) queue.remove(this.#timeout);
    this.#timeout = undefined;
    if (this.#attempt !== undefined) this.client.machine.park.transport.discard(this.#attempt);
    this.#attempt = undefined;
  }

  /** The client sent a request. */
  requestSent(request: RequestName): void {
    const { answers, activities } = this.client.machine.park;
    if (answers !== undefined || activities !== undefined) this.#requests.push(request);
    this.calls?.sent(request);
    if (activities !== undefined) this.#unanswered.push(request);
  }

  /**
   * The request that a piece belongs to which an end sends now; known where a journal is kept.
   *
   * @param bytes - What the piece begins with.
   */
  requestOf(sender: Endpoint, kind: MessageKind, bytes?: Uint8Array): RequestName | undefined {
    if (this.client.machine.park.activities === undefined || kind === 'request') return undefined;
    if (kind === 'segment') return undefined;
    if (kind === 'signal') return this.#unanswered[0];
    if (sender === this.client) return this.#unanswered.at(-1);
    // "100 Continue" and early hints come before the answer itself.
    if (kind === 'response' && (statusOf(bytes ?? NO_BYTES) ?? 0) < 200) return this.#unanswered[0];
    if (kind === 'response') this.#answered = this.#unanswered.shift();
    return this.#answered;
  }

  /** The request that the server is given now, among those that were sent; undefined for an unknown one. */
  nextRequest({ method = '', url = '' }: Pick<IncomingMessage, 'method' | 'url'>): RequestName | undefined {
    const label = `${method} ${pathOf(url)}`;
    const at = this.#requests.findIndex((request) => request.label === label);
    return this.#requests.splice(0, at + 1).at(-1);
  }

  /** The attempt reached the machine: it accepts, or refuses. */
  arrivedAt(machine: HostMachine): void {
    if (!this.client.isConnecting) return;
    const { answers } = machine.park;
    if (answers?.refuses(machine.name) === true && machine !== this.client.machine)
      return this.client.refuse(machine);
    const { place, address } = this.target;
    // It moved while the attempt was on its way to where it was.
    if (machine.names.hasMoved && typeof place === 'number' && machine.nameOf(address) !== machine.name)
      return;
    const listener = machine.ports.find(place, address) ?? machine.bridge(place);
    const { incarnation } = machine;
    if (listener === undefined || incarnation === undefined) return this.client.refuse(machine);
    this.server = this.client.accept(incarnation, listener.isDualStack);
    // libuv keeps a descriptor in reserve, to take such a connection and close it.
    if (incarnation.isOutOfDescriptors()) this.server.close();
    else listener.accept(this.server);
  }

  /** The network answered the attempt with an error; the client learns of it some time later. */
  refusedLater(code: NetworkErrorCode, afterUs: number): void {
    this.#later(this.client, code, afterUs, () => this.client.refused(code));
  }

  /** The network reset the connection: both ends learn of it some time later. */
  resetLater(afterUs: number): void {
    for (const end of [this.client, this.server]) {
      if (end !== undefined) this.#later(end, 'reset', afterUs, () => end.failed('ECONNRESET'));
    }
    this.isCut = true;
  }

  /** The network lost a segment for good; its sender repeats it until it gives up. */
  cut(sender: Endpoint | undefined): void {
    this.isCut = true;
    if (sender !== undefined) this.sentInVain(sender);
  }

  /** An end sends on although nothing arrives any more: after a while it gives up. */
  sentInVain(sender: Endpoint): void {
    if (this.#givingUp.includes(sender)) return;
    this.#givingUp.push(sender);
    this.#later(sender, 'retransmission time-out', RETRANSMIT_US, () => sender.failed('ETIMEDOUT'));
  }

  #later(end: Endpoint, what: string, afterUs: number, act: () => void): void {
    const { engine } = end.machine.park;
    const event = new ControlEvent(end.incarnation, what, act);
    event.isRef = afterUs < RETRANSMIT_US;
    engine.scheduleExactly(event, engine.nowUs + afterUs);
  }
}
