// Something that happens to a machine at a time, and is no message and no timer of its program: a boot, a
// deadline, a planned fault.

import { EventKind, QueuedEvent, type EventKindCode, type EventOwner } from '../engine/event.ts';
import { hashString } from '../random/hash.ts';

/** An event that is a function with a name. */
export class ControlEvent extends QueuedEvent {
  readonly #what: string;
  readonly #act: () => void;

  constructor(owner: EventOwner, what: string, act: () => void, kind: EventKindCode = EventKind.control) {
    super(kind, owner);
    this.#what = what;
    this.#act = act;
  }

  get fingerprint(): number {
    return hashString(this.#what);
  }

  describe(): string {
    return this.#what;
  }

  run(): void {
    this.#act();
  }
}
