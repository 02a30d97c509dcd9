// The way from a connection to a service that is a function of a request: an HTTP server of Node.js in
// between, so that `node:http`, axios and undici reach what `fetch` reaches by messages.

import http from 'node:http';
import net from 'node:net';
import tls from 'node:tls';
import { RequestTimeouts, takeOverScan } from '../../ambient/net/request-timeouts.ts';
import { TcpHandle } from '../../ambient/net/tcp-handle.ts';
import type { StreamEnd } from '../../ambient/net/stream.ts';
import type { RequestFunction } from '../definition.ts';
import type { Incarnation } from '../incarnation.ts';
import { watchRequests } from './twisted-server.ts';

const BODILESS: ReadonlySet<string> = new Set(['GET', 'HEAD']);

/** The HTTP server in front of a service that does not listen by itself. */
export class Bridge {
  /** Requests that are being answered. */
  requests = 0;
  readonly #incarnation: Incarnation;
  readonly #server: http.Server;
  readonly #timeouts: RequestTimeouts;

  constructor(incarnation: Incarnation, server: http.Server) {
    this.#incarnation = incarnation;
    this.#server = server;
    this.#timeouts = new RequestTimeouts(incarnation, server);
    takeOverScan(server);
    watchRequests(incarnation, server);
    server.on('request', (_request, response) => {
      this.requests++;
      response.on('close', () => {
        this.requests--;
        incarnation.machine.maybeStopped();
      });
    });
  }

  /** Hands a connection to the server, as if it had listened for it. */
  accept(end: StreamEnd): void {
    const handle = new TcpHandle(this.#incarnation, end);
    const socket = new net.Socket({ handle, allowHalfOpen: true } as net.SocketConstructorOpts);
    if (end.tls === undefined) this.#take(handle, socket);
    else this.#secure(handle, socket);
  }

  /** A service that does not listen by itself speaks TLS to whoever wants it. */
  #secure(handle: TcpHandle, socket: net.Socket): void {
    const secureContext = tls.createSecureContext();
    const secure = new tls.TLSSocket(socket, { isServer: true, ALPNProtocols: ['http/1.1'], secureContext });
    secure.on('error', () => {});
    secure.once('secure', () => this.#take(handle, secure));
  }

  #take(handle: TcpHandle, socket: net.Socket): void {
    this.#server.emit('connection', socket);
    this.#timeouts.add(handle);
  }
}

/** Makes an HTTP server of a function of a request. */
export function serverFor(handle: RequestFunction): http.Server {
  return http.createServer((incoming, outgoing) => void answer(handle, incoming, outgoing));
}

async function answer(
  handle: RequestFunction,
  incoming: http.IncomingMessage,
  outgoing: http.ServerResponse,
): Promise<void> {
  const abort = new AbortController();
  outgoing.on('close', () => {
    if (!outgoing.writableFinished) abort.abort();
  });
  const response = await handle(requestOf(incoming, abort.signal));
  const headers: Record<string, string | string[]> = Object.fromEntries(response.headers);
  const cookies = response.headers.getSetCookie();
  if (cookies.length > 0) headers['set-cookie'] = cookies;
  const { status, statusText, body } = response;
  if (statusText === '') outgoing.writeHead(status, headers);
  else outgoing.writeHead(status, statusText, headers);
  await send(outgoing, body);
}

async function send(outgoing: http.ServerResponse, body: Response['body']): Promise<void> {
  try {
    for await (const part of body ?? []) {
      if (outgoing.destroyed) return;
      if (!outgoing.write(part)) await drained(outgoing);
    }
    outgoing.end();
  } catch {
    // A body that fails half-way ends the connection, as every server of Node.js does it.
    outgoing.destroy();
  }
}

function drained(outgoing: http.ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    outgoing.once('drain', resolve).once('close', resolve);
  });
}

function requestOf(incoming: http.IncomingMessage, signal: AbortSignal): Request {
  const { method = 'GET', url = '/', rawHeaders } = incoming;
  const { host = 'localhost' } = incoming.headers;
  const headers = new Headers();
  for (let i = 0; i < rawHeaders.length; i += 2) {
    headers.append(rawHeaders[i] as string, rawHeaders[i + 1] as string);
  }
  const scheme = (incoming.socket as { encrypted?: boolean }).encrypted === true ? 'https' : 'http';
  const target = new URL(url, `${scheme}://${host}`);
  if (BODILESS.has(method)) return new Request(target, { method, headers, signal });
  return new Request(target, { method, headers, signal, body: bodyOf(incoming), duplex: 'half' });
}

/** The body as a web stream that reads no more than is asked for. */
function bodyOf(incoming: http.IncomingMessage): ReadableStream<Uint8Array> {
  const parts = incoming[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { value, done } = await parts.next();
      if (done === true) controller.close();
      else controller.enqueue(new Uint8Array(value));
    },
    async cancel() {
      await parts.return?.();
    },
  });
}
