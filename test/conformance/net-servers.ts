// What the cases of `node:net` are made of: a server on the server's machine, and a socket on the client's.

import net from 'node:net';
import { event, SOCKET_EVENTS, type Stage } from './stage.ts';

/** A server that listens, and the sockets that it accepted. */
export interface Serving {
  readonly server: net.Server;
  readonly port: number;
  readonly sockets: net.Socket[];
}

interface ServeOptions extends net.ServerOpts {
  /** Which events of its sockets are noted. Default: all of them. */
  readonly events?: readonly string[];
  /** Where it listens. Default: on a port that is free. */
  readonly listen?: net.ListenOptions;
}

/** Serves on the server's machine. */
export async function serve(
  stage: Stage,
  onSocket: (socket: net.Socket, server: net.Server) => void = () => {},
  { events = SOCKET_EVENTS, listen = { port: 0, host: '0.0.0.0' }, ...options }: ServeOptions = {},
): Promise<Serving> {
  const serving = await stage.onServer(async () => {
    const sockets: net.Socket[] = [];
    const server = net.createServer(options, (socket) => {
      sockets.push(socket);
      noteClose(socket);
      socket.on('error', () => {});
      stage.server.watch('socket', socket, events);
      onSocket(socket, server);
    });
    server.listen(listen);
    await event(server, 'listening');
    const address = server.address();
    return { server, sockets, port: typeof address === 'string' ? 0 : (address as net.AddressInfo).port };
  });
  stage.after(() =>
    stage.onServer(() => {
      for (const socket of serving.sockets) socket.destroy();
      if (serving.server.listening) serving.server.close();
    }),
  );
  return serving;
}

/** Connects from the client's machine, and notes what the socket says. */
export function connect(
  stage: Stage,
  options: Partial<net.NetConnectOpts> & { port?: number; path?: string },
  events: readonly string[] = SOCKET_EVENTS,
): net.Socket {
  const target = options.path === undefined ? { host: stage.address, ...options } : options;
  const socket = net.connect(target as net.NetConnectOpts);
  stage.client.watch('client', socket, events);
  stage.after(() => void socket.destroy());
  noteClose(socket);
  return socket;
}

const closes = new WeakMap<net.Socket, Promise<void>>();

/** `socket.closed` is true before `'close'`. */
function noteClose(socket: net.Socket): void {
  closes.set(socket, event(socket, 'close'));
}

/** Waits until both a socket and the one that the server accepted are closed. */
export async function bothClosed(stage: Stage, socket: net.Socket, { sockets }: Serving): Promise<void> {
  await closes.get(socket);
  await stage.onServer(async () => {
    for (const each of sockets) await closes.get(each);
  });
}

/** What a socket says of itself. */
export function stateOf(socket: net.Socket): string {
  const {
    readyState,
    connecting,
    pending,
    destroyed,
    closed,
    readableEnded,
    writableEnded,
    writableFinished,
  } = socket;
  const flags = { connecting, pending, destroyed, closed, readableEnded, writableEnded, writableFinished };
  const set = Object.entries(flags).filter(([, isSet]) => isSet);
  return [readyState, ...set.map(([name]) => name)].join(' ');
}
