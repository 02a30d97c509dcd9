// The messages of an exchange: the request, the response, the chunks of their bodies, and the signals of the
// machines themselves.

import type { MessageContent, RequestName } from '../history/trace.ts';
import type { Topic } from '../network/link.ts';
import type { NetworkErrorCode } from '../network/verdict.ts';
import { setServerSignal, unreadText } from '../ambient/fetch-objects.ts';
import { combine32, hashBytes, hashParts, hashText } from '../random/hash.ts';
import { BodyParts } from './body.ts';
import type { Exchange } from './exchange.ts';
import type { HostMachine } from './machine.ts';
import { bytesOf, contentOf, headersOf, textBytes } from './message-content.ts';
import { Message } from './transport.ts';

/** A request or a response: it carries as much of its body as was there when it left. */
export abstract class HeadMessage extends Message {
  readonly exchange: Exchange;
  readonly body: BodyParts = new BodyParts();
  hasArrived = false;

  constructor(
    exchange: Exchange,
    target: HostMachine,
    topic: Topic,
    options: { mayDuplicate: boolean; nth?: number },
  ) {
    super(target, topic, options.mayDuplicate, options.nth);
    this.exchange = exchange;
  }

  override get byteLength(): number {
    let length = 0;
    for (const part of this.body.parts) length += part.length;
    return length;
  }

  override get mayGrow(): boolean {
    return !this.body.isComplete;
  }

  protected bodyHash(): number {
    const hash = hashParts(this.body.parts);
    return this.body.isComplete ? hash : combine32(hash, 0);
  }

  override lost(): void {
    this.exchange.isCut = true;
  }

  protected noteArrival(): void {
    this.hasArrived = true;
    this.exchange.server.park.observer.arrived?.(this);
  }
}

/** A request on its way to a server. */
export class RequestMessage extends HeadMessage {
  readonly #request: Request;

  constructor(
    exchange: Exchange,
    topic: Topic,
    options: { mayDuplicate: boolean; nth?: number; request?: Request },
  ) {
    super(exchange, exchange.server, topic, options);
    this.#request = options.request ?? exchange.prepared.request;
  }

  protected get contentHash(): number {
    return this.exchange.prepared.bodyHash ?? this.bodyHash();
  }

  override get byteLength(): number {
    const { content } = this.exchange.prepared;
    return content === undefined ? super.byteLength : Buffer.byteLength(content);
  }

  override get mayGrow(): boolean {
    return this.exchange.prepared.bodyHash === undefined && super.mayGrow;
  }

  override content(): MessageContent | undefined {
    const { content } = this.exchange.prepared;
    const body =
      typeof content === 'string'
        ? textBytes(content)
        : bytesOf(content === undefined ? this.body.parts : [content]);
    return contentOf(headersOf(this.#request), body);
  }

  copy(): Message {
    const { exchange, topic, nth } = this;
    return new RequestMessage(exchange, topic, { mayDuplicate: false, nth, request: this.#request.clone() });
  }

  override failed(code: NetworkErrorCode): void {
    this.exchange.clientSide.failLater(code, 2 * this.link.latency.baseUs);
  }

  run(): void {
    this.noteArrival();
    this.exchange.serverSide.requestArrived(this);
  }

  /** The request for the handler. What its client keeps of it is out of its reach. */
  take(): Request {
    const { exchange, body } = this;
    let request = this.#request;
    if (exchange.prepared.bodyHash === undefined && request.body !== null) {
      const content = body.isComplete ? body.bytes() : exchange.serverSide.openBody(body.bytes());
      const { method, headers } = request;
      request = new Request(exchange.prepared.url, { method, headers, body: content, duplex: 'half' });
    }
    setServerSignal(request, () => exchange.serverSide.signal);
    return request;
  }
}

/** A response on its way back. */
export class ResponseMessage extends HeadMessage {
  readonly response: Response;
  /** The whole body, where it is known without reading it: then the response itself is handed over. */
  readonly text: string | undefined;

  constructor(exchange: Exchange, topic: Topic, response: Response) {
    super(exchange, exchange.client.machine, topic, { mayDuplicate: false });
    this.response = response;
    // The body of an answer to HEAD stays behind.
    this.text = exchange.prepared.request.method === 'HEAD' ? undefined : unreadText(response);
  }

  override get status(): number {
    return this.response.status;
  }

  override get byteLength(): number {
    return this.text === undefined ? super.byteLength : Buffer.byteLength(this.text);
  }

  override get request(): RequestName | undefined {
    return this.exchange.clientSide.requestName;
  }

  override content(): MessageContent | undefined {
    const body = this.text === undefined ? bytesOf(this.body.parts) : textBytes(this.text);
    return contentOf(headersOf(this.response), body);
  }

  protected get contentHash(): number {
    return combine32(this.response.status, this.text === undefined ? this.bodyHash() : hashText(this.text));
  }

  copy(): Message {
    return this;
  }

  override failed(code: NetworkErrorCode): void {
    this.exchange.clientSide.failLater(code, this.link.latency.baseUs);
  }

  run(): void {
    this.noteArrival();
    this.exchange.clientSide.responseArrived(this);
  }
}

/** A later part of a body; without bytes, its end. */
export class Chunk extends Message {
  readonly #exchange: Exchange;
  readonly #head: HeadMessage;
  readonly #seq: number;
  readonly bytes: Uint8Array | undefined;

  constructor(exchange: Exchange, head: HeadMessage, seq: number, bytes: Uint8Array | undefined) {
    super(head.owner as HostMachine, head.link.topic('chunk', head.topic.label), false);
    this.#exchange = exchange;
    this.#head = head;
    this.#seq = seq;
    this.bytes = bytes;
  }

  override get byteLength(): number {
    return this.bytes?.length ?? 0;
  }

  override get request(): RequestName | undefined {
    return this.#exchange.clientSide.requestName;
  }

  override content(): MessageContent | undefined {
    return this.bytes === undefined ? undefined : contentOf(undefined, bytesOf([this.bytes]));
  }

  protected get contentHash(): number {
    return this.bytes === undefined ? 0 : hashBytes(this.bytes);
  }

  copy(): Message {
    return this;
  }

  override lost(): void {
    this.#exchange.isCut = true;
  }

  override failed(code: NetworkErrorCode): void {
    this.#exchange.clientSide.failLater(code, this.link.latency.baseUs);
  }

  run(): void {
    this.#exchange.server.park.observer.arrived?.(this);
    if (this.#head instanceof RequestMessage) this.#exchange.serverSide.partArrived(this.#seq, this.bytes);
    else this.#exchange.clientSide.partArrived(this.#seq, this.bytes);
  }
}

/** What one machine tells the other about the connection. */
export class Signal extends Message {
  readonly #exchange: Exchange;
  readonly #arrive: () => void;

  constructor(exchange: Exchange, target: HostMachine, topic: Topic, arrive: () => void) {
    super(target, topic, false);
    this.#exchange = exchange;
    this.#arrive = arrive;
  }

  override get request(): RequestName | undefined {
    return this.#exchange.clientSide.requestName;
  }

  protected get contentHash(): number {
    return 0;
  }

  copy(): Message {
    return this;
  }

  run(): void {
    (this.owner as HostMachine).park.observer.arrived?.(this);
    this.#arrive();
  }
}
