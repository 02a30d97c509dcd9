// Which writes each read must have seen, if some guarantees are kept, and which writes they put into an
// order.

import type { Access, Accesses, Read, Write } from './access.ts';

/**
 * What a store may promise to each of its clients. Each keeps one part of the client's own order: reads after
 * writes, reads after reads, writes after writes, writes after reads.
 */
export type SessionGuarantee =
  'read your writes' | 'monotonic reads' | 'monotonic writes' | 'writes follow reads';

/** Why a write comes before another one. */
export interface Precedence {
  readonly from: Write;
  readonly to: Write;
  /**
   * `overwritten`: a read had to see both, and answered the second. `follows`: its client had read the
   * first.
   */
  readonly reason: 'program' | 'follows' | 'overwritten' | 'version';
  readonly read: Read | undefined;
}

/** A read that answered another value than the write that it had to see, and not a later one. */
export interface TooOldRead {
  readonly read: Read;
  readonly write: Write;
}

/** What follows from some guarantees. */
export interface Consequences {
  readonly precedences: readonly Precedence[];
  /** Those that answered what was there before all writes. */
  readonly initialReads: readonly TooOldRead[];
  /** Those that answered a write from which the other one follows. */
  readonly staleReads: readonly TooOldRead[];
}

/**
 * An order in which each access comes after what it follows from; or accesses that each follow from the
 * next.
 */
export type CausalOrder = { readonly order: readonly Access[] } | { readonly cycle: readonly Access[] };

/** Orders accesses by program and by what they read. */
export function causalOrder({ programs }: Accesses): CausalOrder {
  const order: Access[] = [];
  const isDone = new Set<Write>();
  const next = programs.map(() => 0);
  const waiting = new Map<Write, number[]>();
  const ready = programs.map((_, i) => i);
  for (let program = ready.pop(); program !== undefined; program = ready.pop()) {
    const accesses = programs[program] as readonly Access[];
    for (;;) {
      const access = accesses[next[program] as number];
      if (access === undefined) break;
      if (access.kind === 'read' && access.from !== undefined && !isDone.has(access.from)) {
        const others = waiting.get(access.from);
        if (others === undefined) waiting.set(access.from, [program]);
        else others.push(program);
        break;
      }
      order.push(access);
      next[program] = (next[program] as number) + 1;
      if (access.kind === 'write') {
        isDone.add(access);
        ready.push(...(waiting.get(access) ?? []));
        waiting.delete(access);
      }
    }
  }
  const stuck = programs.flatMap((accesses, i) => accesses[next[i] as number] ?? []);
  return stuck[0] === undefined ? { order } : { cycle: cycleFrom(stuck[0] as Read, programs, next) };
}

/** Each stuck program waits for a write of another one that is stuck: going on, one is met again. */
function cycleFrom(start: Read, programs: readonly (readonly Access[])[], next: readonly number[]): Access[] {
  const programOf = new Map<Access, number>();
  for (const [i, accesses] of programs.entries()) for (const each of accesses) programOf.set(each, i);
  const path: Access[] = [];
  const seenAt = new Map<Read, number>();
  let read = start;
  for (;;) {
    const from = seenAt.get(read);
    if (from !== undefined) return path.slice(from);
    seenAt.set(read, path.length);
    const write = read.from as Write;
    path.push(read, write);
    const program = programOf.get(write) as number;
    read = (programs[program] as readonly Access[])[next[program] as number] as Read;
  }
}

/** For each session, how many of its writes are visible. */
type Clock = Int32Array;

/** What has gone through one client so far. */
interface Passage {
  reads: Clock | undefined;
  lastWrite: Write | undefined;
  readsSince: Read[];
}

/**
 * Draws the consequences of guarantees. Those of one client's writes keep their order always: without that
 * (monotonic writes) no history shows which of two versions is the older.
 *
 * Takes time in proportion to accesses times sessions.
 */
export class Visibility {
  readonly #accesses: Accesses;
  readonly #order: readonly Access[];
  /** For each key, the writes of each session that wrote it. */
  readonly #writers = new Map<string, Map<number, Write[]>>();

  constructor(accesses: Accesses, order: readonly Access[]) {
    this.#accesses = accesses;
    this.#order = order;
    for (const access of order) {
      if (access.kind === 'read') continue;
      const { key, session } = access;
      let sessions = this.#writers.get(key);
      if (sessions === undefined) this.#writers.set(key, (sessions = new Map()));
      const own = sessions.get(session);
      if (own === undefined) sessions.set(session, [access]);
      else own.push(access);
    }
  }

  of(guarantees: ReadonlySet<SessionGuarantee>): Consequences {
    const { sessionCount, writes, programs } = this.#accesses;
    const clocks: (Clock | undefined)[] = writes.map(() => undefined);
    const found = {
      precedences: [] as Precedence[],
      initialReads: [] as TooOldRead[],
      staleReads: [] as TooOldRead[],
    };
    const passages = new Map<Access, Passage>();
    for (const program of programs) {
      const passage: Passage = { reads: undefined, lastWrite: undefined, readsSince: [] };
      for (const access of program) passages.set(access, passage);
    }
    for (const access of this.#order) {
      const passage = passages.get(access) as Passage;
      const clock = new Int32Array(sessionCount);
      if (
        passage.lastWrite !== undefined &&
        (access.kind === 'write' || guarantees.has('read your writes'))
      ) {
        join(clock, clocks[passage.lastWrite.index] as Clock);
      }
      const after: SessionGuarantee = access.kind === 'write' ? 'writes follow reads' : 'monotonic reads';
      if (passage.reads !== undefined && guarantees.has(after)) join(clock, passage.reads);
      if (access.kind === 'write') {
        clock[access.session] = access.nth;
        clocks[access.index] = clock;
        this.#noteWrite(access, passage, guarantees, found.precedences);
        continue;
      }
      if (access.from !== undefined) join(clock, clocks[access.from.index] as Clock);
      this.#noteRead(access, clock, clocks, found);
      if (passage.reads === undefined) passage.reads = clock;
      else join(passage.reads, clock);
      passage.readsSince.push(access);
    }
    return found;
  }

  #noteWrite(
    write: Write,
    passage: Passage,
    guarantees: ReadonlySet<SessionGuarantee>,
    precedences: Precedence[],
  ): void {
    const { lastWrite, readsSince } = passage;
    if (lastWrite !== undefined) {
      precedences.push({ from: lastWrite, to: write, reason: 'program', read: undefined });
    }
    if (guarantees.has('writes follow reads')) {
      for (const read of readsSince) {
        if (read.from !== undefined)
          precedences.push({ from: read.from, to: write, reason: 'follows', read });
      }
    }
    if (!write.isSure) return;
    passage.lastWrite = write;
    passage.readsSince = [];
  }

  #noteRead(
    read: Read,
    clock: Clock,
    clocks: readonly (Clock | undefined)[],
    found: { precedences: Precedence[]; initialReads: TooOldRead[]; staleReads: TooOldRead[] },
  ): void {
    const { from } = read;
    let isStale = false;
    for (const [session, writes] of this.#writers.get(read.key) ?? []) {
      const write = lastUpTo(writes, clock[session] as number);
      if (write === undefined || write === from) continue;
      if (from === undefined) {
        found.initialReads.push({ read, write });
        return;
      }
      const isAfter = ((clocks[write.index] as Clock)[from.session] as number) >= from.nth;
      if (isAfter && !isStale) {
        isStale = true;
        found.staleReads.push({ read, write });
      }
      // The order of a program says as much.
      if (write.session === from.session && write.nth < from.nth) continue;
      found.precedences.push({ from: write, to: from, reason: 'overwritten', read });
    }
  }
}

function join(clock: Clock, other: Clock): void {
  for (let i = 0; i < clock.length; i++) {
    if ((other[i] as number) > (clock[i] as number)) clock[i] = other[i] as number;
  }
}

/** The last of a session's writes of a key that is visible. */
function lastUpTo(writes: readonly Write[], nth: number): Write | undefined {
  let [low, high] = [0, writes.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((writes[middle] as Write).nth <= nth) low = middle + 1;
    else high = middle;
  }
  return writes[low - 1];
}
