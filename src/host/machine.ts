// A host as a machine: it outlives the incarnations of its process, keeps the disk, and answers for a process
// that is down.

import type { Engine } from '../engine/engine.ts';
import { EventKind, type EventOwner, type QueuedEvent } from '../engine/event.ts';
import type { Link } from '../network/link.ts';
import { HostDisk } from '../storage/disk.ts';
import { ControlEvent } from './control-event.ts';
import { sendDatagram } from './datagram.ts';
import type { Host, HostDefinition, Service } from './definition.ts';
import { Incarnation } from './incarnation.ts';
import type { Observer } from './observer.ts';
import type { Transport } from './transport.ts';

/** What all machines of a run share. */
export interface MachinePark {
  readonly engine: Engine;
  readonly transport: Transport;
  readonly observer: Observer;
  readonly seed: number;
  readonly epochMs: number;
  /** The machine of that name: of a host, or of a client. */
  find(name: string): HostMachine | undefined;
  /** The names of the scenario's hosts. */
  names(): readonly string[];
  /** Whether a request with this method may arrive twice. */
  mayDuplicate(method: string): boolean;
}

/** The process on a machine: `down` before the first boot, after a crash and after a stop. */
export type ProcessState = 'down' | 'booting' | 'up' | 'stopping';

/** One simulated machine. */
export class HostMachine implements EventOwner {
  readonly name: string;
  readonly id: number;
  readonly park: MachinePark;
  readonly disk: HostDisk = new HostDisk();
  /** What the host published for checks; kept after its end, so that checks can still read it. */
  exports: Record<string, unknown> | undefined;
  incarnation: Incarnation | undefined;
  process: ProcessState = 'down';
  isPaused = false;
  service: Service = {};
  receive: ((payload: unknown, from: string) => void | Promise<void>) | undefined;
  readonly #definition: HostDefinition;
  readonly #deferred: QueuedEvent[] = [];
  readonly #links = new Map<HostMachine, Link>();
  #incarnations = 0;
  #stopHooks: (() => void | Promise<void>)[] = [];
  #onceDown: (() => void)[] = [];
  #onceUp: (() => void)[] = [];

  constructor(park: MachinePark, options: { name: string; id: number; definition: HostDefinition }) {
    this.park = park;
    this.name = options.name;
    this.id = options.id;
    this.#definition = options.definition;
  }

  /** The address that errors show. */
  get address(): string {
    return `10.0.${this.id >> 8}.${this.id & 255}`;
  }

  get state(): 'ready' | 'paused' {
    return this.isPaused ? 'paused' : 'ready';
  }

  defer(event: QueuedEvent): void {
    this.park.observer.deferred(this.name);
    this.#deferred.push(event);
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
    if (this.incarnation !== undefined) this.incarnation.isAlive = false;
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
    if (this.process !== 'down') return Promise.resolve();
    this.process = 'booting';
    const incarnation = new Incarnation(this, ++this.#incarnations);
    this.incarnation = incarnation;
    const run = (): void => void this.#run(incarnation);
    const begin = new ControlEvent(incarnation, 'boot', run, EventKind.boot);
    this.park.engine.scheduleExactly(begin, this.park.engine.nowUs);
    return new Promise((resolve) => {
      this.#onceUp.push(resolve);
    });
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
    const runHooks = (): void => void this.#runStopHooks(incarnation);
    this.park.engine.scheduleExactly(new ControlEvent(incarnation, 'stop', runHooks), this.park.engine.nowUs);
    return stopped;
  }

  pause(): void {
    if (this.isPaused) return;
    this.isPaused = true;
    this.park.observer.changed(this.name, 'paused');
  }

  /** Runs what came due in the meantime, late and in order. */
  resume(): void {
    if (!this.isPaused) return;
    this.isPaused = false;
    this.park.observer.changed(this.name, 'resumed');
    const { engine } = this.park;
    for (const [i, event] of this.#deferred.splice(0).entries())
      engine.scheduleExactly(event, engine.nowUs, i);
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
    if ((this.incarnation?.serving.size ?? 0) > 0) return;
    this.disk.flush();
    this.#end('stopped');
  }

  async #run(incarnation: Incarnation): Promise<void> {
    try {
      const service = await this.#definition.boot(this.#hostFor(incarnation));
      // It may have crashed since, or was asked to stop.
      if (!incarnation.isAlive || this.process !== 'booting') return;
      this.service = service;
      this.process = 'up';
      this.park.observer.changed(this.name, 'booted');
      for (const resolve of this.#onceUp.splice(0)) resolve();
    } catch (error) {
      incarnation.uncaught(error, 'uncaughtException');
    }
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

  #end(change: 'crashed' | 'stopped'): void {
    const { incarnation } = this;
    this.process = 'down';
    this.incarnation = undefined;
    this.service = {};
    this.receive = undefined;
    this.#stopHooks = [];
    this.park.observer.changed(this.name, change);
    if (incarnation !== undefined) {
      incarnation.isAlive = false;
      for (const exchange of [...incarnation.serving]) exchange.serverSide.ended();
      for (const exchange of [...incarnation.requesting]) exchange.clientSide.ended();
    }
    for (const resolve of [...this.#onceDown.splice(0), ...this.#onceUp.splice(0)]) resolve();
  }

  #hostFor(incarnation: Incarnation): Host {
    return {
      name: this.name,
      incarnation: incarnation.number,
      disk: this.disk.open(() => incarnation.isAlive),
      expose: (exports) => {
        if (incarnation.isAlive) this.exports = exports;
      },
      onStop: (hook) => {
        if (incarnation.isAlive) this.#stopHooks.push(hook);
      },
      send: (target, payload, label) => sendDatagram(incarnation, target, payload, label),
      onMessage: (receive) => {
        if (incarnation.isAlive) this.receive = receive;
      },
    };
  }
}
