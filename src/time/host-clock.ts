// The clock of one host: turns the one virtual time of the run into what that host reads on its wall and
// since its boot. Reading it draws nothing and schedules nothing.

/** What the clocks of a run share: the virtual time, owned by the engine. */
export interface VirtualNow {
  readonly nowUs: number;
}

/** 2024-01-01T00:00:00.000Z: the wall-clock time at virtual time zero, unless a scenario says otherwise. */
export const EPOCH_MS_DEFAULT = 1_704_067_200_000;

/** One host's view of time. */
export class HostClock {
  readonly #time: VirtualNow;
  readonly #bootUs: number;
  readonly epochMs: number;

  constructor(time: VirtualNow, options: { epochMs: number; bootUs: number }) {
    this.#time = time;
    this.epochMs = options.epochMs;
    this.#bootUs = options.bootUs;
  }

  /** The wall clock, in whole milliseconds since 1970: what `Date.now()` gives. */
  wallMs(): number {
    return this.epochMs + Math.floor(this.#time.nowUs / 1000);
  }

  /** Microseconds since this incarnation booted: the base of `performance.now()` and `process.uptime()`. */
  uptimeUs(): number {
    return this.#time.nowUs - this.#bootUs;
  }

  /** Microseconds since the machine started: the base of `process.hrtime()`. */
  monotonicUs(): number {
    return this.#time.nowUs;
  }

  /** The wall-clock time of this incarnation's boot, in milliseconds: `performance.timeOrigin`. */
  timeOriginMs(): number {
    return this.epochMs + this.#bootUs / 1000;
  }
}
