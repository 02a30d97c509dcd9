// The messages of datagram sockets: the datagrams, and the word of a machine that nobody listens there.

import type { SocketAddress } from '../../ambient/net/stream.ts';
import type { DatagramTarget } from '../../ambient/net/datagram-socket.ts';
import type { MessageContent } from '../../history/trace.ts';
import type { Topic } from '../../network/link.ts';
import { combine32, hashBytes } from '../../random/hash.ts';
import type { HostMachine } from '../machine.ts';
import { bytesOf, contentOf } from '../message-content.ts';
import { Message } from '../transport.ts';

/** What a datagram carries. */
export interface UdpContent {
  readonly bytes: Buffer;
  readonly from: SocketAddress;
  readonly to: DatagramTarget;
}

/** One datagram on its way to one machine. */
export class UdpDatagram extends Message {
  readonly #content: UdpContent;

  constructor(target: HostMachine, topic: Topic, content: UdpContent, nth?: number) {
    super(target, topic, true, nth);
    this.#content = content;
  }

  override get byteLength(): number {
    return this.#content.bytes.length;
  }

  override content(): MessageContent | undefined {
    return contentOf(undefined, bytesOf([this.#content.bytes]));
  }

  protected get contentHash(): number {
    return combine32(hashBytes(this.#content.bytes), this.#content.to.port);
  }

  copy(): Message {
    return new UdpDatagram(this.owner as HostMachine, this.topic, this.#content, this.nth);
  }

  run(): void {
    const machine = this.owner as HostMachine;
    machine.park.observer.arrived?.(this);
    machine.datagramPorts.arrived(this.#content);
  }
}

/** Tells a connected socket that its datagram met nobody. */
export class UdpRefusal extends Message {
  readonly #content: UdpContent;

  constructor(target: HostMachine, topic: Topic, content: UdpContent, nth?: number) {
    super(target, topic, false, nth);
    this.#content = content;
  }

  protected get contentHash(): number {
    return this.#content.to.port;
  }

  copy(): Message {
    return this;
  }

  run(): void {
    const machine = this.owner as HostMachine;
    machine.park.observer.arrived?.(this);
    machine.datagramPorts.refused(this.#content);
  }
}
