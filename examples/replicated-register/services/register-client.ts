// The client's side: looks for the leader, and asks until there is an answer. A write is repeated with its
// number, so that it may reach the register more than once.

import { ask, NODES, type Entry } from './messages.ts';

const ANSWER_MS = 300;
const PAUSE_MS = 40;

/** Reads what the register holds. */
export function read(): Promise<Entry> {
  return insist('GET');
}

/** Writes, and returns once it was acknowledged. */
export function write(entry: Entry): Promise<Entry> {
  return insist('PUT', entry);
}

async function insist(method: 'GET' | 'PUT', body?: Entry): Promise<Entry> {
  // Any node will do to begin with: it knows, or believes to know, who leads.
  let at = Math.floor(Math.random() * NODES.length);
  for (;;) {
    const answer = await ask(NODES[at] as string, {
      method,
      path: '/register',
      ...(body === undefined ? {} : { body }),
      timeoutMs: ANSWER_MS,
    });
    if (answer?.status === 200) return answer.body as Entry;
    const { leader } = (answer?.status === 421 ? answer.body : {}) as { leader?: string };
    const known = NODES.findIndex((node) => node === leader);
    at = known === -1 || known === at ? (at + 1) % NODES.length : known;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}
