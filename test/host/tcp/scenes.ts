// Hosts and clients for the tests of simulated TCP.

import net from 'node:net';
import { daemon, type HostDefinition } from '../../../src/host/definition.ts';

export const PORT = 4_000;

/** A host that listens on the port, and does this with each connection. */
export function listening(onSocket: (socket: net.Socket) => void): HostDefinition {
  return daemon(() => {
    const server = net.createServer((socket) => {
      socket.on('error', () => {});
      onSocket(socket);
    });
    server.listen(PORT);
  });
}

/** A host that sends everything back. */
export function echo(): HostDefinition {
  return listening((socket) => void socket.pipe(socket));
}

/** A connection, and what came of it. */
export interface Line {
  readonly socket: net.Socket;
  /** What arrived, and what happened, in order; bytes that come one after another are one entry. */
  readonly seen: string[];
  /** Resolves when it is closed. */
  readonly closed: Promise<void>;
}

/** Connects to a host, and notes what happens. */
export function dial(host: string, options: Partial<net.TcpNetConnectOpts> = {}): Line {
  const seen: string[] = [];
  let isData = false;
  const note = (what: string): void => {
    isData = false;
    seen.push(what);
  };
  const socket = net.connect({ host, port: PORT, ...options });
  socket.on('connect', () => note('connect'));
  socket.on('data', (bytes) => {
    if (isData) seen.push(`${seen.pop()}${String(bytes)}`);
    else seen.push(String(bytes));
    isData = true;
  });
  socket.on('end', () => note('end'));
  socket.on('timeout', () => note('timeout'));
  socket.on('error', (error: NodeJS.ErrnoException) => note(`${error.syscall} ${error.code}`));
  const closed = new Promise<void>((resolve) => {
    socket.on('close', () => {
      note('close');
      resolve();
    });
  });
  return { socket, seen, closed };
}
