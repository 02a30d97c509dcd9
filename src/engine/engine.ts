// The engine of one run: owns virtual time, the queue and the trace hash, and executes one event at a time.
// It never drains microtasks itself (see pump.ts) and knows nothing of hosts beyond `EventOwner`.

import type { CheckedLimits } from './limits.ts';
import type { EventOwner, QueuedEvent } from './event.ts';
import { EventQueue } from './event-queue.ts';
import { RollingHash } from './rolling-hash.ts';
import type { Scheduler } from './scheduler.ts';

/** Why the engine stopped a run. */
export type LimitName = 'steps' | 'virtual time' | 'livelock';

/** Told of each step, while a run is recorded. */
export type StepObserver = (event: QueuedEvent, step: number) => void;

/** Executes events in the order of virtual time. */
export class Engine {
  readonly queue: EventQueue = new EventQueue();
  readonly hash: RollingHash = new RollingHash();
  readonly scheduler: Scheduler;
  readonly limits: CheckedLimits;
  /** Virtual time in integer microseconds. Never goes back. */
  nowUs = 0;
  /** Events executed so far. */
  steps = 0;
  /** The event that runs, and whose consequences are being drained. */
  current: QueuedEvent | undefined;
  /** Told of each event that is queued, while the code runs that asked for it; only in recorded runs. */
  onQueued: ((event: QueuedEvent) => void) | undefined;
  onStep: StepObserver | undefined;
  /** How many need turns of the real event loop after each event. */
  loopHolds = 0;
  #stepsAtThisTime = 0;
  readonly #isChosen: boolean;

  constructor(options: { scheduler: Scheduler; limits: CheckedLimits }) {
    this.scheduler = options.scheduler;
    this.limits = options.limits;
    this.#isChosen = options.scheduler.choose !== undefined;
  }

  /** Queues an event whose place the scheduler may choose. */
  schedule(event: QueuedEvent, dueUs: number, key: number, nth: number, slackUs = 0): void {
    this.scheduler.place(event, dueUs < this.nowUs ? this.nowUs : dueUs, key, nth, slackUs);
    this.onQueued?.(event);
    this.queue.push(event);
  }

  /** Queues an event at exactly this time: its order is guaranteed, so nobody may choose. */
  scheduleExactly(event: QueuedEvent, dueUs: number, rank = 0): void {
    event.dueUs = dueUs < this.nowUs ? this.nowUs : dueUs;
    event.rank = rank;
    event.slackUs = 0;
    this.onQueued?.(event);
    this.queue.push(event);
  }

  /** Executes the next event; false when there is none due by `untilUs`. */
  step(untilUs: number = Number.MAX_SAFE_INTEGER): boolean {
    for (;;) {
      const event = this.#isChosen ? this.scheduler.choose?.(this.queue, untilUs) : this.queue.peek();
      if (event === undefined || event.dueUs > untilUs) return false;
      this.queue.remove(event);
      const { state } = event.owner;
      if (state === 'gone') continue;
      if (state === 'paused') {
        event.owner.defer(event);
        continue;
      }
      if (state === 'late' && event.owner.putsOff?.(event) === true) continue;
      this.#execute(event, event.owner);
      return true;
    }
  }

  /** Moves time on without an event, for an owner of time that has nothing to run until then. */
  advanceTo(us: number): void {
    if (us > this.nowUs) {
      this.nowUs = us;
      this.#stepsAtThisTime = 0;
    }
  }

  /** Names the limit that the run has gone over, if any. */
  exceeded(): LimitName | undefined {
    if (this.#stepsAtThisTime > this.limits.stepsAtOneTimeMax) return 'livelock';
    if (this.steps > this.limits.stepsMax) return 'steps';
    if (this.nowUs > this.limits.virtualUsMax) return 'virtual time';
    return undefined;
  }

  #execute(event: QueuedEvent, owner: EventOwner): void {
    if (event.dueUs > this.nowUs) {
      this.nowUs = event.dueUs;
      this.#stepsAtThisTime = 0;
    }
    this.#stepsAtThisTime++;
    this.steps++;
    this.current = event;
    const { hash, nowUs } = this;
    hash.add(nowUs);
    if (nowUs > 0xffff_ffff) hash.add(nowUs / 0x1_0000_0000);
    hash.add((owner.id << 4) | event.kind);
    hash.add(event.fingerprint);
    this.onStep?.(event, this.steps);
    owner.enter(event);
  }
}
