// Lets the events of one machine run late, as on a machine that is short of processor time: each in its turn,
// so that what Node.js guarantees of their order holds.

import type { Engine } from '../engine/engine.ts';
import { EventKind, type QueuedEvent } from '../engine/event.ts';

/** After immediates, and before everything else that is due at the same time. */
const RANK = -0.5;

/** A reason to be late. */
export interface Lateness {
  /**
   * Says when an event that comes due at a time runs. Asked for one event after the other; of two, the later
   * one may not run before the earlier one.
   */
  runsAtUs(dueUs: number): number;
  /** What was to run before is withdrawn: nothing waits any more. */
  forget(): void;
}

/** What of one machine runs late. */
export class LateLoop {
  readonly #engine: Engine;
  readonly #reasons = new Set<Lateness>();
  /** Events that run late, in their order, and when they do. */
  readonly #late = new Map<QueuedEvent, number>();

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  get isOver(): boolean {
    return this.#reasons.size === 0;
  }

  begin(reason: Lateness): void {
    this.#reasons.add(reason);
    this.#again();
  }

  end(reason: Lateness): void {
    this.#reasons.delete(reason);
    this.#again();
  }

  /** Queues an event for later, unless it is its turn. */
  putsOff(event: QueuedEvent): boolean {
    // They belong to the turn of the event loop that asked for them.
    if (event.kind === EventKind.immediate || event.kind === EventKind.port) return false;
    const turnUs = this.#late.get(event);
    this.#late.delete(event);
    if (turnUs === event.dueUs) return false;
    let runsAtUs = event.dueUs;
    for (const reason of this.#reasons) runsAtUs = reason.runsAtUs(runsAtUs);
    if (runsAtUs <= event.dueUs) return false;
    this.#engine.scheduleExactly(event, runsAtUs, RANK);
    this.#late.set(event, runsAtUs);
    return true;
  }

  /** Takes back everything that was to run late, in its order. */
  withdraw(): QueuedEvent[] {
    const { queue } = this.#engine;
    // A timer that was cleared, or set anew, waits for its turn no longer.
    const waiting = [...this.#late].filter(([event, atUs]) => event.position !== -1 && event.dueUs === atUs);
    const events = waiting.map(([event]) => event);
    for (const event of events) queue.remove(event);
    this.#late.clear();
    for (const reason of this.#reasons) reason.forget();
    return events;
  }

  /** The process is over: the next one begins with nothing to catch up on. */
  restart(): void {
    this.#again();
  }

  /** Lets what waits come due now, to be judged anew. */
  #again(): void {
    for (const event of this.withdraw()) this.#engine.scheduleExactly(event, this.#engine.nowUs, RANK);
  }
}
