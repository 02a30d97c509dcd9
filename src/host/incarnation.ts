// One life of a host: its clock, its randomness, its timers, and the asynchronous context its code runs in.

import { AsyncResource } from 'node:async_hooks';
import type { HostContext } from '../ambient/context.ts';
import { hostStorage } from '../ambient/registry.ts';
import { HostTimers } from '../ambient/timers.ts';
import type { Engine } from '../engine/engine.ts';
import type { EventOwner, QueuedEvent } from '../engine/event.ts';
import { openStream, type RandomStream } from '../random/stream.ts';
import { HostClock } from '../time/host-clock.ts';
import type { Exchange } from './exchange.ts';
import { fetchFrom } from './fetch.ts';
import type { HostMachine } from './machine.ts';

/** Everything that dies with a crash. */
export class Incarnation implements HostContext, EventOwner {
  readonly machine: HostMachine;
  readonly number: number;
  readonly clock: HostClock;
  readonly random: RandomStream;
  readonly timers: HostTimers;
  /** Exchanges that this incarnation began and that are not over. */
  readonly requesting: Set<Exchange> = new Set();
  /** Exchanges that this incarnation is answering. */
  readonly serving: Set<Exchange> = new Set();
  /** The incarnation, by host, to which a connection is open. */
  readonly connections: Map<string, number> = new Map();
  isAlive = true;
  readonly #engine: Engine;
  readonly #scope: AsyncResource;
  #tickStep = -1;
  #ticks = 0;

  constructor(machine: HostMachine, number: number) {
    this.machine = machine;
    this.number = number;
    const { engine, epochMs, seed } = machine.park;
    this.#engine = engine;
    this.clock = new HostClock(engine, { epochMs, bootUs: engine.nowUs });
    this.random = openStream(seed, `${machine.name}/${number}`);
    this.timers = new HostTimers(engine, this);
    this.#scope = hostStorage().run(
      this,
      () => new AsyncResource('wavetank.Incarnation', { requireManualDestroy: true }),
    );
  }

  get name(): string {
    return this.machine.name;
  }

  get id(): number {
    return this.machine.id;
  }

  get state(): 'ready' | 'paused' | 'gone' {
    if (!this.isAlive) return 'gone';
    return this.machine.isPaused ? 'paused' : 'ready';
  }

  defer(event: QueuedEvent): void {
    this.machine.defer(event);
  }

  enter(event: QueuedEvent): void {
    try {
      // oxlint-disable-next-line typescript/unbound-method -- bound by the second argument
      this.#scope.runInAsyncScope(event.run, event);
    } catch (error) {
      this.uncaught(error, 'uncaughtException');
    }
  }

  /** Calls a function in this incarnation's context. An exception is the caller's. */
  call<Result>(run: () => Result): Result {
    return this.#scope.runInAsyncScope(run);
  }

  fetch(input: Parameters<typeof fetch>[0], init?: RequestInit): Promise<Response> {
    return fetchFrom(this, input, init);
  }

  uncaught(error: unknown, origin: 'uncaughtException' | 'unhandledRejection'): void {
    if (this.isAlive) this.machine.uncaught(error, origin);
  }

  mayTick(): boolean {
    const { steps, limits } = this.#engine;
    if (this.#tickStep !== steps) {
      this.#tickStep = steps;
      this.#ticks = 0;
    }
    this.#ticks++;
    if (this.#ticks <= limits.ticksPerStepMax) return true;
    if (this.isAlive) this.machine.hung();
    return false;
  }

  /** Called by markers; see `wavetank/markers`. */
  reached(marker: string): void {
    if (this.isAlive) this.machine.park.observer.reached(this.name, marker);
  }

  print(stream: 'stdout' | 'stderr', text: string): void {
    if (this.isAlive) this.machine.park.observer.printed?.(this.name, stream, text);
  }
}
