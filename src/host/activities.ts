// Knows what the code of a host is doing: which message it is handling, which timer fired. Follows that
// through awaits by an AsyncLocalStorage of its own, and only in runs that keep a journal.

import { AsyncLocalStorage } from 'node:async_hooks';
import { ambientRegistry } from '../ambient/registry.ts';
import { TimerEvent } from '../ambient/timeout.ts';
import type { Engine } from '../engine/engine.ts';
import { EventKind, type QueuedEvent } from '../engine/event.ts';
import type { Activity } from '../history/provenance.ts';
import { Message } from './transport.ts';

/** What the hosts of one run are doing. */
export class Activities {
  readonly #engine: Engine;
  readonly #storage = new AsyncLocalStorage<Activity>();
  /** What a host was doing when it asked for an event of its own. */
  readonly #asking = new WeakMap<QueuedEvent, Activity>();
  readonly #known = new WeakMap<QueuedEvent, Activity>();

  constructor(engine: Engine) {
    this.#engine = engine;
    ambientRegistry().activities = this.#storage;
    const { onQueued } = engine;
    engine.onQueued = (event) => {
      onQueued?.(event);
      this.#queued(event);
    };
  }

  /** What the code that runs now is doing. */
  get current(): Activity {
    return this.#storage.getStore() ?? this.event;
  }

  /** The event that runs, and whose consequences are being drained. */
  get event(): Activity {
    const { current } = this.#engine;
    return current === undefined ? { kind: 'other', what: 'the beginning of the run' } : this.#of(current);
  }

  /** Runs an event; whatever code it leads to is doing that. */
  run(event: QueuedEvent): void {
    this.#storage.run(this.#of(event), () => event.run());
  }

  /** Calls a function that is known to do something more exact than the event that runs. */
  handle<Result>(activity: Activity, act: () => Result): Result {
    return this.#storage.run(activity, act);
  }

  /** Follows nothing any more: that costs every promise of the process a little. */
  end(): void {
    const registry = ambientRegistry();
    if (registry.activities === this.#storage) registry.activities = undefined;
    this.#storage.disable();
  }

  #queued(event: QueuedEvent): void {
    this.#known.delete(event);
    const asking = this.#storage.getStore();
    // What somebody else does to a host is not what the host does.
    if (asking !== undefined && this.#engine.current?.owner.id === event.owner.id)
      this.#asking.set(event, asking);
  }

  #of(event: QueuedEvent): Activity {
    let activity = this.#known.get(event);
    if (activity === undefined) this.#known.set(event, (activity = this.#describe(event)));
    return activity;
  }

  #describe(event: QueuedEvent): Activity {
    if (event instanceof Message) {
      const { link, topic, nth, isCopy } = event;
      return { kind: 'message', from: link.source, message: topic.kind, label: topic.label, nth, isCopy };
    }
    if (event.kind === EventKind.boot) return { kind: 'boot' };
    const asking = this.#asking.get(event);
    // Of a chain of timers only the beginning is told.
    const after = asking?.kind === 'timer' ? asking.after : asking;
    if (event instanceof TimerEvent)
      return { kind: 'timer', delayMs: event.timeout.delayMs, ...(after === undefined ? {} : { after }) };
    // Work that an event left over for later is still that event's.
    return asking ?? { kind: 'other', what: event.describe() };
  }
}
