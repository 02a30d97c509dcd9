// A host as a machine: it outlives the incarnations of its process, keeps the disk, and answers for a process
// that is down.

import type { Server as HttpServer } from 'node:http';
import { forgetAgents } from '../ambient/net/agents.ts';
import { forgetSessions } from '../ambient/net/http2-sessions.ts';
import type { ErrorOrigin } from '../ambient/process/host-process.ts';
import { EventKind, type EventOwner, type QueuedEvent } from '../engine/event.ts';
import type { Link } from '../network/link.ts';
import { createDisk } from '../ambient/files/machine-disk.ts';
import { HostDisk } from '../storage/disk.ts';
import type { HostFiles } from '../storage/host-files.ts';
import type { Loss, Pending } from '../storage/pending.ts';
import { MachineClock } from '../time/machine-clock.ts';
import { ControlEvent } from './control-event.ts';
import type { Host, HostDefinition, RequestFunction, Service } from './definition.ts';
import { EventGate } from './event-gate.ts';
import { hostFor } from './host-surface.ts';
import { Incarnation } from './incarnation.ts';
import { endIfIdle, sendSignal } from './incarnation-process.ts';
import { keepDiskJournal } from './disk-journal.ts';
import { MachineNames } from './machine-names.ts';
import type { HostChange } from './observer.ts';
import type { MachineOptions, MachinePark } from './park.ts';
import { HostStores } from './store.ts';
import { Bridge, serverFor } from './tcp/bridge.ts';
import { type Listener, Ports } from './tcp/ports.ts';
import { DatagramPorts } from './udp/datagram-ports.ts';

/** The process on a machine: `down` before the first boot, after a crash and after a stop. */
export type ProcessState = 'down' | 'booting' | 'up' | 'stopping';

/** One simulated machine. */
export class HostMachine implements EventOwner {
  readonly name: string;
  readonly id: number;
  readonly park: MachinePark;
  readonly clock: MachineClock;
  readonly disk: HostDisk = new HostDisk();
  readonly stores: HostStores = new HostStores();
  readonly ports: Ports = new Ports();
  readonly names: MachineNames = new MachineNames(this);
  readonly datagramPorts: DatagramPorts = new DatagramPorts(this);
  readonly gate: EventGate = new EventGate(this);
  /** What the host published for checks; kept after its end, so that checks can still read it. */
  exports: Record<string, unknown> | undefined;
  incarnation: Incarnation | undefined;
  process: ProcessState = 'down';
  /** How many times longer than usual its threads take for what the event loop leaves to them. */
  slowness = 1;
  /** Set while its process can open nothing more; called when that was tried. */
  lacksDescriptors: (() => void) | undefined;
  /** Called after each event of a process, once everything that it caused has run. */
  onSettled: ((incarnation: Incarnation) => void) | undefined;
  loopRefs = 0;
  /** Whether its program ran to its end and wants no restart. */
  isFinished = false;
  /** Whether it stays down, whoever wants it to boot. */
  isDead = false;
  /** The error that handlers of the program are being told of. */
  handling: { readonly error: unknown; readonly origin: ErrorOrigin } | undefined;
  service: Service = {};
  receive: ((payload: unknown, from: string) => void | Promise<void>) | undefined;
  #files: HostFiles | undefined;
  readonly versions: readonly HostDefinition[];
  #definition: HostDefinition;
  #installed = 0;
  readonly #links = new Map<HostMachine, Link>();
  #incarnations = 0;
  #hasServer = false;
  #isBegun = false;
  #isEvaluated = false;
  #stopHooks: (() => void | Promise<void>)[] = [];
  #onceDown: (() => void)[] = [];
  #onceUp: (() => void)[] = [];

  constructor(park: MachinePark, options: MachineOptions) {
    this.park = park;
    this.clock = new MachineClock(park.engine, {
      epochMs: park.epochMs,
      onRate: () => this.incarnation?.timers.retime(),
      onReading: this.#onReading(),
    });
    this.name = options.name;
    this.id = options.id;
    this.disk.interference = park.disks?.of(options.name);
    if (park.journal !== undefined) keepDiskJournal(this, park.journal);
    this.#definition = options.definition;
    this.versions = options.versions ?? [options.definition];
    this.#installed = this.versions.indexOf(options.definition);
  }

  /** What code takes to come to a reading of a clock; undefined where it takes no time, as in most runs. */
  #onReading(): (() => void) | undefined {
    const { engine, variation } = this.park;
    if (variation?.readingUs === undefined) return undefined;
    let nth = 0;
    return () => engine.advanceTo(engine.nowUs + (variation.readingUs?.(++nth) ?? 0));
  }

  /** Which version of its program the next boot starts, counted from 0. */
  get installed(): number {
    return this.#installed;
  }

  /** Whether what runs, or ran last, is a program: then it exposes the variables of its entry file. */
  get isProgram(): boolean {
    return this.#definition.kind === 'program';
  }

  /** Which version runs, or ran last. */
  get version(): number {
    return this.versions.indexOf(this.#definition);
  }

  /** Puts another version of its program in place: from the next boot on. */
  install(version: number): void {
    this.#installed = version;
  }

  /** The file system, made when a program first touches a file. */
  get files(): HostFiles {
    const { epochMs } = this.park;
    return (this.#files ??= createDisk({ epochMs, interference: this.disk.interference }));
  }

  /** The address that it has now. */
  get address(): string {
    return this.names.address;
  }

  nameOf(address: string): string | undefined {
    return this.names.nameOf(address);
  }

  get state(): 'ready' | 'late' | 'paused' {
    return this.gate.state;
  }

  putsOff(event: QueuedEvent): boolean {
    return this.gate.putsOff(event);
  }

  defer(event: QueuedEvent): void {
    this.gate.defer(event);
  }

  enter(event: QueuedEvent): void {
    if (this.incarnation === undefined) event.run();
    else this.incarnation.enter(event);
  }

  /** The link to another machine. */
  linkTo(target: HostMachine): Link {
    let link = this.#links.get(target);
    if (link === undefined)
      this.#links.set(target, (link = this.park.transport.network.link(this.name, target.name)));
    return link;
  }

  /** Ends everything at the end of a run: code that is left over has no effect any more. */
  discard(): void {
    if (this.incarnation !== undefined) {
      for (const end of [...this.incarnation.endpoints]) end.discard('silently');
      this.incarnation.isAlive = false;
      forgetAgents(this.incarnation);
      forgetSessions(this.incarnation);
    }
    this.incarnation = undefined;
  }

  /** Boots at once a process that has nothing to do by itself: a client. */
  bootNow(): Incarnation {
    this.incarnation = new Incarnation(this, ++this.#incarnations);
    this.process = 'up';
    return this.incarnation;
  }

  /** Boots the next incarnation. @returns when the host is up, or down again. */
  boot(): Promise<void> {
    if (this.process !== 'down' || this.isDead) return Promise.resolve();
    this.process = 'booting';
    this.#isBegun = false;
    this.#isEvaluated = false;
    this.isFinished = false;
    this.#definition = this.versions[this.#installed] ?? this.#definition;
    const incarnation = new Incarnation(this, ++this.#incarnations);
    this.incarnation = incarnation;
    const run = (): void => void this.#run(incarnation);
    const begin = new ControlEvent(incarnation, 'boot', run, EventKind.boot);
    this.park.engine.scheduleExactly(begin, this.park.engine.nowUs);
    return new Promise((resolve) => {
      this.#onceUp.push(resolve);
    });
  }

  /** The process dies and never boots again: the host is outside of the core. */
  die(): void {
    this.isDead = true;
    this.crash();
  }

  /** Boots a process that is down, or will be when its graceful stop is over. */
  async bootAgain(): Promise<void> {
    if (this.process === 'stopping') await new Promise<void>((resolve) => this.#onceDown.push(resolve));
    await this.boot();
  }

  /** The process dies at once: what it had in memory is gone, and its connections are reset. */
  crash(): void {
    if (this.process === 'down') return;
    this.disk.crash();
    this.#end('crashed');
  }

  /**
   * The machine loses its power: its process dies, and what was not synced may be gone from the disk.
   *
   * @param loses - What is lost. Default: as the fault plan decides.
   * @returns What was really lost.
   */
  losePower(loses?: readonly Loss[]): readonly Loss[] {
    const { interference } = this.disk;
    const choose = (pending: readonly Pending[]): readonly Loss[] =>
      loses ?? interference?.losses(pending) ?? [];
    const lost = [...(this.#files?.losePower(choose) ?? []), ...this.disk.losePower(choose)];
    this.crash();
    return lost;
  }

  /**
   * Asks the process to end: it accepts nothing new, finishes what it serves, and is killed at the
   * deadline.
   */
  stop(graceUs: number): Promise<void> {
    const { incarnation } = this;
    if (incarnation === undefined || this.process === 'down') return Promise.resolve();
    const stopped = new Promise<void>((resolve) => {
      this.#onceDown.push(resolve);
    });
    if (this.process === 'stopping') return stopped;
    this.process = 'stopping';
    this.park.observer.changed(this.name, 'stopping');
    const kill = new ControlEvent(incarnation, 'deadline of the stop', () => this.crash());
    this.park.engine.scheduleExactly(kill, this.park.engine.nowUs + graceUs);
    const runHooks = (): void => {
      if (this.isProgram) sendSignal(incarnation, 'SIGTERM');
      else void this.#runStopHooks(incarnation);
    };
    this.park.engine.scheduleExactly(new ControlEvent(incarnation, 'stop', runHooks), this.park.engine.nowUs);
    return stopped;
  }

  /** The process ended itself, or a signal did. */
  exited(code: number, how: string): void {
    const isAsked = this.process === 'stopping' && (code === 0 || how.startsWith('SIG'));
    if (!isAsked) this.park.observer.exited({ host: this.name, code, how, handling: this.handling });
    this.disk.flush();
    this.#end(isAsked ? 'stopped' : `exited with code ${code}`);
    this.isFinished = code === 0 && !isAsked;
  }

  /** Called once everything that an event caused has run. */
  settled(): void {
    const { incarnation } = this;
    if (incarnation === undefined) return;
    this.onSettled?.(incarnation);
    if (!this.isProgram || !incarnation.isAlive) return;
    if (this.#isBegun) endIfIdle(incarnation, this.#isEvaluated);
  }

  uncaught(error: unknown, origin: 'uncaughtException' | 'unhandledRejection'): void {
    this.park.observer.uncaught({ host: this.name, error, origin });
    this.crash();
  }

  hung(): void {
    this.park.observer.hungTicking(this.name);
    this.crash();
  }

  /** Ends the graceful stop once nothing is served any more. Called whenever an exchange ends. */
  maybeStopped(): void {
    if (this.process !== 'stopping' || this.#stopHooks.length > 0) return;
    // A program ends by itself.
    if (this.isProgram) return;
    if ((this.incarnation?.serving.size ?? 0) > 0 || (this.incarnation?.bridge?.requests ?? 0) > 0) return;
    this.disk.flush();
    this.#end('stopped');
  }

  /** Whether its service answers on sockets, so that a request cannot go there as a message. */
  speaksTcp(port: number): boolean {
    this.#hasServer ||= this.isProgram || this.service.server !== undefined;
    return this.#hasServer || this.ports.has(port);
  }

  /** Makes a way from a connection to a service that did not listen by itself. */
  bridge(place: number | string): Pick<Listener, 'accept' | 'isDualStack'> | undefined {
    const { incarnation, service } = this;
    if (incarnation === undefined || this.process !== 'up' || typeof place === 'string') return undefined;
    if (service.port !== undefined && service.port !== place) return undefined;
    const { handle } = service;
    if (service.server === undefined && handle === undefined) return undefined;
    const server = (): HttpServer => service.server ?? serverFor(handle as RequestFunction);
    const bridge = (incarnation.bridge ??= new Bridge(incarnation, server()));
    return { isDualStack: true, accept: (end) => bridge.accept(end) };
  }

  async #run(incarnation: Incarnation): Promise<void> {
    let service: Service = {};
    this.#isBegun = true;
    try {
      const onStop: Host['onStop'] = (hook) => this.#stopHooks.push(hook);
      service = await this.#definition.boot(hostFor(incarnation, onStop));
    } catch (error) {
      incarnation.uncaught(error, 'uncaughtException');
    }
    // It may have crashed since.
    if (!incarnation.isAlive) return;
    this.#isEvaluated = true;
    if (this.process !== 'booting') return;
    this.service = service;
    this.process = 'up';
    this.park.observer.changed(this.name, 'booted');
    for (const resolve of this.#onceUp.splice(0)) resolve();
  }

  async #runStopHooks(incarnation: Incarnation): Promise<void> {
    try {
      await Promise.all(this.#stopHooks.map((hook) => hook()));
    } catch (error) {
      incarnation.uncaught(error, 'uncaughtException');
    }
    if (!incarnation.isAlive) return;
    this.#stopHooks = [];
    this.maybeStopped();
  }

  #end(change: HostChange): void {
    const { incarnation } = this;
    this.gate.restart();
    incarnation?.flushOutput();
    this.process = 'down';
    this.incarnation = undefined;
    this.service = {};
    this.receive = undefined;
    this.#stopHooks = [];
    this.park.observer.changed(this.name, change);
    this.ports.clear();
    this.datagramPorts.clear();
    if (incarnation !== undefined) {
      this.stores.ended(incarnation);
      for (const end of [...incarnation.endpoints]) end.discard(change === 'crashed' ? 'reset' : 'close');
      incarnation.isAlive = false;
      forgetAgents(incarnation);
      forgetSessions(incarnation);
      for (const exchange of [...incarnation.serving]) exchange.serverSide.ended();
      for (const exchange of [...incarnation.requesting]) exchange.clientSide.ended();
    }
    for (const resolve of [...this.#onceDown.splice(0), ...this.#onceUp.splice(0)]) resolve();
  }
}
