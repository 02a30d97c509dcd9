// `net.Socket` and `net.Server` on a host: real ones, over simulated handles. Only what would reach the
// operating system, or its clock, is replaced.

import net from 'node:net';
import type { Server as HttpServer } from 'node:http';
import type { Server, Socket } from 'node:net';
import type { HostContext } from '../context.ts';
import { type HostMethod, type Patch, patchForHosts } from '../patch.ts';
import { symbolOf } from './internals.ts';
import { withOneAddress } from './one-address.ts';
import { RequestTimeouts, takeOverScan } from './request-timeouts.ts';
import { ServerHandle } from './server-handle.ts';
import type { StreamErrorCode } from './stream.ts';
import { clearSocketTimer, refreshSocketTimer, setSocketTimeout } from './socket-timeout.ts';
import { TcpHandle, systemError } from './tcp-handle.ts';
import { TlsHandle } from './tls-handle.ts';

/** What Node.js keeps on a socket without promising it. */
interface SocketInternals {
  _handle: unknown;
  _undestroy(): void;
  _sockname: unknown;
  _peername: unknown;
  _reset(): Socket;
  _pendingData: unknown;
}

interface ServerInternals extends Server {
  _handle: unknown;
}

/** Before Node.js 22, a write that waits when its socket is destroyed ends without an error. */
const HIDES_CANCELLED = Number.parseInt(process.versions.node, 10) < 22;

type WriteCallback = (error?: Error | null) => void;
interface WriteChunk {
  readonly chunk: string | Uint8Array;
  readonly encoding: BufferEncoding;
}

/** Patches `net.Socket` and `net.Server`. */
export function socketPatches(): Patch[] {
  const on = (key: string, virtual: HostMethod<Socket>): Patch =>
    patchForHosts('net.Socket', net.Socket.prototype, key, virtual);
  return [
    on('connect', (host, self, args, original) => {
      prepareToConnect(host, self, args);
      return Reflect.apply(original, self, withOneAddress(host, args));
    }),
    on('_writeGeneric', (_host, self, args, original) => {
      const { _handle: handle } = internals(self);
      const isOurs = handle instanceof TcpHandle || handle instanceof TlsHandle;
      if (!isOurs || self.connecting) return Reflect.apply(original, self, args);
      const [isMany, data, encoding, callback] = args as [boolean, unknown, BufferEncoding, WriteCallback];
      internals(self)._pendingData = null;
      refreshSocketTimer(self);
      const bytes = isMany ? joined(data as WriteChunk[]) : bytesOf(data as string | Uint8Array, encoding);
      writeTo(handle, self, bytes, callback);
      return undefined;
    }),
    on('setTimeout', setSocketTimeout),
    on('_unrefTimer', (_host, self) => refreshSocketTimer(self)),
    on('_destroy', (_host, self, args, original) => {
      clearSocketTimer(self);
      return Reflect.apply(original, self, args);
    }),
    on('resetAndDestroy', (_host, self, args, original) => {
      const { _handle: handle } = internals(self);
      if (!(handle instanceof TcpHandle) || handle.isPipe) return Reflect.apply(original, self, args);
      if (self.connecting) self.once('connect', () => internals(self)._reset());
      else internals(self)._reset();
      return self;
    }),
    // What makes the handle of a server.
    patchForHosts<ServerInternals>(
      'net.Server',
      net.Server.prototype,
      '_listen2',
      (host, self, args, original) => Reflect.apply(original, self, prepareToListen(host, self, args)),
    ),
  ];
}

function internals(socket: Socket): SocketInternals {
  return socket as unknown as SocketInternals;
}

/** Writes as Node.js does: the callback comes at once where the operating system took all bytes. */
function writeTo(
  handle: TcpHandle | TlsHandle,
  socket: Socket,
  bytes: Buffer,
  callback: WriteCallback,
): void {
  const loose = socket as unknown as Record<symbol, number>;
  let isAsync = false;
  handle.write(bytes, (error?: StreamErrorCode | Error) => {
    if (isAsync && socket.destroyed && HIDES_CANCELLED) return callback(null);
    if (error !== undefined) return callback(typeof error === 'string' ? systemError(error, 'write') : error);
    if (isAsync && !socket.destroyed) {
      refreshSocketTimer(socket);
      loose[queueSizeSymbol(socket)] = 0;
    }
    callback(null);
  });
  isAsync = true;
  // A time-out that comes while bytes are still leaving is put off.
  if (handle.writeQueueSize > 0) loose[queueSizeSymbol(socket)] = bytes.length;
}

function queueSizeSymbol(socket: Socket): symbol {
  return symbolOf(socket, 'lastWriteQueueSize') as symbol;
}

/** Gives a socket the handle that it would make for itself. */
function prepareToConnect(host: HostContext, socket: Socket, args: unknown[]): void {
  const inside = internals(socket);
  if (socket.destroyed) {
    inside._peername = undefined;
    inside._handle = null;
  }
  if (inside._handle === null) giveHandle(socket, new TcpHandle(host, undefined, isPath(args)));
}

function giveHandle(socket: Socket, handle: TcpHandle): void {
  const inside = internals(socket);
  inside._undestroy();
  inside._sockname = undefined;
  handle.socket = socket;
  inside._handle = handle;
}

/** Whether the arguments of `connect` name a Unix socket. */
function isPath([first]: unknown[]): boolean {
  const target: unknown = Array.isArray(first) ? first[0] : first;
  if (typeof target === 'string') return Number.isNaN(Number(target));
  return typeof target === 'object' && target !== null && Boolean((target as { path?: unknown }).path);
}

/** Gives a server its handle. @returns the arguments with which Node.js goes on. */
function prepareToListen(host: HostContext, server: ServerInternals, args: unknown[]): unknown[] {
  if (server._handle !== null && server._handle !== undefined) return args;
  const [address, port, , ...rest] = args as [string | null, number, unknown];
  const isOfPath = port === -1 && address !== null;
  const handle = new ServerHandle(host, isOfPath ? { path: address } : { address: address ?? '::', port });
  if (takeOverScan(server as unknown as HttpServer)) {
    const timeouts = new RequestTimeouts(host, server as unknown as HttpServer);
    handle.accepted = (socket) => timeouts.add(socket);
    host.listens?.(server);
  }
  server._handle = handle;
  // Node.js asks for both families where no address was named.
  return address === null ? ['::', port, 6, ...rest] : args;
}

/** What was written in one go, as one buffer of our own. */
function joined(data: WriteChunk[]): Buffer {
  let length = 0;
  for (const { chunk, encoding } of data) {
    length += typeof chunk === 'string' ? Buffer.byteLength(chunk, encoding) : chunk.length;
  }
  const bytes = Buffer.allocUnsafe(length);
  let at = 0;
  for (const { chunk, encoding } of data) {
    if (typeof chunk === 'string') at += bytes.write(chunk, at, encoding);
    else {
      bytes.set(chunk, at);
      at += chunk.length;
    }
  }
  return bytes;
}

/** A copy: the program may change what it wrote. */
function bytesOf(data: string | Uint8Array, encoding: BufferEncoding): Buffer {
  return typeof data === 'string' ? Buffer.from(data, encoding) : Buffer.from(data);
}
