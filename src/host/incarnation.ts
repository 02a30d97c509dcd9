// One life of a host: its clock, its randomness, its timers, and the asynchronous context its code runs in.

import { AsyncResource } from 'node:async_hooks';
import type { HostContext, HostNames, KeepsAlive } from '../ambient/context.ts';
import type { ErrorOrigin, HostProcess } from '../ambient/process/host-process.ts';
import { openDisk } from '../ambient/files/machine-disk.ts';
import { hostStorage } from '../ambient/registry.ts';
import type { HostDatagrams } from '../ambient/net/datagram-socket.ts';
import type { HostStreams } from '../ambient/net/stream.ts';
import { HostTimers } from '../ambient/timers.ts';
import { callIn, captureContext } from '../ambient/user-contexts.ts';
import type { Engine } from '../engine/engine.ts';
import type { EventOwner, QueuedEvent } from '../engine/event.ts';
import { OptionError, type EscapeError } from '../errors.ts';
import { combine32, hashString } from '../random/hash.ts';
import { openStream, type RandomStream } from '../random/stream.ts';
import type { OpenFiles } from '../storage/open-files.ts';
import { HostClock } from '../time/host-clock.ts';
import type { Activities } from './activities.ts';
import { ControlEvent } from './control-event.ts';
import type { Exchange } from './exchange.ts';
import { fetchFrom } from './fetch.ts';
import { createProcess, takeUncaught } from './incarnation-process.ts';
import type { HostMachine } from './machine.ts';
import { HostTelemetry } from './open-telemetry/host-telemetry.ts';
import type { Bridge } from './tcp/bridge.ts';
import type { Endpoint } from './tcp/endpoint.ts';
import { IncarnationStreams } from './tcp/host-streams.ts';
import { watchRequests } from './tcp/twisted-server.ts';
import { IncarnationDatagrams } from './udp/bound-socket.ts';

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
  /** What stands in front of a service that did not listen by itself. */
  bridge: Bridge | undefined;
  /** The ends of its connections. */
  readonly endpoints: Set<Endpoint> = new Set();
  /** How many of them keep its process alive. */
  openEnds = 0;
  /** The names of the stores that it opened. */
  readonly stores: Set<string> = new Set();
  isAlive = true;
  loopRefs = 0;
  /** Whether `'beforeExit'` was announced, and nothing has begun since. */
  hasSaidBeforeExit = false;
  /** Whether the end of the event loop is queued. */
  isEnding = false;
  #process: HostProcess | undefined;
  #pendingCompletions = 0;
  readonly #keepers = new Set<KeepsAlive>();
  readonly #engine: Engine;
  readonly #scope: AsyncResource;
  readonly #activities: Activities | undefined;
  #telemetry: HostTelemetry | undefined;
  #streams: IncarnationStreams | undefined;
  #datagrams: IncarnationDatagrams | undefined;
  #files: OpenFiles | undefined;
  readonly #completions = new Map<number, number>();
  #tickStep = -1;
  #ticks = 0;

  constructor(machine: HostMachine, number: number) {
    this.machine = machine;
    this.number = number;
    const { engine, seed, activities, variation } = machine.park;
    this.#engine = engine;
    this.#activities = activities;
    this.clock = new HostClock(machine.clock);
    this.random = openStream(variation?.randomSeed ?? seed, `${machine.name}/${number}`);
    this.timers = new HostTimers(engine, this, this.clock);
    this.#scope = hostStorage().run(
      this,
      () => new AsyncResource('wavetank.Incarnation', { requireManualDestroy: true }),
    );
    const { openTelemetry } = machine.park;
    if (openTelemetry === undefined) return;
    const telemetry = new HostTelemetry(this, openTelemetry);
    this.#telemetry = telemetry;
    this.call(() => telemetry.register());
  }

  get name(): string {
    return this.machine.name;
  }

  get id(): number {
    return this.machine.id;
  }

  get files(): OpenFiles {
    if (this.#files === undefined) {
      this.#files = openDisk(this.machine.files, this);
      this.#files.isFull = () => this.isOutOfDescriptors();
    }
    return this.#files;
  }

  get activeSpanId(): string | undefined {
    return this.#telemetry?.activeSpanId;
  }

  get streams(): HostStreams {
    return (this.#streams ??= new IncarnationStreams(this));
  }

  get datagrams(): HostDatagrams {
    return (this.#datagrams ??= new IncarnationDatagrams(this));
  }

  get process(): HostProcess {
    return (this.#process ??= createProcess(this));
  }

  /** How much keeps its process alive: as long as it is not 0, the event loop goes on. */
  get holdCount(): number {
    let count = this.loopRefs + this.#pendingCompletions + this.requesting.size + this.serving.size;
    for (const { refCount } of this.#keepers) count += refCount;
    return count;
  }

  /** Prints lines that were begun: what was written has left the process. */
  flushOutput(): void {
    this.#process?.flush();
  }

  keepAlive(source: KeepsAlive): void {
    this.#keepers.add(source);
  }

  settled(): void {
    this.machine.settled();
  }

  get names(): HostNames {
    return this.machine.names;
  }

  get state(): 'ready' | 'late' | 'paused' | 'gone' {
    return this.isAlive ? this.machine.state : 'gone';
  }

  defer(event: QueuedEvent): void {
    this.machine.defer(event);
  }

  putsOff(event: QueuedEvent): boolean {
    return this.machine.putsOff(event);
  }

  enter(event: QueuedEvent): void {
    try {
      const activities = this.#activities;
      // oxlint-disable-next-line typescript/unbound-method -- bound by the second argument
      if (activities === undefined) this.#scope.runInAsyncScope(event.run, event);
      else this.#scope.runInAsyncScope(() => activities.run(event));
    } catch (error) {
      this.uncaught(error, 'uncaughtException');
    }
  }

  /** Calls a function in this incarnation's context. An exception is the caller's. */
  call<Result>(run: () => Result): Result {
    return this.#scope.runInAsyncScope(run);
  }

  fetch(
    input: Parameters<typeof fetch>[0],
    init: RequestInit | undefined,
    overSockets: typeof fetch,
  ): Promise<Response> {
    return fetchFrom(this, { input, init, overSockets });
  }

  listens(server: object): void {
    watchRequests(this, server);
  }

  uncaught(error: unknown, origin: ErrorOrigin, promise?: unknown): void {
    takeUncaught(this, error, origin, promise);
  }

  escaped(error: EscapeError): void {
    if (this.isAlive) this.machine.park.observer.escaped(error);
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

  complete(what: string, us: number, callback: () => void): void {
    if (!this.isAlive) return;
    const key = combine32(hashString(this.name), hashString(what));
    const nth = (this.#completions.get(key) ?? 0) + 1;
    this.#completions.set(key, nth);
    const context = captureContext('wavetank.Completion');
    this.#pendingCompletions++;
    const act = (): void => {
      this.#pendingCompletions--;
      callIn(context, callback, undefined, []);
    };
    const extraUs = this.machine.park.variation?.completionUs?.(what, nth) ?? 0;
    const doneUs = this.#engine.nowUs + Math.round(us * this.machine.slowness) + extraUs;
    this.#engine.schedule(new ControlEvent(this, what, act), doneUs, key, nth);
  }

  /** Called by markers; see `wavetank/markers`. */
  reached(marker: string): void {
    if (this.isAlive) this.machine.park.observer.reached(this.name, marker);
  }

  /** Called by markers: what must hold does not, or what must not be reached was. */
  broken(promise: 'always' | 'unreachable', name: string): void {
    if (this.isAlive) this.machine.park.observer.broken(this.name, promise, name);
  }

  /** Called by markers. @throws {OptionError} If it is no probability. */
  buggify(name: string, probability: number): boolean {
    if (!(probability >= 0 && probability <= 1))
      throw OptionError.expected(
        `the probability of buggify('${name}')`,
        'a number from 0 to 1',
        probability,
      );
    return this.isAlive && this.machine.park.buggify?.(this.name, name, probability) === true;
  }

  /** Asked before something is opened. */
  isOutOfDescriptors(): boolean {
    const { lacksDescriptors } = this.machine;
    lacksDescriptors?.();
    return lacksDescriptors !== undefined;
  }

  holdLoop(): () => void {
    const engine = this.#engine;
    engine.loopHolds++;
    let isHeld = true;
    return () => {
      if (isHeld) engine.loopHolds--;
      isHeld = false;
    };
  }

  noteOnce(text: string): void {
    const { notes, observer } = this.machine.park;
    if (notes.has(text)) return;
    notes.add(text);
    observer.noted?.(text);
  }

  print(stream: 'stdout' | 'stderr', text: string): void {
    if (this.isAlive) this.machine.park.observer.printed?.(this.name, stream, text);
  }
}
