// In which order operations may take effect: by real time, where one that ended before another began comes
// before it; or by program, where only operations of one client have an order.

import type { Call } from './call.ts';

/** An operation that could be the next. */
export interface Candidate {
  readonly call: number;
  /** Whether it must take effect: its end is known. */
  readonly isSure: boolean;
  /** Those with a lower one are tried first. */
  readonly deadline: number;
}

/** Which operations could be the next. What is taken last is given back first. */
export interface Order<C extends Candidate = Candidate> {
  open(): C[];
  take(candidate: C): void;
  giveBack(candidate: C): void;
  /** The operation after which nothing open can come, and how far that is. */
  end(): { readonly call: number; readonly place: number } | undefined;
}

/** Whether an operation must have taken effect. */
export function isSure({ endedMs }: Call<unknown, unknown>): boolean {
  return Number.isFinite(endedMs);
}

/** A beginning or an end, in a list from which those that took effect are taken out. */
class Entry implements Candidate {
  readonly call: number;
  /** For a beginning: its end; undefined where nobody knows it. */
  match: Entry | undefined;
  readonly isEnd: boolean;
  readonly place: number;
  previous!: Entry;
  following: Entry | undefined;

  constructor(call: number, isEnd: boolean, place: number) {
    this.call = call;
    this.isEnd = isEnd;
    this.place = place;
  }

  get isSure(): boolean {
    return this.match !== undefined;
  }

  get deadline(): number {
    return this.match?.place ?? Number.MAX_SAFE_INTEGER;
  }
}

/** Real time. Calls are given in the order in which they began. */
export class RealTimeOrder implements Order<Entry> {
  readonly #head = new Entry(-1, false, -1);

  constructor(calls: readonly Call<unknown, unknown>[]) {
    link(this.#head, calls);
  }

  open(): Entry[] {
    const open: Entry[] = [];
    let each = this.#head.following;
    for (; each !== undefined && !each.isEnd; each = each.following) open.push(each);
    return open;
  }

  take(entry: Entry): void {
    takeOut(entry);
    if (entry.match !== undefined) takeOut(entry.match);
  }

  giveBack(entry: Entry): void {
    if (entry.match !== undefined) putBack(entry.match);
    putBack(entry);
  }

  end(): Entry | undefined {
    let each = this.#head.following;
    while (each !== undefined && !each.isEnd) each = each.following;
    return each;
  }
}

/** Times are closed intervals: what ends at the moment at which another begins overlaps with it. */
function link(head: Entry, calls: readonly Call<unknown, unknown>[]): void {
  const ends = calls
    .flatMap((call, i) => (isSure(call) ? [{ call: i, atMs: call.endedMs }] : []))
    .toSorted((left, right) => left.atMs - right.atMs);
  const begins: Entry[] = [];
  let last = head;
  let place = 0;
  const append = (entry: Entry): void => {
    last.following = entry;
    entry.previous = last;
    last = entry;
  };
  let nextEnd = 0;
  const appendEnds = (beforeMs: number): void => {
    for (let end = ends[nextEnd]; end !== undefined && end.atMs < beforeMs; end = ends[++nextEnd]) {
      const entry = new Entry(end.call, true, place++);
      (begins[end.call] as Entry).match = entry;
      append(entry);
    }
  };
  for (const [i, { beganMs }] of calls.entries()) {
    appendEnds(beganMs);
    append((begins[i] = new Entry(i, false, place++)));
  }
  appendEnds(Number.POSITIVE_INFINITY);
}

function takeOut(entry: Entry): void {
  entry.previous.following = entry.following;
  if (entry.following !== undefined) entry.following.previous = entry.previous;
}

function putBack(entry: Entry): void {
  entry.previous.following = entry;
  if (entry.following !== undefined) entry.following.previous = entry;
}

interface Program {
  /** Its operations whose end is known, in the order in which it made them. */
  readonly sure: readonly Candidate[];
  next: number;
  /** The others, each with how many of those before it must have taken effect. */
  readonly unsure: { readonly candidate: Candidate; readonly after: number; isTaken: boolean }[];
}

/** The order of each client's program. */
export class ProgramOrder implements Order {
  readonly #programs: Program[] = [];
  readonly #programOf = new Map<number, Program>();
  #taken = 0;

  constructor(calls: readonly Call<unknown, unknown>[]) {
    const byClient = new Map<string, number[]>();
    for (const [call, { operation }] of calls.entries()) {
      const own = byClient.get(operation.client);
      if (own === undefined) byClient.set(operation.client, [call]);
      else own.push(call);
    }
    for (const indices of byClient.values()) {
      const sure: Candidate[] = [];
      const unsure: Program['unsure'] = [];
      const program: Program = { sure, next: 0, unsure };
      for (const call of indices) {
        const isCertain = isSure(calls[call] as Call<unknown, unknown>);
        const candidate = { call, isSure: isCertain, deadline: isCertain ? call : Number.MAX_SAFE_INTEGER };
        if (isCertain) sure.push(candidate);
        else unsure.push({ candidate, after: sure.length, isTaken: false });
        this.#programOf.set(call, program);
      }
      this.#programs.push(program);
    }
  }

  open(): Candidate[] {
    const open: Candidate[] = [];
    for (const { sure, next, unsure } of this.#programs) {
      const first = sure[next];
      if (first !== undefined) open.push(first);
      for (const { candidate, after, isTaken } of unsure) if (!isTaken && after <= next) open.push(candidate);
    }
    return open;
  }

  take(candidate: Candidate): void {
    this.#move(candidate, 1);
  }

  giveBack(candidate: Candidate): void {
    this.#move(candidate, -1);
  }

  #move(candidate: Candidate, by: 1 | -1): void {
    const program = this.#programOf.get(candidate.call) as Program;
    if (candidate.isSure) {
      program.next += by;
      this.#taken += by;
      return;
    }
    const own = program.unsure.find((each) => each.candidate === candidate);
    if (own !== undefined) own.isTaken = by === 1;
  }

  /** The first operation that is left, where more have been placed than ever before. */
  end(): { call: number; place: number } | undefined {
    const left = this.open().filter((each) => each.isSure);
    const first = left.toSorted((one, other) => one.deadline - other.deadline)[0];
    return first === undefined ? undefined : { call: first.call, place: this.#taken };
  }
}
