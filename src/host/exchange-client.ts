// The client's side of an exchange: sends the request, waits no longer than a real client does, and makes the
// response, or the error, that `fetch` gives.

import { setOrigin } from '../ambient/fetch-objects.ts';
import type { RequestName } from '../history/trace.ts';
import type { NetworkErrorCode } from '../network/verdict.ts';
import { BodyReceiver, BodySender } from './body.ts';
import { ControlEvent } from './control-event.ts';
import type { BodyPart, Exchange } from './exchange.ts';
import { RequestMessage, type ResponseMessage } from './exchange-messages.ts';
import {
  clientTimeoutsUs,
  closedError,
  connectionError,
  fetchFailed,
  terminated,
  timeoutError,
} from './fetch-errors.ts';

/** Statuses of responses that have no body, not even an empty one. */
const BODILESS: ReadonlySet<number> = new Set([101, 204, 205, 304]);

/** What the client waits for. */
type Phase = 'response' | 'body' | 'over';

/** Who waits for the response. */
export interface ResponseWaiter {
  readonly resolve: (response: Response) => void;
  readonly reject: (error: unknown) => void;
}

/** What a client sees of an exchange. */
export class ClientSide {
  /** The connect time-out ran out: no connection, so nothing was ever sent on it. */
  isUnconnected = false;
  readonly #exchange: Exchange;
  /** Parts of the body that overtook the response. */
  readonly #early: BodyPart[] = [];
  #phase: Phase = 'response';
  #waiter: ResponseWaiter | undefined;
  #watchdog: ControlEvent | undefined;
  #request: RequestMessage | undefined;
  #sender: BodySender | undefined;
  #body: BodyReceiver | undefined;

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
  }

  get isOver(): boolean {
    return this.#phase === 'over';
  }

  /** The request as it was counted. */
  get requestName(): RequestName | undefined {
    const message = this.#request;
    return message === undefined ? undefined : { label: message.topic.label, nth: message.nth };
  }

  /** Sends the request. */
  begin(waiter: ResponseWaiter): void {
    const exchange = this.#exchange;
    const { client, prepared, server } = exchange;
    const { park } = client.machine;
    client.requesting.add(exchange);
    const topic = client.machine.linkTo(server).topic('request', prepared.label);
    // A body that is read while it is sent cannot be sent again.
    const mayDuplicate = prepared.bodyHash !== undefined && park.mayDuplicate(prepared.request.method);
    const message = new RequestMessage(exchange, topic, { mayDuplicate });
    this.#request = message;
    if (prepared.bodyHash === undefined) this.#sendBody(message);
    this.#watch(exchange.isConnected ? 'headers' : 'connect');
    this.#waiter = waiter;
    const request = { name: prepared.label, from: client.name, to: server.name, nth: message.nth };
    exchange.call = park.traffic?.sent(request);
    park.transport.send(message);
  }

  /**
   * The server took the request: from now on the client waits for its answer, and no more for a connection.
   */
  connected(): void {
    if (this.#phase === 'response') this.#watch('headers');
  }

  /** The client gives up, because its signal aborted or its patience ended. */
  giveUp(reason: unknown): void {
    if (this.isOver) return;
    const exchange = this.#exchange;
    this.#unanswered('given up');
    this.#fail(reason, reason);
    if (this.#request !== undefined && !exchange.isConnected) {
      exchange.client.machine.park.transport.discard(this.#request);
    }
    exchange.signal('hang-up');
  }

  /** The client's process ended. */
  ended(): void {
    if (this.isOver) return;
    this.#unanswered('given up');
    this.#close();
    this.#exchange.signal('hang-up');
  }

  /** The network, or the server's machine, answered with an error. */
  failed(code: NetworkErrorCode): void {
    const cause = connectionError(code, this.#exchange.peer);
    this.#unanswered('failed');
    this.#fail(fetchFailed(cause), terminated(cause));
  }

  /** The server closed the connection before its answer was complete. */
  closed(): void {
    const cause = closedError();
    this.#unanswered('failed');
    this.#fail(fetchFailed(cause), terminated(cause));
  }

  /** The client's machine learns of an error some time after the network decided it. */
  failLater(code: NetworkErrorCode, afterUs: number): void {
    const { client } = this.#exchange;
    const { engine } = client.machine.park;
    const event = new ControlEvent(client, code, () => this.failed(code));
    engine.scheduleExactly(event, engine.nowUs + afterUs);
  }

  /** The server's program read some of the request's body. */
  bodyConsumed(bytes: number): void {
    this.#exchange.grant(this.#sender, this.#exchange.client, bytes);
  }

  responseArrived(message: ResponseMessage): void {
    if (this.#phase !== 'response') return;
    const { call, client } = this.#exchange;
    if (call !== undefined) client.machine.park.traffic?.answered(call, message.status);
    const received = message.text === undefined ? this.#received(message) : message.response;
    setOrigin(received, { url: this.#exchange.prepared.url.href, isRedirected: false });
    if (message.body.isComplete || this.#body?.isOver === true) this.#close();
    else {
      this.#phase = 'body';
      this.#watch('body');
    }
    this.#waiter?.resolve(received);
  }

  /** A part of the response's body arrived. */
  partArrived(...part: BodyPart): void {
    if (this.#phase === 'response') this.#early.push(part);
    if (this.#phase !== 'body') return;
    this.#body?.arrived(...part);
    if (this.#body?.isOver === true) this.#close();
    else this.#watch('body');
  }

  /** What arrived, as the client's own object. */
  #received({ response, body }: ResponseMessage): Response {
    const { status, statusText, headers } = response;
    const { serverSide, prepared } = this.#exchange;
    let content: ReadableStream<Uint8Array> | Uint8Array<ArrayBuffer> | null = null;
    if (!body.isComplete) {
      this.#body = new BodyReceiver(body.bytes(), {
        consumed: (bytes) => serverSide.bodyConsumed(bytes),
        cancelled: (reason) => this.giveUp(reason),
      });
      for (const part of this.#early.splice(0)) this.#body.arrived(...part);
      content = this.#body.stream;
    } else if (prepared.request.method !== 'HEAD' && !BODILESS.has(status)) content = body.bytes();
    return new Response(content, { status, statusText, headers });
  }

  #sendBody(message: RequestMessage): void {
    const { body } = this.#exchange.prepared.request;
    if (body === null) {
      message.body.isComplete = true;
      return;
    }
    this.#sender = new BodySender(body);
    const failed = (error: unknown): void => this.giveUp(fetchFailed(error));
    void this.#sender.pump(this.#exchange.sinkFor(message, { end: () => {}, failed }));
  }

  #watch(which: 'connect' | 'headers' | 'body'): void {
    const { client, peer } = this.#exchange;
    const { engine } = client.machine.park;
    if (this.#watchdog !== undefined) engine.queue.remove(this.#watchdog);
    this.#watchdog = new ControlEvent(client, `${which} time-out`, () => {
      this.isUnconnected = which === 'connect';
      const cause = timeoutError(which, peer);
      this.giveUp(this.#phase === 'response' ? fetchFailed(cause) : terminated(cause));
    });
    engine.scheduleExactly(this.#watchdog, engine.nowUs + clientTimeoutsUs[which]);
  }

  #unanswered(end: 'failed' | 'given up'): void {
    const { call, client } = this.#exchange;
    if (call !== undefined) client.machine.park.traffic?.unanswered(call, end);
  }

  #fail(beforeResponse: unknown, inBody: unknown): void {
    const phase = this.#phase;
    if (phase === 'over') return;
    this.#close();
    if (phase === 'response') this.#waiter?.reject(beforeResponse);
    else this.#body?.fail(inBody);
  }

  #close(): void {
    const { client } = this.#exchange;
    this.#phase = 'over';
    client.requesting.delete(this.#exchange);
    if (this.#watchdog !== undefined) client.machine.park.engine.queue.remove(this.#watchdog);
    this.#sender?.cancel(undefined);
  }
}
