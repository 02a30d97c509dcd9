// The server's side of an exchange: takes the request or refuses it, lets the program answer, and sends the
// response.

import { setServerSignal } from '../ambient/fetch-objects.ts';
import type { Ending, Twist } from './answering.ts';
import { BodyReceiver, BodySender } from './body.ts';
import type { BodyPart, Exchange } from './exchange.ts';
import { ResponseMessage, type RequestMessage } from './exchange-messages.ts';
import { connectionError, terminated } from './fetch-errors.ts';
import type { Incarnation } from './incarnation.ts';
import { BrokenOff, serveTwisted } from './twisted-exchange.ts';

/** What a server sees of an exchange. */
export class ServerSide {
  readonly #exchange: Exchange;
  /** Parts of the body that overtook the request. */
  readonly #early: BodyPart[] = [];
  #serving: Incarnation | undefined;
  #body: BodyReceiver | undefined;
  #sender: BodySender | undefined;
  #abort: AbortController | undefined;
  #isAccepted = false;
  #isAnswered = false;
  #isHungUp = false;

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
  }

  /** The signal that a handler reads off its request: aborted when the client goes away. */
  get signal(): AbortSignal {
    this.#abort ??= new AbortController();
    if (this.#isHungUp) this.#abort.abort();
    return this.#abort.signal;
  }

  requestArrived(message: RequestMessage): void {
    const exchange = this.#exchange;
    const { server, client, clientSide, peer } = exchange;
    // After a refusal or a connect time-out the client knows that nothing was executed: so it must be.
    if (message.isCopy ? !this.#isAccepted : clientSide.isUnconnected) return;
    // It moved while the request was on its way to where it was.
    if (peer.address !== server.address) return;
    const { service, incarnation } = server;
    const isRefused = server.process !== 'up' || (service.port !== undefined && service.port !== peer.port);
    if (isRefused || incarnation === undefined || service.handle === undefined) {
      if (!message.isCopy) exchange.signal('refusal');
      return;
    }
    // A connection is accepted and closed at once where there is no descriptor for it.
    if (!message.isCopy && !exchange.isConnected && incarnation.isOutOfDescriptors())
      return exchange.signal('reset');
    const twist = message.isCopy ? undefined : this.#twistOf(message);
    if (twist?.isRefused === true) return exchange.signal('refusal');
    this.#isAccepted = true;
    if (!message.isCopy) client.connections.set(server.name, incarnation.number);
    clientSide.connected();
    incarnation.serving.add(exchange);
    this.#serving = incarnation;
    if (exchange.call !== undefined && !message.isCopy) server.park.traffic?.arrived(exchange.call);
    void this.#serve(incarnation, message, twist);
  }

  /** A part of the request's body arrived. */
  partArrived(...part: BodyPart): void {
    if (this.#body === undefined) this.#early.push(part);
    else this.#body.arrived(...part);
  }

  /** Makes the receiving end of a request body that is still on its way. */
  openBody(first: Uint8Array): ReadableStream<Uint8Array> {
    this.#body = new BodyReceiver(first, {
      consumed: (bytes) => this.#exchange.clientSide.bodyConsumed(bytes),
      cancelled: () => {},
    });
    for (const part of this.#early.splice(0)) this.#body.arrived(...part);
    return this.#body.stream;
  }

  /** The client's program read some of the response's body. */
  bodyConsumed(bytes: number): void {
    this.#exchange.grant(this.#sender, this.#serving, bytes);
  }

  /** The server learns that the client went away. */
  hungUp(): void {
    this.#isHungUp = true;
    this.#left();
    this.#abort?.abort();
    if (this.#sender !== undefined) {
      this.#sender.cancel(new Error('The client hung up'));
      if (this.#serving !== undefined) this.#served(this.#serving);
    }
    this.#body?.fail(terminated(connectionError('ECONNRESET', this.#exchange.peer)));
  }

  /** The server's process ended: its machine resets the connection. */
  ended(): void {
    this.#serving?.serving.delete(this.#exchange);
    this.#serving = undefined;
    this.#left();
    this.#exchange.signal('reset');
  }

  #twistOf({ topic, nth }: RequestMessage): Twist | undefined {
    const { server, client, prepared } = this.#exchange;
    const { answers } = server.park;
    if (answers === undefined || client.machine === server) return undefined;
    const { method } = prepared.request;
    return answers.twist({ from: client.name, to: server.name, method, topic, nth });
  }

  async #serve(incarnation: Incarnation, message: RequestMessage, twist: Twist | undefined): Promise<void> {
    let response: Response | Ending;
    try {
      response =
        twist === undefined
          ? checked(await incarnation.machine.service.handle?.(message.take()))
          : await this.#serveTwisted(incarnation, message, twist);
    } catch (error) {
      response = this.#failed(incarnation, error);
    }
    if (!incarnation.isAlive || this.#isAnswered) return this.#served(incarnation);
    if (response === 'hang') return;
    this.#isAnswered = true;
    this.#left();
    if (typeof response === 'string' || response.type === 'error') {
      this.#exchange.signal(response === 'close' ? 'close' : 'reset');
      this.#served(incarnation);
    } else this.#answer(incarnation, response);
  }

  #serveTwisted(incarnation: Incarnation, message: RequestMessage, twist: Twist): Promise<Response | Ending> {
    return serveTwisted({
      incarnation,
      twist,
      isGone: () => this.#isHungUp,
      take: () => message.take(),
      copy: (request) => {
        const copy = request.clone();
        setServerSignal(copy, () => this.signal);
        return copy;
      },
      execute: async (request) => {
        try {
          return checked(await incarnation.machine.service.handle?.(request));
        } catch (error) {
          return this.#failed(incarnation, error);
        }
      },
    });
  }

  /** Servers for fetch handlers answer 500 for what a handler throws, and go on. */
  #failed(incarnation: Incarnation, error: unknown): Response {
    const shown = error instanceof Error ? (error.stack ?? error.message) : String(error);
    incarnation.print('stderr', `${this.#exchange.prepared.label}: ${shown}`);
    return new Response('Internal Server Error', { status: 500 });
  }

  #answer(incarnation: Incarnation, response: Response): void {
    const exchange = this.#exchange;
    const { server, client, prepared } = exchange;
    const topic = server.linkTo(client.machine).topic('response', prepared.label);
    const message = new ResponseMessage(exchange, topic, response);
    const { body } = response;
    const isWhole = body === null || message.text !== undefined || prepared.request.method === 'HEAD';
    if (isWhole || this.#isHungUp) {
      if (!isWhole) body.cancel(new Error('The client hung up')).catch(() => {});
      message.body.isComplete = true;
      this.#served(incarnation);
    } else this.#sendBody(incarnation, message, body);
    incarnation.machine.park.transport.send(message);
  }

  #sendBody(incarnation: Incarnation, message: ResponseMessage, body: ReadableStream<Uint8Array>): void {
    const exchange = this.#exchange;
    this.#sender = new BodySender(body);
    const end = (): void => this.#served(incarnation);
    const failed = (error: unknown): void => {
      end();
      exchange.signal(error instanceof BrokenOff && error.ending === 'close' ? 'close' : 'reset');
    };
    void this.#sender.pump(exchange.sinkFor(message, { end, failed }));
  }

  /** The host has the request no more: it answered, or nobody waits for an answer. */
  #left(): void {
    const { call, server } = this.#exchange;
    if (call !== undefined) server.park.traffic?.left(call);
  }

  #served(incarnation: Incarnation): void {
    incarnation.serving.delete(this.#exchange);
    incarnation.machine.maybeStopped();
  }
}

function checked(response: Response | undefined): Response {
  if (typeof response?.status === 'number') return response;
  throw new TypeError('the handler returned no Response');
}
