// The spans of requests: one at the client, for the whole exchange as the network carried it, and one for
// each time that a server handled it. Attributes follow the semantic conventions of OpenTelemetry for HTTP.

import type { ArrivedEntry, AttributeValue, RequestName, SentEntry } from '../../history/trace.ts';
import type { RunSpan } from './run-span.ts';
import { arrivalKey, requestKey } from './span-index.ts';
import type { SpanWalk } from './span-walk.ts';

/** What is known of a request that is not answered yet. */
export interface Exchange {
  readonly span: RunSpan;
  readonly sent: SentEntry;
  /** Nobody waits for its answer any more. */
  isOver: boolean;
  /** Why there was no answer, as far as the network knows. */
  failure: string | undefined;
}

/** Makes them. */
export class HttpSpans {
  /** By the key of the request. */
  readonly exchanges: Map<string, Exchange> = new Map();
  readonly #walk: SpanWalk;

  constructor(walk: SpanWalk) {
    this.#walk = walk;
  }

  /** Takes what was sent, if it is part of an exchange. */
  sent(entry: SentEntry): boolean {
    const { message, request } = entry;
    if (message === 'request') this.#asked(entry);
    else if (request === undefined) return false;
    else if (message === 'response') this.#answered(entry, request);
    else this.#added(entry, request);
    return true;
  }

  /** Takes what arrived, likewise. */
  arrived(entry: ArrivedEntry): boolean {
    const { from, to, message } = entry;
    if (message === 'request') {
      this.#handled(entry);
      return true;
    }
    const request = this.#walk.index.sent.get(JSON.stringify([from, to, message, entry.label, entry.nth]));
    if (request?.request === undefined) return false;
    const exchange = this.exchanges.get(requestKey(to, from, request.request));
    if (exchange === undefined || exchange.isOver) return message !== 'segment';
    if (message === 'response') this.#received(exchange, request, entry);
    else if (message === 'signal') this.#brokenOff(exchange, entry);
    return true;
  }

  #asked(entry: SentEntry): void {
    const { from, to, label, atUs, step } = entry;
    const key = requestKey(from, to, entry);
    const span = this.#walk.begin({
      key,
      role: 'request',
      name: label,
      kind: 'client',
      host: from,
      startUs: atUs,
      parent: this.#walk.index.behind({ host: from, step }, entry.cause),
      attributes: { ...httpOf(entry), ...serverOf(entry), 'network.peer.address': to },
    });
    const exchange: Exchange = { span, sent: entry, isOver: false, failure: undefined };
    this.exchanges.set(key, exchange);
    this.#walk.index.requests.set(key, span);
    this.#befell(exchange, entry);
  }

  #handled(entry: ArrivedEntry): void {
    const { from, to, label, atUs, isCopy } = entry;
    const key = arrivalKey(from, to, entry);
    const exchange = this.exchanges.get(requestKey(from, to, entry));
    const sent = exchange?.sent;
    const span = this.#walk.begin({
      key: `arrival of ${key}`,
      role: 'handling',
      name: label,
      kind: 'server',
      host: to,
      startUs: atUs,
      parent: exchange?.span,
      attributes: {
        ...httpOf(sent ?? entry),
        'client.address': from,
        'network.peer.address': from,
      },
    });
    if (isCopy) span.events.push({ atUs, name: 'delivered twice', attributes: {} });
    this.#walk.index.arrivals.set(key, span);
  }

  #answered(entry: SentEntry, request: RequestName): void {
    const { from, to, status, atUs, cause } = entry;
    if (status !== undefined && status < 200) return;
    const isCopy = cause?.kind === 'message' && cause.message === 'request' && cause.isCopy;
    const { arrivals } = this.#walk.index;
    const name = { message: 'request', ...request };
    const handling =
      arrivals.get(arrivalKey(to, from, { ...name, isCopy })) ??
      arrivals.get(arrivalKey(to, from, { ...name, isCopy: !isCopy }));
    if (handling !== undefined && handling.endUs === undefined) {
      handling.endUs = atUs;
      setStatus(handling, status, 500);
    }
    const exchange = this.exchanges.get(requestKey(to, from, request));
    if (exchange !== undefined) this.#befell(exchange, entry);
  }

  /** A part of a body, or what one side tells the other about the connection. */
  #added(entry: SentEntry, request: RequestName): void {
    const { from, to, message, label, atUs } = entry;
    const asked = this.exchanges.get(requestKey(from, to, request));
    const isAsking = asked !== undefined && (message !== 'signal' || !asked.isOver);
    const exchange = isAsking ? asked : this.exchanges.get(requestKey(to, from, request));
    if (exchange === undefined) return;
    this.#befell(exchange, entry);
    if (message !== 'signal') return;
    const word = wordOf(label);
    if (isAsking && exchange === asked && !exchange.isOver) {
      exchange.span.endUs = atUs;
      exchange.failure ??= word;
      // After the end of its own stream, a client may still read.
      exchange.isOver = word !== 'end';
      exchange.span.events.push({ atUs, name: word, attributes: {} });
    }
    if (word === 'refusal') this.#refused(entry, request);
  }

  /** What was refused was not handled. */
  #refused({ from, to }: SentEntry, request: RequestName): void {
    const key = arrivalKey(to, from, { message: 'request', ...request, isCopy: false });
    const span = this.#walk.index.arrivals.get(key);
    if (span === undefined || span.events.length > 0) return;
    this.#walk.index.arrivals.delete(key);
    this.#walk.spans.splice(this.#walk.spans.lastIndexOf(span), 1);
  }

  #received(exchange: Exchange, sent: SentEntry, { atUs }: ArrivedEntry): void {
    if (sent.status !== undefined && sent.status < 200) return;
    exchange.span.endUs = atUs;
    exchange.isOver = true;
    exchange.failure = undefined;
    setStatus(exchange.span, sent.status, 400);
  }

  /** The other side refused the request, or ended the connection. */
  #brokenOff(exchange: Exchange, { label, atUs }: ArrivedEntry): void {
    const word = wordOf(label);
    // That is what the other side is told.
    if (word === 'hang-up') return;
    exchange.span.endUs = atUs;
    exchange.isOver = true;
    exchange.failure = word;
    exchange.span.events.push({ atUs, name: word, attributes: {} });
  }

  /** What the network did to a part of an exchange. */
  #befell(exchange: Exchange, { message, label, nth, fate, atUs, isTwice }: SentEntry): void {
    const name = message === 'request' ? `${label} #${nth}` : `${message} to ${label} #${nth}`;
    const attributes: Record<string, AttributeValue> = { 'wavetank.message': name };
    const { events } = exchange.span;
    if (isTwice === true) events.push({ atUs, name: `${message} delivered twice`, attributes });
    if (fate === 'delivered') return;
    events.push({ atUs, name: `${message} ${fate}`, attributes });
    if (!exchange.isOver) exchange.failure = fate;
  }
}

/** `reset :4000` and `hang-up POST /charge` begin with what happened. */
function wordOf(label: string): string {
  return label.split(' ', 1)[0] ?? label;
}

/** Marks a span by the status of the answer; from which on it is an error depends on the side. */
function setStatus(span: RunSpan, status: number | undefined, errorFrom: number): void {
  if (status === undefined) return;
  span.attributes['http.response.status_code'] = status;
  if (status < errorFrom) return;
  span.attributes['error.type'] = String(status);
  span.status = { code: 'error' };
}

function httpOf(entry: SentEntry | ArrivedEntry): Record<string, AttributeValue> {
  const space = entry.label.indexOf(' ');
  const headers = 'content' in entry ? entry.content?.headers : undefined;
  const agent = headers?.find(([name]) => name === 'user-agent')?.[1];
  return {
    'http.request.method': entry.label.slice(0, space),
    'url.path': entry.label.slice(space + 1),
    'url.scheme': 'http',
    'network.protocol.name': 'http',
    ...(agent === undefined ? {} : { 'user_agent.original': agent }),
  };
}

/** Where a request went, as its client wrote it; a host of the run where it wrote nothing. */
function serverOf({ to, label, content }: SentEntry): Record<string, AttributeValue> {
  const named = content?.headers?.find(([name]) => name === 'host')?.[1] ?? to;
  const [, address = to, port] = /^(.*?)(?::(\d+))?$/.exec(named) ?? [];
  return {
    'url.full': `http://${named}${label.slice(label.indexOf(' ') + 1)}`,
    'server.address': address,
    ...(port === undefined ? {} : { 'server.port': Number(port) }),
  };
}
