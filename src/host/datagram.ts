// Datagrams: messages without a connection, which may be lost, doubled and overtaken.

import { OptionError, nearMiss } from '../errors.ts';
import type { MessageContent } from '../history/trace.ts';
import type { Topic } from '../network/link.ts';
import type { Incarnation } from './incarnation.ts';
import type { HostMachine } from './machine.ts';
import { jsonContent } from './message-content.ts';
import { copyPayload, weightOf, type Payload } from './payload.ts';
import { Message } from './transport.ts';

class Datagram extends Message {
  readonly #payload: Payload;

  constructor(target: HostMachine, topic: Topic, payload: Payload, nth?: number) {
    super(target, topic, true, nth);
    this.#payload = payload;
  }

  override get byteLength(): number {
    return weightOf(this.#payload.value);
  }

  override content(): MessageContent | undefined {
    return jsonContent(this.#payload.value);
  }

  protected get contentHash(): number {
    return this.#payload.hash;
  }

  copy(): Message {
    return new Datagram(this.owner as HostMachine, this.topic, copyPayload(this.#payload.value), this.nth);
  }

  run(): void {
    const machine = this.owner as HostMachine;
    machine.park.observer.arrived?.(this);
    const { receive, incarnation } = machine;
    if (receive === undefined || incarnation === undefined) return;
    // A receiver is an event listener: what it throws or rejects with crashes the host, as in Node.js.
    void receive(this.#payload.value, this.link.source);
  }
}

/** Sends a datagram from an incarnation; one that has ended sends nothing. */
export function sendDatagram(source: Incarnation, target: string, payload: unknown, label = 'message'): void {
  const { park } = source.machine;
  const machine = park.find(target);
  if (machine === undefined)
    throw new OptionError(
      `Host \`${source.name}\` sent to unknown host "${target}"${nearMiss(target, park.names())}`,
    );
  if (!source.isAlive) return;
  const topic = source.machine.linkTo(machine).topic('datagram', label);
  park.transport.send(new Datagram(machine, topic, copyPayload(payload)));
}
