// A message queue, over HTTP, as those in the cloud are: each message is delivered at least once. Who
// received one has some time to acknowledge it; after that it is delivered again.

import { Hono } from 'hono';
import { sometimes } from 'wavetank/markers';
import { insist } from './call.ts';
import type { Store } from './store.ts';

const LEASE_MS = 1_000;

export interface Message {
  readonly id: string;
  readonly body: unknown;
}

export function queueService(store: Store): Hono {
  const app = new Hono();
  const hiddenUntilMs = new Map<string, number>();
  let count = Number(store.get('count') ?? 0);

  app.post('/messages', async (c) => {
    const body = await c.req.json<unknown>();
    const id = String(++count).padStart(6, '0');
    store.put('count', count);
    store.put(`message/${id}`, { id, body } satisfies Message);
    store.sync();
    return c.json(id);
  });
  app.post('/received', (c) => {
    const nowMs = Date.now();
    const next = store.rows<Message>('message').find(({ id }) => (hiddenUntilMs.get(id) ?? 0) <= nowMs);
    if (next === undefined) return c.json(null);
    if (hiddenUntilMs.has(next.id)) sometimes('a message was delivered again');
    hiddenUntilMs.set(next.id, nowMs + LEASE_MS);
    return c.json(next);
  });
  app.delete('/messages/:id', (c) => {
    store.delete(`message/${c.req.param('id')}`);
    store.sync();
    return c.json('acknowledged');
  });
  return app;
}

/** A client of the queue. */
export class Queue {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  /** @returns once the queue has it. It may have it twice by then: a lost answer looks like none. */
  publish(body: unknown): Promise<unknown> {
    return insist('POST', `${this.#url}/messages`, body);
  }

  /** The next message, or null. */
  receive(): Promise<Message | null> {
    return insist('POST', `${this.#url}/received`);
  }

  acknowledge({ id }: Message): Promise<unknown> {
    return insist('DELETE', `${this.#url}/messages/${id}`);
  }
}
