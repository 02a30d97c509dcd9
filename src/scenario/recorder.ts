// Records a run: turns what an engine and hosts tell into the entries of a trace. Exists only for runs that
// are recorded, so that all others pay nothing.

import type { Engine } from '../engine/engine.ts';
import type { QueuedEvent } from '../engine/event.ts';
import { currentHost } from '../ambient/registry.ts';
import type { Activities } from '../host/activities.ts';
import type { Message } from '../host/transport.ts';
import type { Routing } from '../network/network.ts';
import type { MessageContent, SentEntry, TraceEntry } from '../history/trace.ts';
import { callerSite } from '../engine/call-site.ts';

type WithoutTime<Entry> = Entry extends unknown ? Omit<Entry, 'atUs' | 'step'> : never;

/** A message that may still grow: its entry is complete once time moves on. */
interface Leaving {
  readonly message: Message;
  readonly entry: SentEntry & { content?: MessageContent };
}

/** Collects the trace of one run. */
export class Recorder {
  readonly entries: TraceEntry[] = [];
  readonly #engine: Engine;
  /** The step that queued an event first: what paused or stalled it since is not its cause. */
  readonly #causes = new WeakMap<QueuedEvent, number>();
  readonly #leaving: Leaving[] = [];
  /** Knows what hosts are doing; set before the run begins. */
  activities: Activities | undefined;
  /** Told of the place of each entry, while the code runs that it is about. */
  onEntry: ((place: number) => void) | undefined;

  constructor(engine: Engine) {
    this.#engine = engine;
    engine.onQueued = (event) => {
      event.site = callerSite() ?? event.site;
      if (!this.#causes.has(event) && engine.steps > 0) this.#causes.set(event, engine.steps);
    };
    engine.onStep = (event) => {
      const [leaving] = this.#leaving;
      if (leaving !== undefined && leaving.entry.atUs < engine.nowUs) this.#left();
      const { site } = event;
      const cause = this.#causes.get(event);
      // An interval queues its event anew.
      this.#causes.delete(event);
      this.add({
        kind: 'step',
        host: event.owner.name,
        what: event.describe(),
        hash: engine.hash.digest(),
        ...(site === undefined ? {} : { site }),
        ...(cause === undefined ? {} : { cause }),
      });
    };
  }

  /** The step during which things happen now. */
  get step(): number {
    return this.#engine.steps;
  }

  /** Adds an entry. @returns it, as it is in the trace. */
  add(given: WithoutTime<TraceEntry>): TraceEntry {
    const at = { atUs: this.#engine.nowUs, step: this.#engine.steps };
    const cause = this.activities?.current;
    const isOfHost = given.kind === 'note' && given.host !== undefined && cause !== undefined;
    const entry: TraceEntry = isOfHost ? { ...at, ...given, cause } : { ...at, ...given };
    this.entries.push(entry);
    this.onEntry?.(this.entries.length - 1);
    return entry;
  }

  /** Takes an entry out again that was added in this step. */
  takeBack(entry: TraceEntry): void {
    const at = this.entries.lastIndexOf(entry);
    if (at !== -1) this.entries.splice(at, 1);
  }

  /** Completes the trace, once the run is over. */
  complete(): readonly TraceEntry[] {
    this.#left();
    return this.entries;
  }

  /** Reads what the messages carry that have left. */
  #left(): void {
    for (const { message, entry } of this.#leaving.splice(0)) {
      const content = message.content();
      if (content !== undefined) entry.content = content;
    }
  }

  sent(message: Message, routing: Routing): void {
    const { link, topic, nth } = message;
    const { status, request } = message;
    const cause = this.activities?.current;
    const host = currentHost();
    const spanId = host?.name === link.source ? host.activeSpanId : undefined;
    const content = message.mayGrow ? undefined : message.content();
    const entry = this.add({
      kind: 'sent',
      from: link.source,
      to: link.target,
      message: topic.kind,
      label: topic.label,
      nth,
      fate: fateOf(routing),
      ...(status === undefined ? {} : { status }),
      ...(routing.kind === 'deliver' ? { delayUs: routing.delayUs } : {}),
      ...(routing.kind === 'deliver' && routing.againUs >= 0 ? { isTwice: true } : {}),
      ...(content === undefined ? {} : { content }),
      ...(request === undefined ? {} : { request }),
      ...(cause === undefined ? {} : { cause }),
      ...(spanId === undefined ? {} : { spanId }),
    });
    if (message.mayGrow) this.#leaving.push({ message, entry: entry as SentEntry });
  }

  arrived(message: Message): void {
    const { link, topic, nth, isCopy } = message;
    this.add({
      kind: 'arrived',
      from: link.source,
      to: link.target,
      message: topic.kind,
      label: topic.label,
      nth,
      isCopy,
    });
  }

  printed(host: string, stream: 'stdout' | 'stderr', text: string): void {
    const cause = this.activities?.current;
    this.add({ kind: 'log', host, stream, text, ...(cause === undefined ? {} : { cause }) });
  }
}

function fateOf(routing: Routing): SentEntry['fate'] {
  if (routing.kind === 'deliver') return 'delivered';
  if (routing.kind === 'drop') return 'dropped';
  if (routing.kind === 'lost') return routing.why === 'partition' ? 'cut off' : 'lost';
  if (routing.kind === 'held') return 'held';
  if (routing.kind === 'blocked') return 'stalled';
  if (routing.code === 'ECONNRESET') return 'reset';
  return routing.code === 'ECONNREFUSED' ? 'refused' : 'failed';
}
