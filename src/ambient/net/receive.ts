// Gives a socket the bytes that arrived, as the native half of Node.js does: to the reader, or into the
// buffer that the option `onread` named.

import type { Socket } from 'node:net';
import { symbolOf } from './internals.ts';

type BufferCallback = (bytes: number, buffer: Uint8Array) => unknown;
type WithBuffers = Record<symbol, unknown>;

/**
 * Whether an agent of `node:http` keeps the socket for later: since Node.js 22, whatever arrives then ends
 * it. The agent puts a function of its own in place of the one that reads.
 */
export function isKeptFree(handle: { readonly onread?: unknown }): boolean {
  return (handle.onread as { name?: unknown } | undefined)?.name === 'freeSocketOnReadGuard';
}

/** @returns whether the socket wants more. */
export function receiveInto(socket: Socket, bytes: Buffer): boolean {
  (socket as unknown as { _unrefTimer(): void })._unrefTimer();
  if (socket.destroyed) return false;
  const loose = socket as unknown as WithBuffers;
  const kBuffer = symbolOf(socket, 'kBuffer');
  return kBuffer === undefined || loose[kBuffer] == null
    ? socket.push(bytes)
    : receiveIntoBuffer(socket, kBuffer, bytes);
}

/** How much one read may give it: its buffer takes no more. */
export function readBytesMaxOf(socket: Socket): number {
  const kBuffer = symbolOf(socket, 'kBuffer');
  const buffer = kBuffer === undefined ? undefined : (socket as unknown as WithBuffers)[kBuffer];
  if (buffer === undefined || buffer === null || kBuffer === undefined) return Number.POSITIVE_INFINITY;
  return bufferOf(socket, kBuffer).length;
}

function receiveIntoBuffer(socket: Socket, kBuffer: symbol, bytes: Buffer): boolean {
  const loose = socket as unknown as WithBuffers;
  const callback = loose[symbolOf(socket, 'kBufferCb') as symbol] as BufferCallback;
  const generate = loose[symbolOf(socket, 'kBufferGen') as symbol] as (() => unknown) | null;
  const buffer = bufferOf(socket, kBuffer);
  buffer.set(bytes);
  const isWanted = callback(bytes.length, buffer) !== false;
  if (generate !== null) {
    const next = generate();
    if (next instanceof Uint8Array) loose[kBuffer] = next;
  }
  return isWanted;
}

/** The buffer for the next read. Until the first one there is `true` where a function makes them. */
function bufferOf(socket: Socket, kBuffer: symbol): Uint8Array {
  const loose = socket as unknown as WithBuffers;
  if (loose[kBuffer] === true) {
    const generate = loose[symbolOf(socket, 'kBufferGen') as symbol] as () => Uint8Array;
    loose[kBuffer] = generate();
  }
  return loose[kBuffer] as Uint8Array;
}
