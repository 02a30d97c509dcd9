// What a simulated `dgram.Socket` asks of the network, and what it is told. The network itself is the
// business of `host/udp/`.

import type { SocketAddress } from './stream.ts';

/** Error codes that a datagram socket meets. */
export type DatagramErrorCode =
  | 'EACCES'
  | 'EADDRINUSE'
  | 'EADDRNOTAVAIL'
  | 'ECONNREFUSED'
  | 'EINVAL'
  | 'EMFILE'
  | 'EMSGSIZE'
  | 'ENETUNREACH';

/** What the owner of a socket is told, in its asynchronous context. */
export interface DatagramEvents {
  received(bytes: Buffer, from: SocketAddress): void;
  /** The machine that it is connected to has nobody on that port. */
  refused(): void;
}

/** Where a datagram goes to. */
export interface DatagramTarget {
  readonly address: string;
  readonly port: number;
}

/** A socket that is bound. */
export interface DatagramEnd {
  readonly local: SocketAddress;
  /** The only one that it hears, and is told to have refused. */
  peer: DatagramTarget | undefined;
  /** Counts as work that keeps the process alive. */
  isRef: boolean;
  mayBroadcast: boolean;
  /** Whether its own machine hears what it sends to a group. */
  hearsItself: boolean;
  /** The groups that it is a member of. */
  readonly groups: Set<string>;
  /** Sends bytes, which are copied. @returns what was wrong at once. */
  send(bytes: Uint8Array, target: DatagramTarget): DatagramErrorCode | undefined;
  close(): void;
}

/** The network as the datagram sockets of one incarnation reach it. */
export interface HostDatagrams {
  /** @param options.isShared - Others may bind the same, if they say so too. */
  bind(
    target: DatagramTarget,
    options: { isShared: boolean; isOnlyIPv6: boolean; events: DatagramEvents },
  ): DatagramEnd | DatagramErrorCode;
}
