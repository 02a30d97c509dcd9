// The timers of one incarnation: `setTimeout`, `setInterval` and `setImmediate` with the semantics that
// Node.js gives them, as entries of the event queue.

import type { Engine } from '../engine/engine.ts';
import { EventKind, type EventOwner, type QueuedEvent } from '../engine/event.ts';
import { combine32, hashString } from '../random/hash.ts';
import { Immediate } from './immediate.ts';
import { Timeout, TimerEvent } from './timeout.ts';

const DELAY_MS_MAX = 2 ** 31 - 1;
/** What one turn of the event loop costs when immediates keep it turning: they must not stop time. */
const LOOP_TURN_US = 10;

/** The clock that timers go by. */
export interface TimerClock {
  monotonicUs(): number;
  /** The virtual time at which it will show this. */
  virtualUs(monotonicUs: number): number;
}

/** What a timer calls. */
export type TimerCallback = (...args: unknown[]) => void;

/** The timers of one incarnation. */
export class HostTimers {
  readonly engine: Engine;
  readonly owner: EventOwner;
  readonly #clock: TimerClock;
  readonly #placeKey: number;
  readonly #known = new Map<number, Timeout>();
  #idsTaken = 0;

  /** @param clock - Default: the virtual time itself. */
  constructor(engine: Engine, owner: EventOwner, clock: TimerClock = rightClock(engine)) {
    this.engine = engine;
    this.owner = owner;
    this.#clock = clock;
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
   * Queues a timer. Timers go by the monotonic clock and sit on its millisecond grid, counted from the start
   * of the current loop turn. All timers of one host that are due together get one place, so that they keep
   * the order they were set in.
   *
   * @internal
   */
  arm(event: TimerEvent, delayMs: number): void {
    if (this.owner.state === 'gone') return;
    event.monotonicDueUs = (Math.floor(this.#clock.monotonicUs() / 1000) + delayMs) * 1000;
    this.#place(event);
  }

  /** The clock runs at another rate from now on: every timer comes due when the clock will show its time. */
  retime(): void {
    const { queue } = this.engine;
    const own = queue.inOrder().filter((event) => event.owner === this.owner && event instanceof TimerEvent);
    for (const event of own as TimerEvent[]) {
      queue.remove(event);
      this.#place(event);
    }
  }

  #place(event: TimerEvent): void {
    const dueUs = this.#clock.virtualUs(event.monotonicDueUs);
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

function rightClock(engine: Engine): TimerClock {
  return { monotonicUs: () => engine.nowUs, virtualUs: (us) => us };
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
