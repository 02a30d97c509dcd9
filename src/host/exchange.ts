// One request and its response between two machines, at message level: who they are, and what both sides of
// the connection share. Each side has a file of its own.

import type { Call } from '../history/traffic.ts';
import type { BodySender, BodySink } from './body.ts';
import { ControlEvent } from './control-event.ts';
import { ClientSide } from './exchange-client.ts';
import { Chunk, Signal, type HeadMessage } from './exchange-messages.ts';
import { ServerSide } from './exchange-server.ts';
import type { Incarnation } from './incarnation.ts';
import type { HostMachine } from './machine.ts';

/** A request that is ready to travel. */
export interface PreparedRequest {
  readonly request: Request;
  readonly url: URL;
  /** `POST /charge`. */
  readonly label: string;
  /** The hash of a body that is whole and in memory; `undefined` where it has to be read from `request`. */
  readonly bodyHash: number | undefined;
  /** The same body, for what it weighs. */
  readonly content: string | Uint8Array | undefined;
  /** The same once more, where its body can be sent only once and a redirect may ask for it again. */
  readonly spare: Request | undefined;
}

/** What one machine tells the other about the connection. */
export type SignalName = 'refusal' | 'reset' | 'close' | 'hang-up';

/** A part of a body; without bytes, its end. */
export type BodyPart = readonly [seq: number, bytes: Uint8Array | undefined];

/** A request in flight, being served, or being answered. */
export class Exchange {
  readonly client: Incarnation;
  readonly server: HostMachine;
  readonly prepared: PreparedRequest;
  readonly peer: { readonly address: string; readonly port: number };
  readonly clientSide: ClientSide;
  readonly serverSide: ServerSide;
  /** The network lost a part for good: nothing of this exchange gets through any more. */
  isCut = false;
  /** The request in the traffic of the run, where that is kept. */
  call: Call | undefined;

  constructor(client: Incarnation, server: HostMachine, prepared: PreparedRequest) {
    this.client = client;
    this.server = server;
    this.prepared = prepared;
    const { url } = prepared;
    this.peer = { address: server.address, port: portOf(url) };
    this.clientSide = new ClientSide(this);
    this.serverSide = new ServerSide(this);
  }

  /** Whether the client has a connection to the incarnation that runs on the server. */
  get isConnected(): boolean {
    return this.client.connections.get(this.server.name) === this.server.incarnation?.number;
  }

  /** Lets one machine tell the other something, unless nobody listens any more. */
  signal(what: SignalName): void {
    if (this.isCut || (this.clientSide.isOver && what !== 'hang-up')) return;
    const [source, target] =
      what === 'hang-up' ? [this.client.machine, this.server] : [this.server, this.client.machine];
    const topic = source.linkTo(target).topic('signal', `${what} ${this.prepared.label}`);
    source.park.transport.send(new Signal(this, target, topic, () => this.#signalled(what)));
  }

  /**
   * Where the body of a message goes: what comes while the head has not left travels in it, the rest
   * follows.
   */
  sinkFor(head: HeadMessage, on: Pick<BodySink, 'end' | 'failed'>): BodySink {
    const { engine, transport } = this.client.machine.park;
    let seq = 0;
    const isLeaving = (): boolean => !head.hasArrived && engine.nowUs === head.sentUs;
    const follow = (bytes: Uint8Array | undefined): void => {
      if (!this.isCut) transport.send(new Chunk(this, head, ++seq, bytes));
    };
    return {
      part: (bytes) => {
        if (isLeaving()) head.body.parts.push(bytes);
        else follow(bytes);
      },
      end: () => {
        if (isLeaving()) head.body.isComplete = true;
        else follow(undefined);
        on.end();
      },
      failed: (error) => on.failed(error),
    };
  }

  /** Tells the sender of a body, on its own host, that the reader took some of it. */
  grant(sender: BodySender | undefined, owner: Incarnation | undefined, bytes: number): void {
    if (sender === undefined || owner === undefined) return;
    const { engine } = this.client.machine.park;
    const { baseUs } = this.client.machine.linkTo(this.server).latency;
    const event = new ControlEvent(owner, 'window', () => sender.consumed(bytes));
    engine.scheduleExactly(event, engine.nowUs + baseUs);
  }

  #signalled(what: SignalName): void {
    if (what === 'hang-up') this.serverSide.hungUp();
    else if (what === 'close') this.clientSide.closed();
    else this.clientSide.failed(what === 'refusal' ? 'ECONNREFUSED' : 'ECONNRESET');
  }
}

/** The port of a URL, also where it is the default one of its scheme. */
export function portOf(url: URL): number {
  return Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
}
