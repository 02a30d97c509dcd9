// A node as it was first shipped. The leader answers clients at once, and tells followers in the next beat;
// a follower that hears no beat for a while takes the leader for dead, and leads.

import { ask, NODES, notHere, type Entry } from './messages.ts';

const BEAT_MS = 100;
/** Times the rank of the node, so that not all of them take over at once. */
const SILENCE_MS = 400;

interface Beat {
  readonly leader: string;
  readonly entry: Entry;
}

/** One node. */
export class NaiveNode {
  readonly name: string;
  entry: Entry = { number: 0, text: '' };
  leader: string = NODES[0];
  #heardMs = performance.now();

  constructor(name: string) {
    this.name = name;
    setInterval(() => this.#tick(), BEAT_MS);
  }

  get isLeader(): boolean {
    return this.leader === this.name;
  }

  async handle(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (pathname === '/beat') return this.#heard((await request.json()) as Beat);
    if (!this.isLeader) return notHere(this.leader);
    if (request.method === 'GET') return Response.json(this.entry);
    const entry = (await request.json()) as Entry;
    if (entry.number > this.entry.number) this.entry = entry;
    return Response.json(this.entry);
  }

  #tick(): void {
    if (!this.isLeader && performance.now() - this.#heardMs > SILENCE_MS * rankOf(this.name)) {
      this.leader = this.name;
    }
    if (!this.isLeader) return;
    const beat: Beat = { leader: this.name, entry: this.entry };
    for (const node of NODES) {
      if (node !== this.name)
        void ask(node, { method: 'POST', path: '/beat', body: beat, timeoutMs: BEAT_MS });
    }
  }

  /** Of two leaders, the one of lower rank gives way; so does what it has written meanwhile. */
  #heard({ leader, entry }: Beat): Response {
    if (rankOf(leader) > rankOf(this.leader) && this.isLeader) return notHere(this.name);
    this.leader = leader;
    this.entry = entry;
    this.#heardMs = performance.now();
    return Response.json({});
  }
}

function rankOf(node: string): number {
  return NODES.indexOf(node as (typeof NODES)[number]);
}
