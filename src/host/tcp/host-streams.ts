// The streams of one incarnation: finds the machine behind an address, opens connections and listens.

import type {
  HostStreams,
  SocketAddress,
  StreamEnd,
  StreamErrorCode,
  StreamEvents,
  StreamListener,
  StreamTarget,
  TlsHello,
} from '../../ambient/net/stream.ts';
import { ControlEvent } from '../control-event.ts';
import type { Incarnation } from '../incarnation.ts';
import type { HostMachine } from '../machine.ts';
import { Connection } from './connection.ts';
import { Endpoint } from './endpoint.ts';
import { isWildcard } from './ports.ts';

/** How long a machine looks for one that does not exist: Linux asks for its address three times. */
export const NO_ROUTE_US = 3_000_000;
const NO_ADDRESS: SocketAddress = { address: '', family: 'IPv4', port: 0 };

interface EndOptions {
  readonly events: StreamEvents;
  readonly tls: TlsHello | undefined;
  readonly local?: Partial<SocketAddress> | undefined;
}

/** The way of one incarnation to the network. */
export class IncarnationStreams implements HostStreams {
  readonly #incarnation: Incarnation;

  constructor(incarnation: Incarnation) {
    this.#incarnation = incarnation;
    incarnation.keepAlive(this);
  }

  /** How many servers and sockets keep the process alive. */
  get refCount(): number {
    return this.#incarnation.machine.ports.refCount + this.#incarnation.openEnds;
  }

  isFull(): boolean {
    return this.#incarnation.isOutOfDescriptors();
  }

  connect(
    target: StreamTarget,
    { events, tls, local }: { events: StreamEvents; tls?: TlsHello; local?: Partial<SocketAddress> },
  ): StreamEnd {
    const { machine } = this.#incarnation;
    if ('path' in target) {
      if (machine.ports.has(target.path)) return this.#open(machine, target, { events, tls });
      return this.#fail(target, { events, code: 'ENOENT', afterUs: 0 });
    }
    const name = machine.nameOf(target.address);
    const server = name === machine.name ? machine : name === undefined ? undefined : machine.park.find(name);
    return server === undefined
      ? this.#fail(target, { events, code: 'EHOSTUNREACH', afterUs: NO_ROUTE_US })
      : this.#open(server, target, { events, tls, local });
  }

  listen(
    target: StreamTarget,
    { accept }: { accept: (end: StreamEnd) => void },
  ): StreamListener | StreamErrorCode {
    const incarnation = this.#incarnation;
    const { machine } = incarnation;
    if (this.isFull()) return 'EMFILE';
    if ('path' in target) {
      return machine.ports.listen({ place: target.path, address: '', incarnation, accept });
    }
    const { address, port } = target;
    const isOwn = isWildcard(address) || machine.nameOf(address) === machine.name;
    return isOwn ? machine.ports.listen({ place: port, address, incarnation, accept }) : 'EADDRNOTAVAIL';
  }

  #open(server: HostMachine, target: StreamTarget, options: EndOptions): Endpoint {
    const end = this.#endpoint(server, target, options);
    end.connection.open();
    return end;
  }

  #endpoint(server: HostMachine, target: StreamTarget, { events, tls, local }: EndOptions): Endpoint {
    const incarnation = this.#incarnation;
    const isPath = 'path' in target;
    const address = isPath ? '' : target.address;
    const place = isPath ? target.path : target.port;
    return new Endpoint((self) => new Connection(self, { machine: server, place, address }, tls), {
      incarnation,
      events,
      phase: 'connecting',
      ...(isPath ? { local: NO_ADDRESS, remote: NO_ADDRESS } : this.#addresses(target, local)),
    });
  }

  #addresses(
    { address, port }: { address: string; port: number },
    bound: Partial<SocketAddress> = {},
  ): { local: SocketAddress; remote: SocketAddress } {
    const { machine } = this.#incarnation;
    const family = address.includes(':') ? 'IPv6' : 'IPv4';
    const isLoopback = address === '127.0.0.1' || address === '::1';
    const own = isLoopback ? address : machine.address;
    const chosen = bound.address !== undefined && !isWildcard(bound.address) ? bound.address : own;
    const from = bound.port === undefined || bound.port === 0 ? machine.ports.ephemeral() : bound.port;
    return {
      local: { address: chosen, family, port: from },
      remote: { address, family, port },
    };
  }

  #fail(
    target: StreamTarget,
    { events, code, afterUs }: { events: StreamEvents; code: StreamErrorCode; afterUs: number },
  ): StreamEnd {
    const { machine } = this.#incarnation;
    const end = this.#endpoint(machine, target, { events, tls: undefined });
    const { engine } = machine.park;
    const event = new ControlEvent(this.#incarnation, code, () => end.refused(code));
    engine.scheduleExactly(event, engine.nowUs + afterUs);
    return end;
  }
}
