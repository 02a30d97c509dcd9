// The handle below a socket of Node.js: what libuv's TCP and pipe handles are to `node:net`, on the simulated
// network. `net.Socket` itself stays as it is, and so does everything above it.

import os from 'node:os';
import type { Socket } from 'node:net';
import { AsyncResource } from 'node:async_hooks';
import type { HostContext } from '../context.ts';
import { callIn, captureContext } from '../user-contexts.ts';
import { refuseForeigners } from './foreign-code.ts';
import { ownerSymbol } from './internals.ts';
import { LoopHandle } from './loop-handle.ts';
import { releaseParser } from './parsers.ts';
import { isKeptFree, readBytesMaxOf, receiveInto } from './receive.ts';
import type { SocketAddress, StreamEnd, StreamErrorCode, StreamEvents, TlsHello } from './stream.ts';

/** The requests that `node:net` makes of a handle. */
interface ConnectRequest {
  oncomplete(status: number, handle: TcpHandle, request: unknown, readable: boolean, writable: boolean): void;
}

type AddressReader = (out: Partial<SocketAddress>) => number;

/** The request that `node:net` makes to end a stream. */
export interface ShutdownRequest {
  oncomplete(status: number): void;
}

const { errno } = os.constants;
const ANY_ADDRESS: readonly string[] = ['::', '0.0.0.0'];
const MANUAL = { requireManualDestroy: true };

/** The number that libuv has for an error. */
export function errnoOf(code: StreamErrorCode): number {
  return -((errno as Record<string, number>)[code] ?? 0);
}

const nobody: StreamEvents = {
  connected: () => {},
  data: () => false,
  ended: () => {},
  failed: () => {},
  discarded: () => {},
};

/** What takes the bytes that arrive in place of a socket: TLS. */
export type StreamSink = Omit<StreamEvents, 'connected'>;

/** A handle of one socket. */
export class TcpHandle extends LoopHandle implements StreamEvents {
  readonly host: HostContext;
  /** Set by the socket: whether it asked for bytes. */
  reading = false;
  /** Set by the socket, and by agents of `node:http`; only theirs counts. */
  onread: unknown;
  bytesRead = 0;
  bytesWritten = 0;
  /** What the socket says of TLS, before it connects. */
  hello: TlsHello | undefined;
  /** Called whenever bytes arrive, before the socket gets them. */
  onArrival: (() => void) | undefined;
  sink: StreamSink | undefined;
  /** Whether it is of a Unix socket. */
  readonly isPipe: boolean;
  #end: StreamEnd | undefined;
  #bound: SocketAddress | undefined;
  #request: ConnectRequest | undefined;
  #cancel: ((code: StreamErrorCode) => void) | undefined;
  #asyncId: number | undefined;
  readonly #context: AsyncResource | undefined = captureContext('wavetank.Socket');

  /** @param end - The end of a connection that was accepted. */
  constructor(host: HostContext, end?: StreamEnd, isPipe = false) {
    super();
    this.host = host;
    this.isPipe = isPipe;
    if (end === undefined) return;
    this.#end = end;
    this.holds(end);
    end.events = this;
  }

  /** The socket above: Node.js keeps it under a symbol of its own. */
  get socket(): Socket | undefined {
    return (this as unknown as Record<symbol, Socket | undefined>)[ownerSymbol()];
  }

  set socket(socket: Socket | undefined) {
    (this as unknown as Record<symbol, Socket | undefined>)[ownerSymbol()] = socket;
  }

  get end(): StreamEnd | undefined {
    return this.#end;
  }

  get writeQueueSize(): number {
    return this.#end?.pendingBytes ?? 0;
  }

  /** See {@link StreamEvents}. */
  get readBytesMax(): number {
    const { socket } = this;
    return socket === undefined || this.sink !== undefined
      ? Number.POSITIVE_INFINITY
      : readBytesMaxOf(socket);
  }

  connect(request: ConnectRequest, addressOrPath: string, port?: number): number {
    if (this.host.streams.isFull?.() === true) return errnoOf('EMFILE');
    this.#request = request;
    const target = port === undefined ? { path: addressOrPath } : { address: addressOrPath, port };
    const { hello } = this;
    const local = this.#bound;
    this.#end = this.host.streams.connect(target, {
      events: this,
      ...(hello === undefined ? {} : { tls: hello }),
      ...(local === undefined ? {} : { local }),
    });
    this.holds(this.#end);
    return 0;
  }

  connect6(request: ConnectRequest, address: string, port: number): number {
    return this.connect(request, address, port);
  }

  /**
   * Takes bytes to send.
   *
   * @param done - Called when they are on their way, or with an error; perhaps before `write` returns.
   */
  write(bytes: Buffer, done: (error?: StreamErrorCode) => void): void {
    refuseForeigners(this, 'socket.write');
    if (this.#end === undefined) return done('EPIPE');
    this.bytesWritten += bytes.length;
    let isDone = false;
    let context: AsyncResource | undefined;
    const finish = (error?: StreamErrorCode): void => {
      if (isDone) return;
      isDone = true;
      this.#cancel = undefined;
      callIn(context, () => done(error), undefined, []);
    };
    this.#cancel = finish;
    this.#end.write(bytes, finish);
    // Callbacks that come later come in the context of the write.
    if (this.#cancel === finish) context = captureContext('wavetank.Write');
  }

  /** Ends the stream: at once, or, as libuv does it, in the next turn of the event loop. */
  shutdown(request?: ShutdownRequest): number {
    if (request === undefined) {
      this.#end?.shutdown();
      return 1;
    }
    this.host.timers.setImmediate(() => {
      this.#end?.shutdown();
      request.oncomplete(0);
    });
    return 0;
  }

  readStart(): number {
    refuseForeigners(this, 'socket.read');
    this.#end?.readStart();
    return 0;
  }

  readStop(): number {
    this.#end?.readStop();
    return 0;
  }

  close(closed?: () => void): void {
    refuseForeigners(this, 'socket.destroy');
    this.#over(closed, () => this.#end?.close());
  }

  reset(closed?: () => void): number {
    this.#over(closed, () => this.#end?.reset());
    return 0;
  }

  /** Node.js asks whether there is one: a Unix socket has none. */
  get getpeername(): AddressReader | undefined {
    return this.isPipe ? undefined : (out) => readAddress(out, this.#end?.remote);
  }

  get getsockname(): AddressReader | undefined {
    return this.isPipe ? undefined : (out) => readAddress(out, this.#end?.local ?? this.#bound);
  }

  getAsyncId(): number {
    this.#asyncId ??= (this.#context ?? new AsyncResource('wavetank.Socket', MANUAL)).asyncId();
    return this.#asyncId;
  }

  bind(address: string, port: number): number {
    return this.#bind({ address, port, family: 'IPv4' });
  }

  bind6(address: string, port: number): number {
    return this.#bind({ address, port, family: 'IPv6' });
  }

  useUserBuffer(): void {}

  setNoDelay(): number {
    return 0;
  }

  setKeepAlive(): number {
    return 0;
  }

  setBlocking(): number {
    return 0;
  }

  connected(error: StreamErrorCode | undefined): void {
    const request = this.#request;
    this.#request = undefined;
    const status = error === undefined ? 0 : errnoOf(error);
    const isUp = error === undefined;
    this.#call(() => request?.oncomplete(status, this, request, isUp, isUp));
  }

  data(bytes: Buffer): boolean {
    this.bytesRead += bytes.length;
    let isWanted = false;
    this.#call(() => {
      this.onArrival?.();
      if (this.sink !== undefined) isWanted = this.sink.data(bytes);
      else if (isKeptFree(this)) this.socket?.destroy();
      else isWanted = this.socket !== undefined && receiveInto(this.socket, bytes);
    });
    if (!isWanted) this.reading = false;
    return isWanted;
  }

  ended(): void {
    this.#call(() => {
      if (this.sink !== undefined) return this.sink.ended();
      const { socket } = this;
      if (socket === undefined || socket.destroyed) return;
      if (isKeptFree(this)) return void socket.destroy();
      socket.push(null);
      socket.read(0);
    });
  }

  failed(code: StreamErrorCode): void {
    this.#call(() => {
      if (this.sink !== undefined) this.sink.failed(code);
      else this.socket?.destroy(isKeptFree(this) ? undefined : systemError(code, 'read'));
    });
  }

  discarded(): void {
    const { socket } = this;
    this.#end = undefined;
    this.holds(undefined);
    this.socket = undefined;
    this.sink?.discarded();
    if (socket !== undefined) releaseParser(socket);
  }

  #bind(bound: SocketAddress): number {
    const { address } = bound;
    const { names, name } = this.host;
    if (!ANY_ADDRESS.includes(address) && names.nameOf(address) !== name) return errnoOf('EADDRNOTAVAIL');
    // A port of 0 is chosen when it connects.
    if (bound.port > 0 || !ANY_ADDRESS.includes(address)) this.#bound = bound;
    return 0;
  }

  #call(callback: () => void): void {
    callIn(this.#context, callback, undefined, []);
  }

  #over(closed: (() => void) | undefined, end: () => void): void {
    end();
    if (this.#end !== undefined) this.#end.events = nobody;
    // The event loop closes handles after everything else of its turn.
    this.host.timers.setImmediate(() => {
      this.#call(() => {
        this.#cancel?.('ECANCELED');
        closed?.();
      });
    });
  }
}

function readAddress(out: Partial<SocketAddress>, address: SocketAddress | undefined): number {
  if (address === undefined || address.address === '') return errnoOf('EINVAL');
  Object.assign(out, address);
  return 0;
}

/** An error as Node.js shapes it: `read ECONNRESET`. */
export function systemError(code: StreamErrorCode, syscall: string): Error {
  const error = new Error(`${syscall} ${code}`);
  return Object.assign(error, { errno: errnoOf(code), code, syscall });
}
