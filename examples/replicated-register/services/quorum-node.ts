// A node that keeps its promises. Leaders are elected for a term by a majority, and answer clients only after
// a majority has confirmed, since the question came, that it knows no later term and has what the leader has.
//
// Source: In Search of an Understandable Consensus Algorithm (Ongaro and Ousterhout, 2014). Differs in that
// there is no log: the register is so small that each message to a follower carries all of it.

import { sometimes } from 'wavetank/markers';
import { ask, NODES, notHere, type Entry } from './messages.ts';

const BEAT_MS = 50;
const ANSWER_MS = 150;
const ELECTION_MS_MIN = 300;
const ELECTION_MS_SPAN = 300;
/** A leader that no majority confirms for so long steps down. */
const UNCONFIRMED_MS_MAX = 600;
const MAJORITY = Math.floor(NODES.length / 2) + 1;

/** The register, and which leader wrote it last, for the how-many-eth time. */
interface Version extends Entry {
  readonly term: number;
  readonly index: number;
}

/** What is on disk before a node says it to anybody. */
interface Durable {
  readonly term: number;
  readonly votedFor: string | undefined;
  readonly version: Version;
  /** The terms that it was elected for. */
  readonly won: readonly number[];
}

/** What the leader tells its followers. */
interface Append {
  readonly term: number;
  readonly leader: string;
  readonly version: Version;
}

/** What a candidate asks for. */
interface VoteRequest {
  readonly term: number;
  readonly candidate: string;
  readonly version: Version;
}

interface Waiter {
  readonly round: number;
  readonly resolve: (isConfirmed: boolean) => void;
}

/** Where a node keeps what has to survive a crash: `host.disk` in the simulation. */
export interface Store {
  get(key: string): unknown;
  put(key: string, value: unknown): void;
  sync(): void;
}

/** One node. */
export class QuorumNode {
  readonly name: string;
  role: 'follower' | 'candidate' | 'leader' = 'follower';
  leader: string | undefined;
  readonly #store: Store;
  readonly #peers: readonly string[];
  #durable: Durable;
  #heardMs = performance.now();
  #patienceMs = electionMs();
  /** Rounds of messages to all followers, and the last that each of them confirmed. */
  #round = 0;
  readonly #confirmed = new Map<string, number>();
  #confirmedMs = 0;
  #waiting: Waiter[] = [];

  constructor(name: string, store: Store) {
    this.name = name;
    this.#store = store;
    this.#peers = NODES.filter((node) => node !== name);
    const version = { number: 0, text: '', term: 0, index: 0 };
    const stored = store.get('node') as Durable | undefined;
    this.#durable = stored ?? { term: 0, votedFor: undefined, version, won: [] };
    setInterval(() => this.#tick(), BEAT_MS);
  }

  get isLeader(): boolean {
    return this.role === 'leader';
  }

  get term(): number {
    return this.#durable.term;
  }

  get won(): readonly number[] {
    return this.#durable.won;
  }

  get entry(): Entry {
    return this.#durable.version;
  }

  async handle(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (pathname === '/append') return Response.json(this.#append((await request.json()) as Append));
    if (pathname === '/vote') return Response.json(this.#vote((await request.json()) as VoteRequest));
    const entry = request.method === 'PUT' ? ((await request.json()) as Entry) : undefined;
    if (!this.isLeader) return notHere(this.leader);
    if (entry !== undefined && entry.number > this.entry.number) this.#write(entry);
    const { number, text } = this.entry;
    const isConfirmed = await this.#confirm();
    return Response.json({ number, text }, { status: isConfirmed ? 200 : 503 });
  }

  #tick(): void {
    const nowMs = performance.now();
    if (this.isLeader) {
      this.#beginRound();
      if (nowMs - this.#confirmedMs > UNCONFIRMED_MS_MAX) {
        sometimes('a leader without a majority stepped down', true);
        this.#follow(this.term, undefined);
      }
    } else if (nowMs - this.#heardMs > this.#patienceMs) this.#campaign();
  }

  // The leader.

  #write({ number, text }: Entry, change: Partial<Durable> = {}): void {
    const { version, term } = this.#durable;
    this.#save({ ...change, version: { number, text, term, index: version.index + 1 } });
  }

  /** Resolves when a majority has what this leader has, and knew of no later term after this was called. */
  #confirm(): Promise<boolean> {
    const round = this.#beginRound();
    return new Promise((resolve) => {
      this.#waiting.push({ round, resolve });
    });
  }

  #beginRound(): number {
    const round = ++this.#round;
    const { term, version } = this.#durable;
    const append: Append = { term, leader: this.name, version };
    for (const peer of this.#peers) void this.#tell(peer, append, round);
    return round;
  }

  async #tell(peer: string, append: Append, round: number): Promise<void> {
    const answer = await ask(peer, { method: 'POST', path: '/append', body: append, timeoutMs: ANSWER_MS });
    if (answer?.status !== 200) return;
    const { term } = answer.body as { term: number };
    if (term > this.term) return this.#follow(term, undefined);
    if (!this.isLeader || term < append.term || this.term !== append.term) return;
    this.#confirmed.set(peer, Math.max(round, this.#confirmed.get(peer) ?? 0));
    this.#settle();
  }

  /** Answers whoever waits for a round that a majority has confirmed; the leader is one of it. */
  #settle(): void {
    const rounds = [...this.#confirmed.values()].toSorted((left, right) => right - left);
    const byMajority = rounds[MAJORITY - 2] ?? 0;
    if (byMajority === 0) return;
    this.#confirmedMs = performance.now();
    const settled = this.#waiting.filter(({ round }) => round <= byMajority);
    this.#waiting = this.#waiting.filter(({ round }) => round > byMajority);
    for (const { resolve } of settled) resolve(true);
  }

  // The follower.

  #append({ term, leader, version }: Append): { term: number } {
    if (term < this.term) return { term: this.term };
    this.#follow(term, leader);
    if (isLater(version, this.#durable.version)) this.#save({ version });
    return { term };
  }

  /** Gives its vote once in a term, and to nobody who has less than it has itself. */
  #vote({ term, candidate, version }: VoteRequest): { term: number; isGranted: boolean } {
    if (term > this.term) this.#follow(term, undefined);
    const { votedFor } = this.#durable;
    const isFree = term === this.term && (votedFor === undefined || votedFor === candidate);
    const isGranted = isFree && !isLater(this.#durable.version, version);
    if (isGranted) {
      this.#save({ votedFor: candidate });
      this.#heardMs = performance.now();
    }
    return { term: this.term, isGranted };
  }

  #follow(term: number, leader: string | undefined): void {
    if (term > this.term) this.#save({ term, votedFor: undefined });
    this.role = 'follower';
    this.leader = leader;
    this.#heardMs = performance.now();
    this.#patienceMs = electionMs();
    for (const { resolve } of this.#waiting.splice(0)) resolve(false);
  }

  // The candidate.

  #campaign(): void {
    this.role = 'candidate';
    this.leader = undefined;
    this.#heardMs = performance.now();
    this.#patienceMs = electionMs();
    this.#save({ term: this.term + 1, votedFor: this.name });
    const { term, version } = this.#durable;
    const votes = new Set([this.name]);
    for (const peer of this.#peers) void this.#ask(peer, { term, candidate: this.name, version }, votes);
  }

  async #ask(peer: string, request: VoteRequest, votes: Set<string>): Promise<void> {
    const answer = await ask(peer, { method: 'POST', path: '/vote', body: request, timeoutMs: ANSWER_MS });
    if (answer?.status !== 200) return;
    const { term, isGranted } = answer.body as { term: number; isGranted: boolean };
    if (term > this.term) return this.#follow(term, undefined);
    if (this.role !== 'candidate' || this.term !== request.term || !isGranted) return;
    if (votes.add(peer).size >= MAJORITY) this.#lead();
  }

  /** What the leader before may have promised becomes its own: written again, in its own term. */
  #lead(): void {
    sometimes('a second leader was elected', this.term > 1);
    this.role = 'leader';
    this.leader = this.name;
    this.#confirmed.clear();
    this.#confirmedMs = performance.now();
    this.#write(this.entry, { won: [...this.won, this.term] });
    this.#beginRound();
  }

  #save(change: Partial<Durable>): void {
    this.#durable = { ...this.#durable, ...change };
    this.#store.put('node', this.#durable);
    this.#store.sync();
  }
}

function isLater(left: Version, right: Version): boolean {
  return left.term > right.term || (left.term === right.term && left.index > right.index);
}

function electionMs(): number {
  return ELECTION_MS_MIN + Math.random() * ELECTION_MS_SPAN;
}
