// Who waited how long for what: the requests between hosts and the operations of clients, as their senders
// saw them, and how many requests a host had at once. Kept only in runs for which somebody asks.

import type { VirtualNow } from '../time/host-clock.ts';
import type { Operation } from './operation.ts';

/** How a call ended. `failed`: its sender was told so. `given up`: its sender stopped waiting, or ended. */
export type CallEnd = 'pending' | 'answered' | 'failed' | 'given up';

/** A request, or an operation of a client, as its sender saw it. */
export interface TimedCall {
  readonly kind: 'request' | 'operation';
  /** `POST /charge`; the name of an operation. */
  readonly name: string;
  /** The host or client that waited. */
  readonly from: string;
  /** The host that a request went to; nothing for an operation. */
  readonly to: string;
  /** Which request of its name on its link, counted from 1; 0 for one on a connection that was dead. */
  readonly nth: number;
  /** The id of an operation in the history; -1 for a request. */
  readonly operation: number;
  /** When it left its sender. */
  readonly sentMs: number;
  /** When the head of the answer arrived, or the sender learned that there is none, or stopped waiting. */
  readonly endedMs: number | undefined;
  readonly end: CallEnd;
  /** The status of the answer to a request. */
  readonly status: number | undefined;
  /**
   * Whether it had no answer, or one of 500 and above; an operation, if it came to nothing by an error or its
   * outcome is unknown. False while it is pending.
   */
  readonly isError: boolean;
  /** Whether it was sent after the storm, or ended before any fault had struck. */
  readonly isCalm: boolean;
}

/** A request that arrived at a host. */
export interface Arrival {
  readonly call: TimedCall;
  /** How many requests the host has now: arrived, not answered, and with a client that waits. */
  readonly depth: number;
  /** Whether no fault had struck by then, or it was sent after the storm. */
  readonly isCalm: boolean;
}

/** What was sent and what arrived in one run, so far. Both lists grow while the run goes on. */
export interface Traffic {
  readonly calls: readonly TimedCall[];
  readonly arrivals: readonly Arrival[];
}

/** What names a call. */
export type CallName = Pick<TimedCall, 'kind' | 'name' | 'from' | 'to' | 'nth' | 'operation'>;

/** A call in the making. */
export class Call implements TimedCall {
  readonly kind: TimedCall['kind'];
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly nth: number;
  readonly operation: number;
  readonly sentMs: number;
  endedMs: number | undefined;
  end: CallEnd = 'pending';
  status: number | undefined;
  isError = false;
  isCalm: boolean;
  /** Whether the host that it went to has it. */
  isThere = false;

  constructor({ kind, name, from, to, nth, operation }: CallName, sentMs: number, isCalm: boolean) {
    this.kind = kind;
    this.name = name;
    this.from = from;
    this.to = to;
    this.nth = nth;
    this.operation = operation;
    this.sentMs = sentMs;
    this.isCalm = isCalm;
  }
}

/** Takes down what is sent, what arrives and what comes back. It only watches. */
export class TrafficLog implements Traffic {
  readonly calls: Call[] = [];
  readonly arrivals: Arrival[] = [];
  readonly #time: VirtualNow;
  readonly #operations = new Map<number, Call>();
  readonly #depths = new Map<string, number>();
  /** The calls that are calm as long as nothing strikes before they end. */
  readonly #pending = new Set<Call>();
  #isCalm = true;
  #isHealed = false;
  #isOver = false;

  constructor(time: VirtualNow) {
    this.#time = time;
  }

  /** A request leaves its sender. */
  sent({ name, from, to, nth }: Pick<CallName, 'name' | 'from' | 'to' | 'nth'>): Call {
    return this.#begin({ kind: 'request', name, from, to, nth, operation: -1 });
  }

  /** The host takes it. */
  arrived(call: Call): void {
    if (this.#isOver || call.isThere) return;
    const depth = (this.#depths.get(call.to) ?? 0) + 1;
    this.#depths.set(call.to, depth);
    call.isThere = true;
    this.arrivals.push({ call, depth, isCalm: call.isCalm });
  }

  /** Its answer leaves the host, or nobody waits for one any more, or the host's process ended. */
  left(call: Call): void {
    if (!call.isThere) return;
    call.isThere = false;
    this.#depths.set(call.to, (this.#depths.get(call.to) ?? 1) - 1);
  }

  /** Its answer is there. */
  answered(call: Call, status: number): void {
    if (call.end !== 'pending' || this.#isOver) return;
    call.status = status;
    this.#end(call, 'answered', status >= 500);
  }

  /** There is no answer: its sender was told, or waits no longer. */
  unanswered(call: Call, end: 'failed' | 'given up'): void {
    if (call.end === 'pending' && !this.#isOver) this.#end(call, end, true);
  }

  /** A client began or ended an operation. */
  operation({ id, client, name, error }: Operation, type: 'invoke' | Operation['type']): void {
    if (type === 'invoke') {
      const to = '';
      const call = this.#begin({ kind: 'operation', name, from: client, to, nth: id + 1, operation: id });
      this.#operations.set(id, call);
      return;
    }
    const call = this.#operations.get(id);
    if (call === undefined || this.#isOver) return;
    const isError = type === 'info' || (type === 'fail' && error !== undefined);
    this.#end(call, error === undefined ? 'answered' : 'failed', isError);
  }

  /** A fault struck. */
  disturbed(): void {
    if (!this.#isCalm || this.#isHealed) return;
    this.#isCalm = false;
    for (const call of this.#pending) call.isCalm = false;
    this.#pending.clear();
  }

  /** The storm is over. */
  healed(): void {
    this.#isHealed = true;
  }

  /** The run is over: what is torn down now ends no call. */
  over(): void {
    this.#isOver = true;
  }

  #begin(name: CallName): Call {
    const begun = new Call(name, this.#time.nowUs / 1000, this.#isCalm || this.#isHealed);
    this.calls.push(begun);
    if (this.#isCalm && !this.#isHealed) this.#pending.add(begun);
    return begun;
  }

  #end(call: Call, end: CallEnd, isError: boolean): void {
    call.end = end;
    call.endedMs = this.#time.nowUs / 1000;
    call.isError = isError;
    this.#pending.delete(call);
  }
}
