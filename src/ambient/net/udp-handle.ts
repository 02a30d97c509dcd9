// The handle below a `dgram.Socket` of Node.js: what libuv's UDP handle is to it, on the simulated network.

import type { Socket } from 'node:dgram';
import os from 'node:os';
import { AsyncResource } from 'node:async_hooks';
import type { HostContext } from '../context.ts';
import { callIn, captureContext } from '../user-contexts.ts';
import type { DatagramEnd, DatagramErrorCode, DatagramEvents, DatagramTarget } from './datagram-socket.ts';
import { LoopHandle } from './loop-handle.ts';
import type { SocketAddress } from './stream.ts';

type Lookup = (address: string, callback: (error: Error | null, address: string) => void) => void;
type OnMessage = (length: number, handle: UdpHandle, bytes: Buffer | undefined, from: object) => void;

const IPV6_ONLY = 1;
const REUSE = 4 | 8;
const BUFFER_BYTES = 212_992;
const MULTICAST = /^(?:22[4-9]|23\d)\.|^ff/i;
const NOBODY: SocketAddress = { address: '', family: 'IPv4', port: 0 };
const numbers = os.constants.errno as Record<string, number>;

function errnoOf(code: DatagramErrorCode): number {
  return -(numbers[code] as number);
}

/** A handle of one socket. */
export class UdpHandle extends LoopHandle implements DatagramEvents {
  readonly host: HostContext;
  /** Set by the socket. */
  lookup: Lookup;
  onmessage: OnMessage | undefined;
  #end: DatagramEnd | undefined;
  #isReading = false;
  #mayBroadcast = false;
  #hearsItself = true;
  #asyncId: number | undefined;
  readonly #early = new Set<string>();
  readonly #bufferBytes = [BUFFER_BYTES, BUFFER_BYTES];
  readonly #context: AsyncResource | undefined = captureContext('wavetank.Datagrams');

  constructor(host: HostContext, lookup: Lookup) {
    super();
    this.host = host;
    this.lookup = lookup;
  }

  bind(address: string, port: number, flags: number): number {
    const options = { isShared: (flags & REUSE) !== 0, isOnlyIPv6: (flags & IPV6_ONLY) !== 0, events: this };
    const end = this.host.datagrams.bind({ address, port }, options);
    if (typeof end === 'string') return errnoOf(end);
    this.#end = end;
    this.holds(end);
    end.mayBroadcast = this.#mayBroadcast;
    end.hearsItself = this.#hearsItself;
    for (const group of this.#early) end.groups.add(group);
    return 0;
  }

  connect(address: string, port: number): number {
    if (this.#end === undefined) return errnoOf('EINVAL');
    this.#end.peer = { address, port };
    return 0;
  }

  disconnect(): number {
    if (this.#end !== undefined) this.#end.peer = undefined;
    return 0;
  }

  /** @returns one more than the bytes that were sent, or an error number. */
  send(_request: unknown, list: readonly ArrayBufferView[], _count: number, ...rest: unknown[]): number {
    const [port, address] = rest;
    const target: DatagramTarget | undefined =
      typeof port === 'number' ? { address: String(address), port } : this.#end?.peer;
    if (this.#end === undefined || target === undefined) return errnoOf('EINVAL');
    const bytes = Buffer.concat(
      list.map((part) => new Uint8Array(part.buffer, part.byteOffset, part.byteLength)),
    );
    const error = this.#end.send(bytes, target);
    return error === undefined ? bytes.length + 1 : errnoOf(error);
  }

  recvStart(): number {
    this.#isReading = true;
    return 0;
  }

  recvStop(): number {
    this.#isReading = false;
    return 0;
  }

  close(): void {
    this.#end?.close();
    this.#end = undefined;
    this.holds(undefined);
  }

  getsockname(out: Partial<SocketAddress>): number {
    Object.assign(out, this.#end?.local ?? NOBODY);
    return this.#end === undefined ? -(numbers['EBADF'] as number) : 0;
  }

  getpeername(out: Partial<SocketAddress>): number {
    const peer = this.#end?.peer;
    if (peer === undefined) return errnoOf('EINVAL');
    Object.assign(out, { ...peer, family: peer.address.includes(':') ? 'IPv6' : 'IPv4' });
    return 0;
  }

  setBroadcast(flag: number): number {
    this.#mayBroadcast = flag !== 0;
    if (this.#end !== undefined) this.#end.mayBroadcast = this.#mayBroadcast;
    return 0;
  }

  setMulticastLoopback(flag: number): number {
    this.#hearsItself = flag !== 0;
    if (this.#end !== undefined) this.#end.hearsItself = this.#hearsItself;
    return 0;
  }

  addMembership(group: string): number {
    if (!MULTICAST.test(group)) return errnoOf('EINVAL');
    const { groups } = this;
    if (groups.has(group)) return errnoOf('EADDRINUSE');
    groups.add(group);
    return 0;
  }

  dropMembership(group: string): number {
    if (!MULTICAST.test(group)) return errnoOf('EINVAL');
    return this.groups.delete(group) ? 0 : errnoOf('EADDRNOTAVAIL');
  }

  addSourceSpecificMembership(_source: string, group: string): number {
    return this.addMembership(group);
  }

  dropSourceSpecificMembership(_source: string, group: string): number {
    return this.dropMembership(group);
  }

  get groups(): Set<string> {
    return this.#end?.groups ?? this.#early;
  }

  setTTL(ttl: number): number {
    return ttl >= 1 && ttl <= 255 ? 0 : errnoOf('EINVAL');
  }

  setMulticastTTL(ttl: number): number {
    return ttl >= 0 && ttl <= 255 ? 0 : errnoOf('EINVAL');
  }

  setMulticastInterface(): number {
    return 0;
  }

  /** Linux gives twice what it is asked for. */
  bufferSize(bytes: number, isReceiving: boolean, problem: object): number | undefined {
    const index = isReceiving ? 0 : 1;
    if (this.#end === undefined) {
      const syscall = bytes === 0 ? 'uv_recv_buffer_size' : 'uv_send_buffer_size';
      Object.assign(problem, {
        errno: -(numbers['EBADF'] as number),
        code: 'EBADF',
        message: 'bad file descriptor',
        syscall,
      });
      return undefined;
    }
    if (bytes > 0) this.#bufferBytes[index] = Math.min(2 * bytes, 2 * BUFFER_BYTES);
    return this.#bufferBytes[index];
  }

  getSendQueueSize(): number {
    return 0;
  }

  getSendQueueCount(): number {
    return 0;
  }

  getAsyncId(): number {
    this.#asyncId ??= (
      this.#context ?? new AsyncResource('wavetank.Datagrams', { requireManualDestroy: true })
    ).asyncId();
    return this.#asyncId;
  }

  received(bytes: Buffer, from: SocketAddress): void {
    this.#tell(bytes.length, bytes, { ...from });
  }

  refused(): void {
    this.#tell(errnoOf('ECONNREFUSED'), undefined, {});
  }

  #tell(length: number, bytes: Buffer | undefined, from: object): void {
    if (!this.#isReading) return;
    callIn(this.#context, () => this.onmessage?.(length, this, bytes, from), undefined, []);
  }
}

/** Gives a socket that was just made a handle of the simulated network, in place of its own. */
export function simulateSocket(host: HostContext, socket: Socket): void {
  const symbol = Object.getOwnPropertySymbols(socket).find(
    ({ description }) => description === 'state symbol',
  );
  const state = (socket as unknown as Record<symbol, { handle: Native | null }>)[symbol as symbol];
  const native = state?.handle ?? null;
  if (state === undefined || native === null) return;
  const owner = Object.getOwnPropertySymbols(native).find(
    ({ description }) => description === 'owner_symbol',
  );
  const handle = new UdpHandle(host, native.lookup);
  if (owner !== undefined) (handle as unknown as Record<symbol, Socket>)[owner] = socket;
  state.handle = handle as unknown as Native;
  native.close();
}

interface Native {
  readonly lookup: Lookup;
  close(): void;
}
