// `node:http2` on a host: Node.js' own, over simulated sockets. What is replaced knows the real time
// (time-outs, the `Date` header, what a ping takes), or would read real files.

import type { ClientHttp2Session, ClientHttp2Stream, Http2Session, ServerHttp2Stream } from 'node:http2';
import { Socket } from 'node:net';
import process from 'node:process';
import { Duplex } from 'node:stream';
import type { HostContext } from '../context.ts';
import { type AnyFunction, applyPatches, type Patch, patchForHosts } from '../patch.ts';
import { ambientRegistry, hostStorage } from '../registry.ts';
import { escape } from '../traps/trap.ts';
import { httpDate } from './http.ts';
import { feedByFrame } from './http2-frames.ts';
import { rememberSession } from './http2-sessions.ts';
import { isStreamSocket, likeItsStream } from './http2-socket.ts';
import { setHttp2Timeout } from './http2-timeout.ts';

/** What Node.js calls the session of a server. */
const SERVER = 0;

const builtinModule = process.getBuiltinModule.bind(process);

/** Patches `node:http2`. */
export function http2Patches(): Patch[] {
  const { session, stream } = prototypes();
  return [
    patchForHosts('net.Socket', Socket.prototype, 'setNoDelay', (host, self: Socket, args, original) => {
      // Sessions call it when they have a socket, and nobody else calls it on one of that kind.
      if (isStreamSocket(self)) likeItsStream(host, self);
      return Reflect.apply(original, self, args);
    }),
    patchForHosts('http2.Http2Session', session, 'settings', (host, self: Http2Session, args, original) => {
      if (rememberSession(host, self)) feedByFrame(self, self.type === SERVER);
      const [settings, callback] = args;
      if (typeof callback !== 'function') return Reflect.apply(original, self, args);
      const timed = timedCallback(host, callback as AnyFunction, 2);
      return Reflect.apply(original, self, [settings, timed]);
    }),
    patchForHosts('http2.Http2Session', session, 'ping', (host, self: Http2Session, args, original) => {
      const [payload, callback] = typeof args[0] === 'function' ? [undefined, args[0]] : args;
      if (typeof callback !== 'function') return Reflect.apply(original, self, args);
      // The payload that Node.js takes is the time.
      const bytes = payload ?? nextPayload(self);
      return Reflect.apply(original, self, [bytes, timedCallback(host, callback as AnyFunction, 1)]);
    }),
    patchForHosts('http2.Http2Session', session, 'setTimeout', setHttp2Timeout),
    patchForHosts('http2.Http2Session', session, 'emit', (_host, self: Http2Session, args, original) => {
      const [event, server] = args;
      if (event === 'stream') patchServerStreams(server as ServerHttp2Stream);
      return Reflect.apply(original, self, args);
    }),
    patchForHosts('http2.Http2Stream', stream, 'setTimeout', setHttp2Timeout),
    ...(serverStream === undefined ? [] : serverStreamPatches(serverStream)),
  ];
}

let serverStream: object | undefined;

/** The class of a server's streams is met when the first of them is there. */
function patchServerStreams(stream: ServerHttp2Stream): void {
  const prototype = Object.getPrototypeOf(stream) as object;
  if (prototype === serverStream || !('respondWithFile' in prototype)) return;
  serverStream = prototype;
  const registry = ambientRegistry();
  registry.patches = [...registry.patches, ...applyPatches(serverStreamPatches(prototype))];
  registry.lastPatches = registry.patches;
}

function serverStreamPatches(prototype: object): Patch[] {
  const name = 'http2.ServerHttp2Stream';
  const trapped = (key: string): Patch =>
    patchForHosts(name, prototype, key, (host, _self, args) =>
      escape(
        host,
        `ServerHttp2Stream.${key}`,
        args,
        'Read the file first: `stream.respond()`, `stream.end(bytes)`.',
      ),
    );
  return [
    patchForHosts(name, prototype, 'respond', (host, self: object, [headers, options, ...rest], original) =>
      Reflect.apply(original, self, [withDate(host, headers, options), options, ...rest]),
    ),
    trapped('respondWithFile'),
    trapped('respondWithFD'),
  ];
}

/** Adds the host's own date, where Node.js would add the real one. */
function withDate(host: HostContext, headers: unknown, options: unknown): unknown {
  if ((options as { sendDate?: unknown } | undefined)?.sendDate === false) return headers;
  if (Array.isArray(headers)) {
    const isDated = headers.some((name, i) => i % 2 === 0 && String(name).toLowerCase() === 'date');
    return isDated ? headers : [...(headers as unknown[]), 'date', httpDate(host)];
  }
  if (headers !== undefined && (typeof headers !== 'object' || headers === null)) return headers; // Throws.
  const isDated = Object.keys(headers ?? {}).some((name) => name.toLowerCase() === 'date');
  return isDated ? headers : { ...headers, date: httpDate(host) };
}

/** A callback that gets how many virtual milliseconds it took, as its argument of that index. */
function timedCallback(host: HostContext, callback: AnyFunction, index: number): AnyFunction {
  const begunUs = host.clock.monotonicUs();
  return function (this: unknown, ...args: unknown[]): unknown {
    if (typeof args[index] === 'number') args[index] = (host.clock.monotonicUs() - begunUs) / 1000;
    return Reflect.apply(callback, this, args);
  };
}

const pings = new WeakMap<object, number>();

function nextPayload(session: object): Buffer {
  const nth = (pings.get(session) ?? 0) + 1;
  pings.set(session, nth);
  const payload = Buffer.alloc(8);
  payload.writeUInt32BE(nth, 4);
  return payload;
}

let found: { session: object; stream: object } | undefined;

/** Finds the classes of sessions and streams, which Node.js does not export, on a throw-away session. */
function prototypes(): { session: object; stream: object } {
  return (found ??= hostStorage().exit(() => {
    const http2 = builtinModule('node:http2');
    const nowhere = new Duplex({ read: () => {}, write: (_chunk, _encoding, done) => done() });
    const session: ClientHttp2Session = http2.connect('http://nowhere', { createConnection: () => nowhere });
    const stream: ClientHttp2Stream = session.request({});
    for (const each of [session, stream, nowhere]) each.on('error', () => {});
    session.destroy();
    return { session: ownerOf(session, 'settings'), stream: ownerOf(stream, 'setTimeout') };
  }));
}

function ownerOf(object: object, key: string): object {
  let owner = object;
  while (!Object.hasOwn(owner, key)) owner = Object.getPrototypeOf(owner) as object;
  return owner;
}
