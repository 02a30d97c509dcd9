// The timers of one incarnation: `setTimeout`, `setInterval` and `setImmediate` with the semantics that
// Node.js gives them, as entries of the event queue.

import type { Engine } from '../engine/engine.ts';
import { EventKind, type EventOwner, type QueuedEvent } from '../engine/event.ts';
import { combine32, hashString } from '../random/hash.ts';
import { Immediate } from './immediate.ts';
import { Timeout } from './timeout.ts';

const DELAY_MS_MAX = 2 ** 31 - 1;
/** What one turn of the event loop costs when immediates keep it turning: they must not stop time. */
const LOOP_TURN_US = 10;

/** What a timer calls. */
export type TimerCallback = (...args: unknown[]) => void;

/** The timers of one incarnation. */
export class HostTimers {
  readonly engine: Engine;
  readonly owner: EventOwner;
  readonly #placeKey: number;
  readonly #known = new Map<number, Timeout>();
  #idsTaken = 0;

  constructor(engine: Engine, owner: EventOwner) {
    this.engine = engine;
    this.owner = owner;
    this.#placeKey = combine32(hashString(owner.name), EventKind.timer);
  }

  setTimeout(callback: unknown, delay?: unknown, args: unknown[] = []): Timeout {
    return new Timeout(this, checkedCallback(callback), checkedDelayMs(delay), args, false);
  }

  setInterval(callback: unknown, delay?: unknown, args: unknown[] = []): Timeout {
    return new Timeout(this, checkedCallback(callback), checkedDelayMs(delay), args, true);
  }

  setImmediate(callback: unknown, args: unknown[] = []): Immediate {
    return new Immediate(this, checkedCallback(callback), args);
  }

  /** Clears a timer given as the object or as its primitive; anything else is ignored, as in Node.js. */
  clear(timer: unknown): void {
    if (timer instanceof Timeout) timer.close();
    else if (timer instanceof Immediate) timer.clear();
    else if (typeof timer === 'number' || typeof timer === 'string') this.#known.get(Number(timer))?.close();
  }

  /** @internal */
  remember(timeout: Timeout): number {
    const id = ++this.#idsTaken;
    this.#known.set(id, timeout);
    return id;
  }

  /** @internal */
  forget(id: number): void {
    this.#known.delete(id);
  }

  /**
   * Queues a timer. Timers sit on the millisecond grid, counted from the start of the current loop turn.
   * All timers of one host that are due together get one place, so that they keep the order they were set in.
   *
   * @internal
   */
  arm(event: QueuedEvent, delayMs: number): void {
    if (this.owner.state === 'gone') return;
    const dueUs = (Math.floor(this.engine.nowUs / 1000) + delayMs) * 1000;
    this.engine.schedule(event, dueUs, this.#placeKey, dueUs);
  }

  /**
   * Queues an immediate, or a message of a port, before everything else that is due now. One set by another
   * of them waits for the next loop turn.
   *
   * @internal
   */
  armImmediate(event: QueuedEvent): void {
    if (this.owner.state === 'gone') return;
    const { current, nowUs } = this.engine;
    const isTurn = current?.kind === EventKind.immediate || current?.kind === EventKind.port;
    const isNextTurn = isTurn && current.owner === this.owner;
    this.engine.scheduleExactly(event, isNextTurn ? nowUs + LOOP_TURN_US : nowUs, -1);
  }
}

function checkedCallback(callback: unknown): TimerCallback {
  if (typeof callback === 'function') return callback as TimerCallback;
  const received = callback === undefined || callback === null ? String(callback) : `type ${typeof callback}`;
  const error = new TypeError(`The "callback" argument must be of type function. Received ${received}`);
  throw Object.assign(error, { code: 'ERR_INVALID_ARG_TYPE' });
}

/** Node.js' rule: whole milliseconds, and 1 for everything that is not from 1 to 2^31 - 1. */
function checkedDelayMs(delay: unknown): number {
  const ms = Number(delay);
  return ms >= 1 && ms <= DELAY_MS_MAX ? Math.trunc(ms) : 1;
}
