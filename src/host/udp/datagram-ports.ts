// The datagram sockets of one machine: who is bound to which port, and who gets what arrives.

import type { DatagramErrorCode, DatagramEvents, DatagramTarget } from '../../ambient/net/datagram-socket.ts';
import type { SocketAddress } from '../../ambient/net/stream.ts';
import type { HostMachine } from '../machine.ts';
import type { BoundSocket } from './bound-socket.ts';
import { type UdpContent, UdpRefusal } from './udp-message.ts';

const EPHEMERAL_FIRST = 32_768;
const EPHEMERAL_LAST = 60_999;
const WILDCARDS: ReadonlySet<string> = new Set(['::', '0.0.0.0']);
const BROADCASTS: ReadonlySet<string> = new Set(['255.255.255.255', '10.0.255.255']);
const MULTICAST = /^(?:22[4-9]|23\d)\.|^ff/i;

/** Whether an address means all machines. */
export function isBroadcast(address: string): boolean {
  return BROADCASTS.has(address);
}

/** Whether an address means a group of machines. */
export function isMulticast(address: string): boolean {
  return MULTICAST.test(address);
}

/** How a socket is bound. */
export interface Binding {
  readonly events: DatagramEvents;
  readonly isShared: boolean;
  readonly isOnlyIPv6: boolean;
}

/** Who is bound on one machine. */
export class DatagramPorts {
  readonly #machine: HostMachine;
  readonly #sockets = new Map<number, BoundSocket[]>();
  #nextEphemeral = EPHEMERAL_FIRST;

  constructor(machine: HostMachine) {
    this.#machine = machine;
  }

  /** How many sockets keep their process alive. */
  get refCount(): number {
    let count = 0;
    for (const socket of this.#all()) if (socket.isRef) count++;
    return count;
  }

  /** Takes a place. @returns its port, or what is wrong. */
  claim({ address, port }: DatagramTarget, isShared: boolean): number | DatagramErrorCode {
    const machine = this.#machine;
    const isOwn = WILDCARDS.has(address) || machine.nameOf(address) === machine.name;
    if (!isOwn && !isMulticast(address) && !isBroadcast(address)) return 'EADDRNOTAVAIL';
    if (port === 0) return this.#ephemeral();
    const isTaken = (this.#sockets.get(port) ?? []).some((other) => {
      const isSame = other.local.address === address;
      const overlaps = isSame || WILDCARDS.has(address) || WILDCARDS.has(other.local.address);
      return overlaps && !(isShared && other.isShared);
    });
    return isTaken ? 'EADDRINUSE' : port;
  }

  add(socket: BoundSocket): void {
    const { port } = socket.local;
    this.#sockets.set(port, [...(this.#sockets.get(port) ?? []), socket]);
  }

  remove(socket: BoundSocket): void {
    const { port } = socket.local;
    const rest = (this.#sockets.get(port) ?? []).filter((other) => other !== socket);
    if (rest.length === 0) this.#sockets.delete(port);
    else this.#sockets.set(port, rest);
  }

  /** Nobody is bound any more: the process is over. */
  clear(): void {
    this.#sockets.clear();
  }

  /** Whether a socket is a member of a group. */
  hasMember(group: string): boolean {
    return [...this.#all()].some(({ groups }) => groups.has(group));
  }

  /** A datagram reached the machine. */
  arrived(content: UdpContent): void {
    const { from, to, bytes } = content;
    const hearing = (this.#sockets.get(to.port) ?? []).filter((socket) => socket.hears(from, to.address));
    if (isBroadcast(to.address) || isMulticast(to.address)) {
      for (const socket of hearing) socket.receive(Buffer.from(bytes), from);
      return;
    }
    // Of several that share a port, the last one gets it.
    const socket = hearing.at(-1);
    if (socket !== undefined) socket.receive(Buffer.from(bytes), from);
    else this.#refuse(content);
  }

  /** The word came back that nobody listens there. */
  refused({ from, to }: UdpContent): void {
    for (const socket of this.#sockets.get(from.port) ?? []) {
      if (socket.peer?.port === to.port && socket.peer.address === to.address) socket.events.refused();
    }
  }

  #refuse(content: UdpContent): void {
    const { park } = this.#machine;
    const { address, port } = content.from;
    const isLocal = this.#machine.nameOf(address) === this.#machine.name;
    const source = isLocal ? this.#machine : park.findByAddress(address);
    if (source === undefined) return;
    const topic = this.#machine.linkTo(source).topic('signal', `udp refusal :${content.to.port}`);
    if (source.datagramPorts.isConnected(port)) park.transport.send(new UdpRefusal(source, topic, content));
  }

  /** Whether a socket on that port has a peer: only those are told of a refusal. */
  isConnected(port: number): boolean {
    return (this.#sockets.get(port) ?? []).some(({ peer }) => peer !== undefined);
  }

  #ephemeral(): number {
    for (;;) {
      const port = this.#nextEphemeral++;
      if (this.#nextEphemeral > EPHEMERAL_LAST) this.#nextEphemeral = EPHEMERAL_FIRST;
      if (!this.#sockets.has(port)) return port;
    }
  }

  *#all(): Iterable<BoundSocket> {
    for (const sockets of this.#sockets.values()) yield* sockets;
  }
}

/** Whether an address is one of the machine as such, and not one that a socket asked for. */
export function isWildcard({ address }: SocketAddress): boolean {
  return WILDCARDS.has(address);
}
