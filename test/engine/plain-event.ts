// Events and owners without any host, for the tests of the engine.

import { EventKind, QueuedEvent, type EventOwner } from '../../src/engine/event.ts';

/** An owner that runs, defers or loses its events, as it is told. */
export class PlainOwner implements EventOwner {
  readonly name: string;
  readonly id: number;
  state: 'ready' | 'paused' | 'gone' = 'ready';
  readonly deferred: QueuedEvent[] = [];
  loopRefs = 0;

  constructor(name = 'alpha', id = 1) {
    this.name = name;
    this.id = id;
  }

  defer(event: QueuedEvent): void {
    this.deferred.push(event);
  }

  enter(event: QueuedEvent): void {
    event.run();
  }
}

/** An event that calls a function. */
export class PlainEvent extends QueuedEvent {
  readonly what: string;
  readonly #act: (() => void) | undefined;

  constructor(what = 'event', act?: () => void, owner: EventOwner = new PlainOwner()) {
    super(EventKind.control, owner);
    this.what = what;
    this.#act = act;
  }

  get fingerprint(): number {
    return this.what.length;
  }

  describe(): string {
    return this.what;
  }

  run(): void {
    this.#act?.();
  }
}
