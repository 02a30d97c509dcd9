// Holds back the events of a machine: all of them while it is paused, and each for its time while it is late.

import { EventKind, type QueuedEvent } from '../engine/event.ts';
import { LateLoop, type Lateness } from './late-loop.ts';
import type { HostMachine } from './machine.ts';

/** Says when the events of one machine run. */
export class EventGate {
  readonly #machine: HostMachine;
  #isPaused = false;
  #late: LateLoop | undefined;
  readonly #deferred: QueuedEvent[] = [];

  constructor(machine: HostMachine) {
    this.#machine = machine;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  get state(): 'ready' | 'late' | 'paused' {
    if (this.#isPaused) return 'paused';
    return this.#late === undefined ? 'ready' : 'late';
  }

  putsOff(event: QueuedEvent): boolean {
    return this.#late?.putsOff(event) ?? false;
  }

  defer(event: QueuedEvent): void {
    this.#machine.park.observer.deferred(this.#machine.name);
    this.#deferred.push(event);
  }

  /** From now on events run late. @returns what ends that. */
  runLate(reason: Lateness): () => void {
    const late = (this.#late ??= new LateLoop(this.#machine.park.engine));
    late.begin(reason);
    return () => {
      late.end(reason);
      if (late.isOver) this.#late = undefined;
    };
  }

  pause(): void {
    if (this.#isPaused) return;
    this.#isPaused = true;
    if (this.#late !== undefined) this.#deferred.push(...this.#late.withdraw());
    this.#machine.park.observer.changed(this.#machine.name, 'paused');
  }

  /** Runs what came due in the meantime, late and in order. */
  resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    const { name, incarnation, park } = this.#machine;
    const { engine, observer } = park;
    observer.changed(name, 'resumed');
    // Timers that come due just now come after those that are late.
    const isTied = (event: QueuedEvent): boolean =>
      event.owner === incarnation && event.kind === EventKind.timer && event.dueUs <= engine.nowUs;
    const tied = this.#deferred.length === 0 ? [] : engine.queue.inOrder().filter(isTied);
    for (const event of tied) engine.queue.remove(event);
    for (const [i, event] of [...this.#deferred.splice(0), ...tied].entries())
      engine.scheduleExactly(event, engine.nowUs, i);
  }

  /** The process is over: the next one begins with nothing to catch up on. */
  restart(): void {
    this.#late?.restart();
  }
}
