// A datagram socket that is bound: sends datagrams, and hears those that are for it.

import type {
  DatagramEnd,
  DatagramErrorCode,
  DatagramEvents,
  DatagramTarget,
  HostDatagrams,
} from '../../ambient/net/datagram-socket.ts';
import type { SocketAddress } from '../../ambient/net/stream.ts';
import type { Incarnation } from '../incarnation.ts';
import type { HostMachine } from '../machine.ts';
import { type Binding, isBroadcast, isMulticast, isWildcard } from './datagram-ports.ts';
import { UdpDatagram } from './udp-message.ts';

/** What fits into a datagram over IPv4. */
const BYTES_MAX = 65_507;
const MAPPED = '::ffff:';

/** One bound socket. */
export class BoundSocket implements DatagramEnd {
  readonly local: SocketAddress;
  readonly events: DatagramEvents;
  readonly isShared: boolean;
  readonly groups: Set<string> = new Set();
  peer: DatagramTarget | undefined;
  isRef = true;
  mayBroadcast = false;
  hearsItself = true;
  readonly #isOnlyIPv6: boolean;
  readonly #incarnation: Incarnation;

  constructor(incarnation: Incarnation, local: SocketAddress, { events, isShared, isOnlyIPv6 }: Binding) {
    this.#incarnation = incarnation;
    this.local = local;
    this.events = events;
    this.isShared = isShared;
    this.#isOnlyIPv6 = isOnlyIPv6;
  }

  send(bytes: Uint8Array, { address: given, port }: DatagramTarget): DatagramErrorCode | undefined {
    if (bytes.length > BYTES_MAX) return 'EMSGSIZE';
    const address = given.startsWith(MAPPED) ? given.slice(MAPPED.length) : given;
    if (isBroadcast(address) && !this.mayBroadcast) return 'EACCES';
    const { machine } = this.#incarnation;
    const target = { address, port };
    const copy = Buffer.from(bytes);
    for (const receiver of this.#receivers(address)) {
      const topic = machine.linkTo(receiver).topic('datagram', `udp :${port}`);
      const content = { bytes: copy, from: this.#sourceFor(address), to: target };
      machine.park.transport.send(new UdpDatagram(receiver, topic, content));
    }
    return undefined;
  }

  close(): void {
    this.#incarnation.machine.datagramPorts.remove(this);
  }

  /** Whether a datagram is for this socket. */
  hears(from: SocketAddress, address: string): boolean {
    if (this.peer !== undefined && !this.#isPeer(from)) return false;
    if (isMulticast(address)) return this.groups.has(address);
    const isSixOnly = this.#isOnlyIPv6 && !address.includes(':');
    if (isBroadcast(address)) return isWildcard(this.local) || this.local.address === address;
    return !isSixOnly && (isWildcard(this.local) || this.local.address === address);
  }

  receive(bytes: Buffer, from: SocketAddress): void {
    const isMapped = this.local.family === 'IPv6' && from.family === 'IPv4';
    const shown: SocketAddress = isMapped
      ? { ...from, family: 'IPv6', address: `${MAPPED}${from.address}` }
      : from;
    this.events.received(bytes, shown);
  }

  #isPeer({ address, port }: SocketAddress): boolean {
    const { machine } = this.#incarnation;
    const { peer } = this;
    if (peer === undefined || peer.port !== port) return false;
    const known = peer.address.replace(MAPPED, '');
    return known === address || machine.nameOf(known) === machine.nameOf(address);
  }

  #sourceFor(address: string): SocketAddress {
    const { machine } = this.#incarnation;
    const isLoopback = address === '127.0.0.1' || address === '::1';
    const own = isLoopback ? address : machine.address;
    const shown = isWildcard(this.local) ? own : this.local.address;
    return { address: shown, family: shown.includes(':') ? 'IPv6' : 'IPv4', port: this.local.port };
  }

  #receivers(address: string): HostMachine[] {
    const { machine } = this.#incarnation;
    const { park } = machine;
    if (isBroadcast(address)) return park.machines();
    if (isMulticast(address)) {
      return park
        .machines()
        .filter((each) => each.datagramPorts.hasMember(address) && (each !== machine || this.hearsItself));
    }
    const name = machine.nameOf(address);
    const receiver = name === machine.name ? machine : name === undefined ? undefined : park.find(name);
    // Nobody has the address: it is lost without a word.
    return receiver === undefined ? [] : [receiver];
  }
}

/** The datagram sockets of one incarnation. */
export class IncarnationDatagrams implements HostDatagrams {
  readonly #incarnation: Incarnation;

  constructor(incarnation: Incarnation) {
    this.#incarnation = incarnation;
    incarnation.keepAlive(this);
  }

  get refCount(): number {
    return this.#incarnation.machine.datagramPorts.refCount;
  }

  bind(target: DatagramTarget, binding: Binding): DatagramEnd | DatagramErrorCode {
    const { datagramPorts: ports } = this.#incarnation.machine;
    if (this.#incarnation.isOutOfDescriptors()) return 'EMFILE';
    const port = ports.claim(target, binding.isShared);
    if (typeof port === 'string') return port;
    const family = target.address.includes(':') ? 'IPv6' : 'IPv4';
    const socket = new BoundSocket(this.#incarnation, { address: target.address, family, port }, binding);
    ports.add(socket);
    return socket;
  }
}
