// The clock of one incarnation: the clocks of its machine, and when it booted by them. Reading it draws
// nothing and schedules nothing.

import { ZONE_DEFAULT, type MachineClock } from './machine-clock.ts';

/** What the clocks of a run share: the virtual time, owned by the engine. */
export interface VirtualNow {
  readonly nowUs: number;
}

/** 2024-01-01T00:00:00.000Z: the wall-clock time at virtual time zero, unless a scenario says otherwise. */
export const EPOCH_MS_DEFAULT = 1_704_067_200_000;

/** The time as one process sees it. */
export class HostClock {
  readonly #machine: MachineClock;
  readonly #bootUs: number;
  readonly #timeOriginMs: number;
  readonly #isOriginWrong: boolean;
  readonly #zone: string;

  /** The process boots at the time that its machine shows now. */
  constructor(machine: MachineClock) {
    const { monotonicUs, wallUs } = machine.atBoot();
    this.#machine = machine;
    this.#bootUs = monotonicUs;
    this.#timeOriginMs = machine.epochMs + wallUs / 1000;
    this.#isOriginWrong = machine.wallErrorUs !== 0;
    this.#zone = machine.zone;
  }

  /** The wall clock, in whole milliseconds since 1970: what `Date.now()` gives. */
  wallMs(): number {
    this.#machine.reading();
    return this.#machine.epochMs + Math.floor(this.#machine.wallUs() / 1000);
  }

  /** Microseconds since this incarnation booted: the base of `performance.now()` and `process.uptime()`. */
  uptimeUs(): number {
    this.#machine.reading();
    return this.#machine.monotonicUs() - this.#bootUs;
  }

  /** Runs what reads the clock and is no code of the process. */
  quietly<Result>(run: () => Result): Result {
    return this.#machine.quietly(run);
  }

  /** Microseconds since the machine started: the base of `process.hrtime()`. */
  monotonicUs(): number {
    return this.#machine.monotonicUs();
  }

  /** The virtual time at which the monotonic clock will show this: when a timer is due. */
  virtualUs(monotonicUs: number): number {
    return this.#machine.virtualUs(monotonicUs);
  }

  /**
   * What the wall clock showed at the boot of this incarnation, in milliseconds: `performance.timeOrigin`.
   * It stays when the wall clock is set.
   */
  timeOriginMs(): number {
    if (this.#isOriginWrong) this.#machine.tell('wall');
    return this.#timeOriginMs;
  }

  /** The time zone of the machine when this incarnation booted: a process looks it up once. */
  get zone(): string {
    if (this.#zone !== ZONE_DEFAULT) this.#machine.tell('zone');
    return this.#zone;
  }
}
