// Drives runs: takes them one after another, executes an event, drains what it caused, and goes on. Many
// events, and many runs, share one macrotask; every few milliseconds the process gets to breathe.

import { Script } from 'node:vm';
import { macrotaskQuiescence, probeQuiescence, type Quiescence } from './quiescence.ts';
import { leaveStoppedCode } from './stopped-code.ts';

/** Something the pump drives: one run. */
export interface Pumped {
  /** Executes one event; false when there is nothing more to do. */
  step(): boolean;
  /** Called once everything the event caused has run. */
  settled(): void;
  /** The code that the last event ran kept the thread for `hangMs` and was stopped. */
  hung(): void;
  /** Begins anew: its code was stopped, but it was other programs that had the processor. */
  again?(): void;
  /** The run is over: called in a quiet moment. */
  done(): void;
  /** The run cannot go on: an exception came out of it that it should have handled itself. */
  broken(error: unknown): void;
  /** Real milliseconds that code may keep the thread. */
  readonly hangMs: number;
  /**
   * How many turns of the real event loop it needs after each event, because native code goes on in them.
   * Normally none.
   */
  readonly loopTurns?: number;
  /** Something was thrown in such a turn, and nobody caught it. */
  threw?(error: unknown): void;
}

/**
 * Real milliseconds after which a slice ends, so that signals, timers and progress of the process get a
 * turn.
 */
const SLICE_MS = 200;
/** Events between two looks at the real clock. */
const STEPS_PER_LOOK = 64;
/**
 * What the code between two runs (shrinking, say) may take inside of a slice, where it would be stopped, too.
 * Where hosts are given less, that code goes on after the slice, and each run pays for a slice of its own.
 */
const BETWEEN_RUNS_MS = 5_000;
/** Code that was stopped hung if it had the processor for this share of `hangMs`; else others had it. */
const OWN_SHARE = 0.5;
/** How much longer a run may take each time that it is made again. */
const PATIENCE_GROWTH = 4;
/** A run that was given this many times its time hung, whoever had the processor. */
const PATIENCE_MAX = 256;
const GUARDED = Symbol.for('wavetank.guarded');

type Later = (callback: () => void) => void;

/** What the pump takes from the real world; captured before anything is patched. */
export interface PumpHost {
  readonly later: Later;
  readonly nowMs: () => number;
  /** Milliseconds of a processor that this process used so far. */
  readonly cpuMs: () => number;
  /** Runs code outside every asynchronous context of a host. */
  readonly outside: (callback: () => void) => void;
  /** Calls back with what nobody caught, until it is called with null. */
  readonly capture?: (take: ((error: unknown) => void) | null) => void;
}

/** Drives queued runs in order, one at a time. */
export class Pump {
  readonly #host: PumpHost;
  readonly #queue: Pumped[] = [];
  readonly #isGuarded: () => boolean;
  #quiescence: Quiescence | undefined;
  #isScheduled = false;
  #current: Pumped | undefined;
  /** What waits for a run goes on inside of the slice. */
  #isBetween = false;
  /** Turns of the event loop that the last event still needs. */
  #turnsLeft = 0;
  /** How many times longer than `hangMs` a run may take that was stopped for want of a processor. */
  readonly #patience = new WeakMap<Pumped, number>();

  /**
   * @param options.quiescence - Default: the fastest exact one that this Node.js has.
   * @param options.isGuarded - Whether endless code is stopped, asked before each slice. Default: it is. Not
   *   under a debugger.
   */
  constructor(
    host: PumpHost,
    options: { quiescence?: 'probe' | 'macrotask'; isGuarded?: () => boolean } = {},
  ) {
    this.#host = host;
    this.#isGuarded = options.isGuarded ?? (() => true);
    if (options.quiescence === 'macrotask') this.#quiescence = macrotaskQuiescence;
  }

  /** Queues a run; its `done` is called when it is over. */
  add(run: Pumped): void {
    this.#queue.push(run);
    this.#scheduleSlice();
  }

  /**
   * Waits for a macrotask of its own. Code that waits for a run goes on inside of a slice, where what keeps
   * the thread is stopped: code that is no part of a simulation has to be let out first.
   */
  leave(): Promise<void> {
    return new Promise((resolve) => this.#host.later(resolve));
  }

  #scheduleSlice(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#host.outside(() => this.#host.later(() => this.#macrotask()));
  }

  #macrotask(): void {
    this.#isScheduled = false;
    // The slice that queued the run may have made it, too.
    if (this.#current === undefined && this.#queue.length === 0) return;
    this.#quiescence ??= probeQuiescence();
    const { drain } = this.#quiescence;
    if (this.#turnsLeft > 0 && !this.#turned(drain)) return this.#scheduleSlice();
    if (drain === undefined) this.#hop();
    else if (this.#isGuarded()) this.#guardedSlice(drain);
    else this.#slice(drain);
    if (this.#current !== undefined || this.#queue.length > 0) this.#scheduleSlice();
  }

  /** Ends a run whose code was stopped. A fresh macrotask has nothing left of its asynchronous context. */
  #giveUp(run: Pumped): void {
    this.#host.outside(() =>
      this.#host.later(() => {
        run.hung();
        run.done();
        if (this.#queue.length > 0) this.#scheduleSlice();
      }),
    );
  }

  /** Makes a run again that had too little of the processor: what it did so far counts for nothing. */
  #again(run: Pumped): void {
    this.#patience.set(run, (this.#patience.get(run) ?? 1) * PATIENCE_GROWTH);
    this.#host.outside(() =>
      this.#host.later(() => {
        run.again?.();
        this.#queue.unshift(run);
        this.#scheduleSlice();
      }),
    );
  }

  /** Native code of the run goes on in turns of the event loop, before the next event. */
  #needsTurns(run: Pumped): boolean {
    this.#turnsLeft = run.loopTurns ?? 0;
    if (this.#turnsLeft > 0) this.#host.capture?.((error) => run.threw?.(error));
    return this.#turnsLeft > 0;
  }

  /** Counts a turn. @returns whether it was the last, after which the event has settled. */
  #turned(drain: (() => void) | undefined): boolean {
    if (--this.#turnsLeft > 0) return false;
    this.#host.capture?.(null);
    const run = this.#current;
    if (run === undefined || drain === undefined) return true;
    try {
      run.settled();
    } catch (error) {
      this.#current = undefined;
      run.broken(error);
    }
    return true;
  }

  /** One event a macrotask: the event loop itself drains between two of them. */
  #hop(): void {
    const run = (this.#current ??= this.#queue.shift());
    if (run === undefined) return;
    try {
      run.settled();
      if (run.step()) return void this.#needsTurns(run);
      this.#current = undefined;
      run.done();
    } catch (error) {
      this.#current = undefined;
      run.broken(error);
    }
  }

  /** @returns whether the run is over; what waits for it has not gone on yet. */
  #advance(run: Pumped, drain: () => void): boolean {
    try {
      if (run.step()) {
        drain();
        if (!this.#needsTurns(run)) run.settled();
        return false;
      }
      run.done();
      // Not before: whoever is stopped in it hung, and is told so.
      this.#current = undefined;
    } catch (error) {
      this.#current = undefined;
      run.broken(error);
    }
    return true;
  }

  #slice(drain: () => void): void {
    const endMs = this.#host.nowMs() + SLICE_MS;
    let stepsToLook = STEPS_PER_LOOK;
    for (;;) {
      const run = (this.#current ??= this.#queue.shift());
      if (run === undefined) return;
      if (this.#advance(run, drain)) {
        if (run.hangMs < BETWEEN_RUNS_MS) return;
        // What waits for the run goes on here, and may queue the next one.
        this.#isBetween = true;
        drain();
        this.#isBetween = false;
      } else if (this.#turnsLeft > 0) return;
      if (--stepsToLook > 0) continue;
      if (this.#host.nowMs() >= endMs) return;
      stepsToLook = STEPS_PER_LOOK;
    }
  }

  /** A slice that is stopped when an event does not give the thread back, as only `vm` can do it. */
  #guardedSlice(drain: () => void): void {
    const shelf = globalThis as unknown as Record<symbol, unknown>;
    const first = this.#current ?? this.#queue[0];
    const timeout = first === undefined ? SLICE_MS : first.hangMs * (this.#patience.get(first) ?? 1);
    const cpuMs = this.#host.cpuMs();
    shelf[GUARDED] = () => this.#slice(drain);
    try {
      guardScript.runInThisContext({ timeout: timeout + SLICE_MS });
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
      const run = this.#current;
      if (run === undefined) {
        // What waited for a run is lost.
        if (this.#isBetween) throw error;
        // The run was over just then, on a busy machine.
        leaveStoppedCode(error, () => this.#queue.length > 0 && this.#scheduleSlice());
        return;
      }
      this.#current = undefined;
      const isStarved = this.#host.cpuMs() - cpuMs < run.hangMs * OWN_SHARE;
      const mayTryAgain =
        isStarved && (this.#patience.get(run) ?? 1) < PATIENCE_MAX && run.again !== undefined;
      leaveStoppedCode(error, () => (mayTryAgain ? this.#again(run) : this.#giveUp(run)));
    } finally {
      delete shelf[GUARDED];
    }
  }
}

const guardScript = new Script(`globalThis[Symbol.for('wavetank.guarded')]()`, {
  filename: 'wavetank-guard',
});
