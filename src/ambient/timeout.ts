// What `setTimeout` and `setInterval` return on a host.

import type { AsyncResource } from 'node:async_hooks';
import { EventKind, QueuedEvent, type EventOwner } from '../engine/event.ts';
import type { HostTimers, TimerCallback } from './timers.ts';
import { callIn, captureContext } from './user-contexts.ts';

/** A timer in the event queue. */
export class TimerEvent extends QueuedEvent {
  readonly timeout: Timeout;
  /** When it is due by the clock of its host. */
  monotonicDueUs = 0;
  constructor(owner: EventOwner, timeout: Timeout) {
    super(EventKind.timer, owner);
    this.timeout = timeout;
  }
  get fingerprint(): number {
    return this.timeout.delayMs;
  }
  describe(): string {
    return `timer of ${this.timeout.delayMs} ms`;
  }
  run(): void {
    this.timeout.fire();
  }
}

/** What `setTimeout` and `setInterval` return on a host; stands for Node.js' class of the same name. */
export class Timeout {
  readonly #timers: HostTimers;
  readonly #context: AsyncResource | undefined;
  readonly #callback: TimerCallback;
  readonly #args: unknown[];
  readonly #repeats: boolean;
  readonly #event: TimerEvent;
  readonly #delayMs: number;
  #id: number | undefined;
  #isCleared = false;

  constructor(
    timers: HostTimers,
    callback: TimerCallback,
    delayMs: number,
    args: unknown[],
    repeats: boolean,
  ) {
    this.#timers = timers;
    this.#context = captureContext('Timeout');
    this.#callback = callback;
    this.#delayMs = delayMs;
    this.#args = args;
    this.#repeats = repeats;
    this.#event = new TimerEvent(timers.owner, this);
    this.#arm();
  }

  /** @internal Tells a timer of a host from a real one. */
  get isVirtualTimer(): true {
    return true;
  }

  /** @internal */
  get delayMs(): number {
    return this.#delayMs;
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

  refresh(): this {
    // As in Node.js, a timer that fired starts anew, and one that was cleared stays so.
    if (!this.#isCleared) {
      this.#timers.engine.queue.remove(this.#event);
      this.#arm();
    }
    return this;
  }

  close(): this {
    this.#isCleared = true;
    this.#timers.engine.queue.remove(this.#event);
    if (this.#id !== undefined) this.#timers.forget(this.#id);
    return this;
  }

  [Symbol.toPrimitive](): number {
    this.#id ??= this.#timers.remember(this);
    return this.#id;
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** @internal */
  fire(): void {
    try {
      callIn(this.#context, this.#callback, this, this.#args);
    } finally {
      // Node.js starts the next interval after the callback, also when that throws; and a callback may have
      // refreshed its timer.
      if (this.#event.position === -1) {
        if (this.#repeats && !this.#isCleared) this.#arm();
        else if (this.#id !== undefined) this.#timers.forget(this.#id);
      }
    }
  }

  #arm(): void {
    this.#timers.arm(this.#event, this.#delayMs);
  }
}
