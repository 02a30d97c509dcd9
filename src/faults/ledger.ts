// The ledger: every deviation from the calm run that really happened, in the order in which it did.

import type { Topic } from '../network/link.ts';
import type { Fault, MessageRef } from './fault.ts';

class DelayRecord {
  readonly topic: Topic;
  readonly nth: number;
  readonly extraUs: number;
  constructor(topic: Topic, nth: number, extraUs: number) {
    this.topic = topic;
    this.nth = nth;
    this.extraUs = extraUs;
  }
}

/** Names a message for a plan. */
export function refOf(topic: Topic, nth: number): MessageRef {
  return { from: topic.link.source, to: topic.link.target, message: topic.kind, label: topic.label, nth };
}

/** Collects deviations cheaply; they become plain data only when somebody reads them. */
export class Ledger {
  /** Told of each deviation, and whether it is only what a link takes; only while a run is recorded. */
  onRecord: ((fault: Fault, isOfLink: boolean) => void) | undefined;
  /** The message that a fault delays, until it is on its way. */
  #delaying: { readonly topic: Topic; readonly nth: number } | undefined;
  readonly #records: (Fault | DelayRecord)[] = [];
  /** Told when a fault strikes: latency and loss that belong to a link are none. */
  onStruck: (() => void) | undefined;
  #faults: readonly Fault[] | undefined;

  delayed(topic: Topic, nth: number, extraUs: number): void {
    const record = new DelayRecord(topic, nth, extraUs);
    this.#records.push(record);
    if (this.onRecord === undefined) return;
    const { topic: struck, nth: which } = this.#delaying ?? {};
    this.onRecord(faultOf(record), struck !== topic || which !== nth);
  }

  /** A fault delays a message, unless something stops it. */
  delays(topic: Topic, nth: number): void {
    this.onStruck?.();
    if (this.onRecord !== undefined) this.#delaying = { topic, nth };
  }

  /** The link lost a datagram: the same, for a plan, as a fault that drops it. */
  lost(topic: Topic, nth: number): void {
    this.add({ kind: 'drop', ...refOf(topic, nth) });
  }

  add(fault: Fault): void {
    this.onStruck?.();
    this.#records.push(fault);
    this.onRecord?.(fault, false);
  }

  /** The deviations as faults of a plan; to be asked for when the run is over. */
  toFaults(): readonly Fault[] {
    this.#faults ??= this.#records.map((record) =>
      record instanceof DelayRecord ? faultOf(record) : record,
    );
    return this.#faults;
  }
}

function faultOf({ topic, nth, extraUs }: DelayRecord): Fault {
  return { kind: 'delay', ...refOf(topic, nth), byMs: extraUs / 1000 };
}
