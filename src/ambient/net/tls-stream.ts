// What lies below TLS where it goes through a stream that is no connected socket: a socket that connects yet,
// a tunnel, anything that was made of JavaScript.

import type { Duplex } from 'node:stream';
import type { HostContext } from '../context.ts';
import type { StreamSink } from './tcp-handle.ts';
import type { LowerHandle, WriteDone, WrappedSocket } from './tls-handle.ts';

/** What Node.js makes of such a stream: a socket over a native handle that calls back. */
interface StreamSocket extends WrappedSocket {
  readonly stream: Duplex;
  readonly _handle: { readBuffer(bytes: Buffer): void; emitEOF(): void };
}

/** The stream as a handle. */
export class StreamLower implements LowerHandle {
  sink: StreamSink | undefined;
  readonly #stream: Duplex;
  readonly #host: HostContext;

  constructor(host: HostContext, wrapped: WrappedSocket) {
    const { stream, _handle: handle } = wrapped as StreamSocket;
    this.#host = host;
    this.#stream = stream;
    // The native handle would take turns of the real event loop.
    handle.readBuffer = (bytes) => {
      if (this.sink?.data(bytes) === false) stream.pause();
    };
    handle.emitEOF = () => this.sink?.ended();
  }

  write(bytes: Uint8Array, done: WriteDone): void {
    this.#stream.write(bytes, (error) => done(error ?? undefined));
  }

  shutdown(): number {
    this.#stream.end();
    return 1;
  }

  readStart(): number {
    this.#stream.resume();
    return 0;
  }

  readStop(): number {
    this.#stream.pause();
    return 0;
  }

  close(closed?: () => void): void {
    this.#stream.destroy();
    if (closed !== undefined) this.#host.timers.setImmediate(closed);
  }
}
