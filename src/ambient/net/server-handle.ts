// The handle below a server of Node.js that listens on the simulated network.

import type { HostContext } from '../context.ts';
import { callIn, captureContext } from '../user-contexts.ts';
import { LoopHandle } from './loop-handle.ts';
import type { SocketAddress, StreamListener, StreamTarget } from './stream.ts';
import { TcpHandle, errnoOf } from './tcp-handle.ts';

/** A handle of one server. */
export class ServerHandle extends LoopHandle {
  readonly host: HostContext;
  /** Set by the server. */
  onconnection: ((error: number, handle: TcpHandle) => void) | undefined;
  /** Told of each connection, once its socket is there. */
  accepted: ((handle: TcpHandle) => void) | undefined;
  readonly #target: StreamTarget;
  #listener: StreamListener | undefined;

  constructor(host: HostContext, target: StreamTarget) {
    super();
    this.host = host;
    this.#target = target;
  }

  /** @returns 0, or an error number. */
  listen(): number {
    const context = captureContext('wavetank.Server');
    const listener = this.host.streams.listen(this.#target, {
      accept: (end) => {
        // Connections come in the context in which it began to listen; what happens on them has none.
        const handle = new TcpHandle(this.host, end, 'path' in this.#target);
        callIn(context, () => this.#accept(handle), undefined, []);
      },
    });
    if (typeof listener === 'string') return errnoOf(listener);
    this.#listener = listener;
    this.holds(listener);
    return 0;
  }

  /** Node.js asks whether there is one: a Unix socket has none. */
  get getsockname(): ((out: Partial<SocketAddress>) => number) | undefined {
    return 'path' in this.#target ? undefined : (out) => this.#address(out);
  }

  #address(out: Partial<SocketAddress>): number {
    if (this.#listener?.local === undefined) return errnoOf('EINVAL');
    Object.assign(out, this.#listener.local);
    return 0;
  }

  fchmod(): number {
    return 0;
  }

  setNoDelay(): number {
    return 0;
  }

  setKeepAlive(): number {
    return 0;
  }

  close(closed?: () => void): void {
    this.#listener?.close();
    this.#listener = undefined;
    this.holds(undefined);
    if (closed !== undefined) this.host.timers.setImmediate(closed);
  }

  #accept(handle: TcpHandle): void {
    this.onconnection?.(0, handle);
    this.accepted?.(handle);
  }
}
