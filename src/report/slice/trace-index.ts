// A trace with ways to find in it what belongs together: the entries of a step, a message from its sending
// to its arrivals, an operation from its invocation to its end.

import type { Operation } from '../../history/operation.ts';
import type { ArrivedEntry, SentEntry, StepEntry, TraceEntry } from '../../history/trace.ts';

type MessageName = Pick<SentEntry, 'from' | 'to' | 'message' | 'label' | 'nth'>;

/** Which message it is, in one text. */
export function messageKey({ from, to, message, label, nth }: MessageName): string {
  return `${from} ${to} ${message} ${label} ${nth}`;
}

/** A trace, by what one looks for in it. Places are places in the trace. */
export class TraceIndex {
  readonly trace: readonly TraceEntry[];
  readonly #steps = new Map<number, number>();
  readonly #within = new Map<number, number[]>();
  readonly #sent = new Map<string, number[]>();
  readonly #arrived = new Map<string, number[]>();
  readonly #invoked = new Map<number, number>();
  readonly #ended = new Map<number, number>();

  constructor(trace: readonly TraceEntry[]) {
    this.trace = trace;
    for (const [place, entry] of trace.entries()) this.#add(entry, place);
  }

  #add(entry: TraceEntry, place: number): void {
    put(this.#within, entry.step, place);
    if (entry.kind === 'step') this.#steps.set(entry.step, place);
    else if (entry.kind === 'sent') put(this.#sent, messageKey(entry), place);
    else if (entry.kind === 'arrived') put(this.#arrived, messageKey(entry), place);
    else if (entry.kind === 'operation') {
      (entry.type === 'invoke' ? this.#invoked : this.#ended).set(entry.id, place);
    }
  }

  at(place: number): TraceEntry {
    return this.trace[place] as TraceEntry;
  }

  /** Where a step begins. */
  step(step: number): number | undefined {
    return this.#steps.get(step);
  }

  stepEntry(step: number): StepEntry | undefined {
    const place = this.#steps.get(step);
    return place === undefined ? undefined : (this.trace[place] as StepEntry);
  }

  /** Everything that happened during a step, in order. */
  within(step: number): readonly number[] {
    return this.#within.get(step) ?? [];
  }

  /** Where a message was sent, last before a place: one that was held is sent again. */
  sent(name: MessageName, before: number = Number.POSITIVE_INFINITY): number | undefined {
    return this.#sent.get(messageKey(name))?.findLast((place) => place < before);
  }

  arrivals(name: MessageName): readonly number[] {
    return this.#arrived.get(messageKey(name)) ?? [];
  }

  /** The arrival that a step began with, if it is one. */
  arrivalIn(step: number): number | undefined {
    const host = this.stepEntry(step)?.host;
    return this.within(step).find((place) => {
      const entry = this.at(place);
      return entry.kind === 'arrived' && (host === undefined || entry.to === host);
    });
  }

  /** The arrival of a message that a host handled, last before a place. */
  handled(name: MessageName & Pick<ArrivedEntry, 'isCopy'>, before: number): number | undefined {
    return this.arrivals(name).findLast((place) => {
      const entry = this.at(place) as ArrivedEntry;
      return place < before && entry.isCopy === name.isCopy;
    });
  }

  invoked(operation: Pick<Operation, 'id'>): number | undefined {
    return this.#invoked.get(operation.id);
  }

  ended(operation: Pick<Operation, 'id'>): number | undefined {
    return this.#ended.get(operation.id);
  }

  /** The places of all entries of one kind for which something holds, in order. */
  all<Kind extends TraceEntry['kind']>(
    kind: Kind,
    holds: (entry: Extract<TraceEntry, { kind: Kind }>) => boolean = () => true,
  ): number[] {
    const places: number[] = [];
    for (const [place, entry] of this.trace.entries()) {
      if (entry.kind === kind && holds(entry as Extract<TraceEntry, { kind: Kind }>)) places.push(place);
    }
    return places;
  }
}

function put<Key>(lists: Map<Key, number[]>, key: Key, place: number): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [place]);
  else list.push(place);
}
