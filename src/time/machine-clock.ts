// The two clocks of one machine. An oscillator drives the monotonic clock; the wall clock is the monotonic
// one and an offset, which can be set. Both outlive the processes on the machine.

import type { VirtualNow } from './host-clock.ts';

/** What was read, and came out otherwise than it would have on a machine whose clocks are right. */
export type WrongReading = 'wall' | 'monotonic' | 'zone';

/** The time zone of a machine that says nothing else. */
export const ZONE_DEFAULT = 'UTC';

/** What makes a {@link MachineClock}. */
export interface MachineClockOptions {
  /** The wall-clock time at virtual time zero, in whole milliseconds since 1970. */
  readonly epochMs: number;
  /** Called when the oscillator changed its rate: what waits for a monotonic time is due at another one. */
  readonly onRate?: () => void;
  /** Called before code of a process reads a clock, which may have taken time to come so far. */
  readonly onReading?: (() => void) | undefined;
}

/** The clocks of one machine. Reading them draws nothing and schedules nothing. */
export class MachineClock {
  readonly epochMs: number;
  readonly #time: VirtualNow;
  readonly #onRate: (() => void) | undefined;
  readonly #onReading: (() => void) | undefined;
  #isQuiet = false;
  readonly #watchers = new Set<(reading: WrongReading) => void>();
  /** The name of the zone that processes take when they begin: whoever changes it changes those to come. */
  zone: string = ZONE_DEFAULT;
  /** How many microseconds the oscillator is ahead in a second. */
  #ppm = 0;
  /** The virtual time at which that began, and the monotonic time then. */
  #sinceUs = 0;
  #baseUs = 0;
  /** What the wall clock has more than the epoch and the monotonic clock. */
  #offsetUs = 0;

  constructor(time: VirtualNow, options: MachineClockOptions) {
    this.#time = time;
    this.epochMs = options.epochMs;
    this.#onRate = options.onRate;
    this.#onReading = options.onReading;
  }

  /** Code of a process is about to read a clock. */
  reading(): void {
    if (!this.#isQuiet) this.#onReading?.();
  }

  /** Runs what reads clocks and is no code of a process: the file system, which notes times. */
  quietly<Result>(run: () => Result): Result {
    if (this.#onReading === undefined || this.#isQuiet) return run();
    this.#isQuiet = true;
    try {
      return run();
    } finally {
      this.#isQuiet = false;
    }
  }

  /** Microseconds since the machine started: what timers and `process.hrtime()` go by. */
  monotonicUs(): number {
    const us = this.#monotonicUs();
    if (this.#watchers.size > 0 && us !== this.#time.nowUs) this.tell('monotonic');
    return us;
  }

  /** The wall clock, in microseconds since the epoch of the run. */
  wallUs(): number {
    const us = this.#monotonicUs() + this.#offsetUs;
    if (this.#watchers.size > 0 && us !== this.#time.nowUs) this.tell('wall');
    return us;
  }

  /** Both clocks, for a process that begins: it has not looked at them yet. */
  atBoot(): { monotonicUs: number; wallUs: number } {
    const monotonicUs = this.#monotonicUs();
    return { monotonicUs, wallUs: monotonicUs + this.#offsetUs };
  }

  /** How far the wall clock is ahead of the true time, in microseconds; negative when it is behind. */
  get wallErrorUs(): number {
    return this.#monotonicUs() + this.#offsetUs - this.#time.nowUs;
  }

  /** The virtual time at which the monotonic clock will show this, if its rate stays as it is. */
  virtualUs(monotonicUs: number): number {
    if (this.#ppm === 0 && this.#sinceUs === this.#baseUs) return monotonicUs;
    const aheadUs = Math.max(0, monotonicUs - this.#baseUs);
    let us = Math.floor(aheadUs / (1 + this.#ppm / 1e6));
    while (us > 0 && this.#elapsedUs(us - 1) >= aheadUs) us--;
    while (this.#elapsedUs(us) < aheadUs) us++;
    const dueUs = this.#sinceUs + us;
    if (dueUs !== monotonicUs) this.tell('monotonic');
    return dueUs;
  }

  /** Sets the wall clock forward or back. Nothing else moves. */
  step(us: number): void {
    this.#offsetUs += us;
  }

  /**
   * Makes the oscillator run faster, or slower with a negative number, by so many microseconds in a second.
   * Both clocks follow. Several such changes add up.
   */
  drift(ppm: number): void {
    this.#baseUs = this.#monotonicUs();
    this.#sinceUs = this.#time.nowUs;
    const sum = this.#ppm + ppm;
    // What was added up and taken away again is nothing, also where a sum of fractions is not.
    this.#ppm = Math.abs(sum) < 1e-6 ? 0 : sum;
    this.#onRate?.();
  }

  /** What a time service does when it is back: sets the wall clock right, and holds the oscillator to it. */
  correct(): void {
    this.#offsetUs -= this.wallErrorUs;
    if (this.#ppm !== 0) this.drift(-this.#ppm);
  }

  /** Calls back on each reading that is wrong. @returns what ends that. */
  watch(watcher: (reading: WrongReading) => void): () => void {
    this.#watchers.add(watcher);
    return () => void this.#watchers.delete(watcher);
  }

  /** Says that a reading was wrong. */
  tell(reading: WrongReading): void {
    for (const watcher of this.#watchers) watcher(reading);
  }

  #monotonicUs(): number {
    return this.#baseUs + this.#elapsedUs(this.#time.nowUs - this.#sinceUs);
  }

  /** What the oscillator counts in a stretch of true time: whole microseconds, and never back. */
  #elapsedUs(trueUs: number): number {
    return this.#ppm === 0 ? trueUs : trueUs + Math.floor((trueUs * this.#ppm) / 1e6);
  }
}
