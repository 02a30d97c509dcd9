// What `setImmediate` returns on a host.

import type { AsyncResource } from 'node:async_hooks';
import { EventKind, QueuedEvent, type EventOwner } from '../engine/event.ts';
import type { HostTimers, TimerCallback } from './timers.ts';
import { callIn, captureContext } from './user-contexts.ts';

class ImmediateEvent extends QueuedEvent {
  readonly immediate: Immediate;
  constructor(owner: EventOwner, immediate: Immediate) {
    super(EventKind.immediate, owner);
    this.immediate = immediate;
  }
  get fingerprint(): number {
    return 0;
  }
  describe(): string {
    return 'immediate';
  }
  run(): void {
    this.immediate.fire();
  }
}

/** What `setImmediate` returns on a host. */
export class Immediate {
  readonly #timers: HostTimers;
  readonly #context: AsyncResource | undefined;
  readonly #callback: TimerCallback;
  readonly #args: unknown[];
  readonly #event: ImmediateEvent;

  constructor(timers: HostTimers, callback: TimerCallback, args: unknown[]) {
    this.#timers = timers;
    this.#context = captureContext('Immediate');
    this.#callback = callback;
    this.#args = args;
    this.#event = new ImmediateEvent(timers.owner, this);
    timers.armImmediate(this.#event);
  }

  /** @internal Tells a timer of a host from a real one. */
  get isVirtualTimer(): true {
    return true;
  }

  ref(): this {
    this.#timers.engine.queue.setRef(this.#event, true);
    return this;
  }

  unref(): this {
    this.#timers.engine.queue.setRef(this.#event, false);
    return this;
  }

  hasRef(): boolean {
    return this.#event.isRef;
  }

  [Symbol.dispose](): void {
    this.clear();
  }

  /** @internal */
  clear(): void {
    this.#timers.engine.queue.remove(this.#event);
  }

  /** @internal */
  fire(): void {
    callIn(this.#context, this.#callback, this, this.#args);
  }
}
