// The lock service: gives each lock to one holder at a time, for as long as its lease lasts.

import { Hono } from 'hono';

export interface Lease {
  /** Counts the leases of all locks: a later lease has a higher number. */
  readonly token: number;
  readonly owner: string;
  /** When it is over, by the clock of the lock service: milliseconds since 1970. */
  readonly expiresAt: number;
}

export interface LeaseRequest {
  readonly owner: string;
  readonly ttlMs: number;
}

export function lockService(): Hono {
  const leases = new Map<string, Lease>();
  let tokensGiven = 0;
  const app = new Hono();

  app.post('/locks/:name', async (c) => {
    const name = c.req.param('name');
    const { owner, ttlMs } = await c.req.json<LeaseRequest>();
    const held = leases.get(name);
    if (held !== undefined && Date.now() < held.expiresAt) return c.json({ heldBy: held.owner }, 409);
    const lease: Lease = { token: ++tokensGiven, owner, expiresAt: Date.now() + ttlMs };
    leases.set(name, lease);
    return c.json(lease, 201);
  });

  app.delete('/locks/:name/:token', (c) => {
    const name = c.req.param('name');
    if (leases.get(name)?.token === Number(c.req.param('token'))) leases.delete(name);
    return c.body(null, 204);
  });

  return app;
}
