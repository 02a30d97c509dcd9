// `headersTimeout` and `requestTimeout` of an HTTP server, in virtual time: Node.js scans its connections by
// a real interval, and measures with a real clock.

import http from 'node:http';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { hostStorage } from '../registry.ts';
import type { HostContext } from '../context.ts';
import type { TcpHandle } from './tcp-handle.ts';
import { TlsHandle } from './tls-handle.ts';

/** What Node.js keeps on a socket of an HTTP server. */
interface ServerSocket extends Socket {
  readonly parser?: { readonly incoming: { readonly complete: boolean } | null } | null;
}

type Incoming = { readonly complete: boolean } | null | undefined;

/** How far the message is that a connection receives. */
interface Progress {
  readonly socket: ServerSocket;
  beganUs: number;
  /** The message before it: another one means that the headers of this one are complete. */
  previous: Incoming;
}

interface ScanningServer extends Server {
  connectionsCheckingInterval: number;
}

const realClearInterval = clearInterval;

/** Watches the connections of one server. */
export class RequestTimeouts {
  readonly #host: HostContext;
  readonly #server: ScanningServer;
  readonly #watched = new Set<Progress>();
  #isArmed = false;

  constructor(host: HostContext, server: Server) {
    this.#host = host;
    this.#server = server as ScanningServer;
  }

  /** Watches a connection that was accepted. */
  add(handle: TcpHandle): void {
    const { sink } = handle;
    const socket = sink instanceof TlsHandle ? sink.socket : handle.socket;
    if (socket === undefined || socket.destroyed) return;
    const progress: Progress = { socket, beganUs: this.#nowUs, previous: undefined };
    this.#watched.add(progress);
    this.#arm();
    handle.onArrival = () => {
      if (!isComplete(progress)) return;
      progress.beganUs = this.#nowUs;
      progress.previous = progress.socket.parser?.incoming;
      this.#arm();
    };
  }

  get #nowUs(): number {
    return this.#host.clock.monotonicUs();
  }

  #arm(): void {
    if (this.#isArmed) return;
    this.#isArmed = true;
    const timer = this.#host.timers.setTimeout(() => this.#scan(), this.#server.connectionsCheckingInterval);
    timer.unref();
  }

  #scan(): void {
    this.#isArmed = false;
    let isAnyWaiting = false;
    for (const progress of this.#watched) {
      if (progress.socket.destroyed) this.#watched.delete(progress);
      else if (!isComplete(progress)) {
        if (this.#isExpired(progress)) refuse(progress.socket);
        isAnyWaiting = true;
      }
    }
    if (isAnyWaiting) this.#arm();
  }

  #isExpired(progress: Progress): boolean {
    const { headersTimeout, requestTimeout } = this.#server;
    const waitedMs = (this.#nowUs - progress.beganUs) / 1000;
    const isLate = (limitMs: number): boolean => limitMs > 0 && waitedMs > limitMs;
    return (!hasHeaders(progress) && isLate(headersTimeout)) || isLate(requestTimeout);
  }
}

/** Keeps Node.js from scanning the connections of a server, and gives it the list of them. */
export function takeOverScan(server: Server): boolean {
  const scan = server.listeners('listening').find(({ name }) => name === 'setupConnectionsTracking');
  if (scan === undefined) return false;
  server.removeListener('listening', scan as () => void);
  const { connections, List } = connectionsList();
  (server as unknown as Record<symbol, unknown>)[connections] ??= new List();
  return true;
}

function hasHeaders({ socket, previous }: Progress): boolean {
  const incoming = socket.parser?.incoming;
  return incoming !== undefined && incoming !== null && incoming !== previous;
}

function isComplete(progress: Progress): boolean {
  return hasHeaders(progress) && progress.socket.parser?.incoming?.complete === true;
}

/** Lets Node.js answer as it does: by `clientError`, or with 408. */
function refuse(socket: Socket): void {
  const answer = socket.listeners('error').find(({ name }) => name === 'socketOnError');
  const error = Object.assign(new Error('Request timeout'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' });
  if (answer === undefined) socket.destroy(error);
  else Reflect.apply(answer, socket, [error]);
}

interface ConnectionsList {
  readonly connections: symbol;
  readonly List: new () => unknown;
}

let found: ConnectionsList | undefined;

/** Finds the list in which Node.js keeps the connections of a server, on one that is thrown away. */
function connectionsList(): ConnectionsList {
  return (found ??= hostStorage().exit(() => {
    const server = http.createServer();
    const setup = server.listeners('listening')[0] as () => void;
    Reflect.apply(setup, server, []);
    const inside = server as unknown as Record<symbol, unknown>;
    const byName = (name: string): symbol | undefined =>
      Object.getOwnPropertySymbols(server).find(({ description }) => description === `http.server.${name}`);
    realClearInterval(inside[byName('connectionsCheckingInterval') as symbol] as NodeJS.Timeout);
    const connections = byName('connections') as symbol;
    const List = (inside[connections] as object).constructor as new () => unknown;
    return { connections, List };
  }));
}
