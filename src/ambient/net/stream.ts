// What a simulated socket of Node.js asks of the network, and what it is told. The network itself is the
// business of `host/tcp/`.

/** One end of a connection as Node.js shows it. */
export interface SocketAddress {
  readonly address: string;
  readonly family: 'IPv4' | 'IPv6';
  readonly port: number;
}

/** Error codes that a socket meets. */
export type StreamErrorCode =
  | 'EADDRINUSE'
  | 'EADDRNOTAVAIL'
  | 'ECANCELED'
  | 'ECONNREFUSED'
  | 'ECONNRESET'
  | 'EHOSTUNREACH'
  | 'EINVAL'
  | 'EMFILE'
  | 'ENETUNREACH'
  | 'ENOENT'
  | 'EPIPE'
  | 'ETIMEDOUT';

/** Where a connection leads: a port of an address, or the path of a Unix socket on the same machine. */
export type StreamTarget = { readonly address: string; readonly port: number } | { readonly path: string };

/** What TLS would settle in its handshake; both ends talk in clear. */
export interface TlsHello {
  readonly servername: string | undefined;
  readonly alpn: readonly string[];
}

/** What the owner of an end is told. All calls are made in the owner's asynchronous context. */
export interface StreamEvents {
  /** How many bytes it takes at once; as many as the operating system would give where it does not say. */
  readonly readBytesMax?: number;
  /** The connection is there, or not. */
  connected(error: StreamErrorCode | undefined): void;
  /** Bytes arrived, in order. @returns whether more are wanted now. */
  data(bytes: Buffer): boolean;
  /** The peer sends nothing more. */
  ended(): void;
  /** The connection broke. */
  failed(code: StreamErrorCode): void;
  /** The incarnation that owns this end is over: nothing is told any more. */
  discarded(): void;
}

/** One end of a simulated connection. */
export interface StreamEnd {
  events: StreamEvents;
  readonly local: SocketAddress;
  readonly remote: SocketAddress;
  /** What the client said of TLS; undefined where it speaks in clear. */
  readonly tls: TlsHello | undefined;
  /** Bytes that were accepted and are not on their way yet. */
  readonly pendingBytes: number;
  /** Counts as work that keeps the process alive. */
  isRef: boolean;
  /**
   * Sends bytes. They are handed over: nobody may change them any more.
   *
   * @param done - Called when they are on their way, with an error code where the connection is broken;
   *   perhaps before `write` returns.
   */
  write(bytes: Buffer, done: (error?: StreamErrorCode) => void): void;
  /** Sends nothing more, after what is pending. */
  shutdown(): void;
  readStart(): void;
  readStop(): void;
  close(): void;
  reset(): void;
}

/** Accepts connections on a port or a path. */
export interface StreamListener {
  /** Undefined for a path. */
  readonly local: SocketAddress | undefined;
  isRef: boolean;
  close(): void;
}

/** The network as the sockets of one incarnation reach it. */
export interface HostStreams {
  /** Asked before a socket is made: whether the process can open no more. */
  isFull?(): boolean;
  connect(
    target: StreamTarget,
    options: { events: StreamEvents; tls?: TlsHello; local?: Partial<SocketAddress> },
  ): StreamEnd;
  /** @param options.accept - Called for each connection; sets the `events` of its end. */
  listen(
    target: StreamTarget,
    options: { accept: (end: StreamEnd) => void },
  ): StreamListener | StreamErrorCode;
}
