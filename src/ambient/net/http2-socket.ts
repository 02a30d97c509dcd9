// The socket that Node.js puts between an HTTP/2 session and one that is not native: here it behaves like the
// socket below it, which in life the session would have for itself.

import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import type { HostContext } from '../context.ts';
import { hostStorage } from '../registry.ts';
import { holdLoopFor } from './http2-sessions.ts';

/** A socket of Node.js around a stream. */
interface StreamSocket extends Socket {
  connecting: boolean;
  readonly stream: Duplex & Partial<Socket>;
  readonly _handle: { onshutdown(request: unknown): number } | null;
}

const realSetImmediate = setImmediate;

const SHOWN: readonly string[] = [
  'alpnProtocol',
  'authorizationError',
  'authorized',
  'encrypted',
  'localAddress',
  'localFamily',
  'localPort',
  'remoteAddress',
  'remoteFamily',
  'remotePort',
  'servername',
];
const CALLED: readonly string[] = [
  'address',
  'getCipher',
  'getPeerCertificate',
  'getProtocol',
  'ref',
  'unref',
];

/** Whether a socket is such a one. */
export function isStreamSocket(socket: Socket): socket is StreamSocket {
  return socket.constructor.name === 'JSStreamSocket' && 'stream' in socket;
}

/** Makes it look like the socket below it. Called while the session that will use it is made. */
export function likeItsStream(host: HostContext, socket: StreamSocket): void {
  const { stream } = socket;
  const below = stream as unknown as Record<string, unknown>;
  const descriptor = (get: () => unknown): PropertyDescriptor => ({ get, configurable: true });
  for (const key of SHOWN)
    if (key in stream)
      Object.defineProperty(
        socket,
        key,
        descriptor(() => below[key]),
      );
  for (const key of CALLED) {
    const method = below[key];
    if (typeof method === 'function') Object.defineProperty(socket, key, { value: method.bind(stream) });
  }
  const isSecuring =
    stream instanceof TLSSocket && (stream as { secureConnecting?: boolean }).secureConnecting;
  if (stream.connecting === true || isSecuring === true) {
    socket.connecting = true;
    stream.once(stream instanceof TLSSocket ? 'secureConnect' : 'connect', () => {
      socket.connecting = false;
      socket.emit('connect');
    });
  }
  holdLoopFor(host, socket);
  endLater(host, socket);
}

/** Native code writes in the next turn of the event loop what it wrote before the end. */
function endLater(host: HostContext, socket: StreamSocket): void {
  const { _handle: handle } = socket;
  if (handle === null) return;
  const end = handle.onshutdown.bind(handle);
  handle.onshutdown = (request) => {
    const storage = hostStorage();
    storage.exit(() => realSetImmediate(() => storage.run(host, () => end(request))));
    return 0;
  };
}
