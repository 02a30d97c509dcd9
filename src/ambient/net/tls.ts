// `node:tls` on a host: Node.js' own sockets and servers, over handles that leave the cryptography out. Keys
// and certificates are accepted and not read.

import tls from 'node:tls';
import type { SecureContext } from 'node:tls';
import { dispatch, type Patch, patchMethod } from '../patch.ts';
import type { HostContext } from '../context.ts';
import { TcpHandle } from './tcp-handle.ts';
import { clearContext } from './tls-certificate.ts';
import { type LowerHandle, TlsHandle, type WrappedSocket } from './tls-handle.ts';
import { StreamLower } from './tls-stream.ts';

/** A socket while Node.js makes it. */
interface NewSocket extends tls.TLSSocket {
  readonly _tlsOptions: { readonly isServer?: boolean; readonly secureContext?: SecureContext };
}

/** Patches `node:tls`. */
export function tlsPatches(): Patch[] {
  return [
    patchMethod('tls.createSecureContext', tls, 'createSecureContext', (original) =>
      dispatch(original, (_host, [options]) => clearContext(options)),
    ),
    patchMethod('tls.TLSSocket.prototype._wrapHandle', tls.TLSSocket.prototype, '_wrapHandle', (original) =>
      dispatch(original, (host, [wrapped, _handle, isHeld], self) =>
        wrapHandle(host, self as NewSocket, wrapped as WrappedSocket | null, isHeld === true),
      ),
    ),
  ];
}

function wrapHandle(
  host: HostContext,
  socket: NewSocket,
  wrapped: WrappedSocket | null,
  isHeld: boolean,
): TlsHandle {
  const { isServer = false, secureContext: context } = socket._tlsOptions;
  const lower = lowerOf(host, socket, wrapped);
  wrapped?.on('close', () => socket.destroy());
  // What Node.js makes of a stream is closed in a turn of the real event loop.
  if (lower instanceof StreamLower) {
    (wrapped as WrappedSocket & { stream: WrappedSocket }).stream.on('close', () => socket.destroy());
  }
  return new TlsHandle(host, lower, { wrapped: wrapped ?? undefined, context, isServer, isHeld });
}

function lowerOf(host: HostContext, socket: NewSocket, wrapped: WrappedSocket | null): LowerHandle {
  if (wrapped === null) {
    const handle = new TcpHandle(host);
    handle.socket = socket;
    return handle;
  }
  const { _handle: handle } = wrapped;
  return handle instanceof TcpHandle || handle instanceof TlsHandle ? handle : new StreamLower(host, wrapped);
}
