// Charges orders at the card processor. Keeps no data of its own, and leaves retrying to its caller: retries
// on every level would multiply.

import { Hono } from 'hono';
import { sometimes } from 'wavetank/markers';
import { call, RefusedError } from './retry.ts';

const PROCESSOR = 'https://api.cards.test';

/**
 * What a charge's idempotency key is made for.
 *
 * - `per-attempt`: the bug. Each request gets a key of its own, so a charge that was executed, but whose
 *   answer was lost, is executed again when the caller retries.
 * - `per-order`: the fix. All attempts to charge an order carry one key, and the processor charges once.
 */
export type ChargeKey = 'per-attempt' | 'per-order';

export function paymentsService({ chargeKey }: { chargeKey: ChargeKey }): Hono {
  const app = new Hono();

  app.post('/charges', async (c) => {
    const { orderId, amount } = await c.req.json<{ orderId: string; amount: number }>();
    const key = chargeKey === 'per-order' ? `charge-${orderId}` : crypto.randomUUID();
    const charge = await askProcessor('/v1/charges', { reference: orderId, amount }, key);
    return c.json(charge, 201);
  });

  // Undoes every charge of the order, those that have yet to reach the processor included.
  app.delete('/charges/:orderId', async (c) => {
    const orderId = c.req.param('orderId');
    return c.json(await askProcessor('/v1/voids', { reference: orderId }, `void-${orderId}`));
  });

  app.onError((error, c) => {
    if (error instanceof RefusedError) return c.json({ error: error.message }, 402);
    sometimes('a charge timed out', c.req.path === '/charges');
    return c.json({ error: error.message }, 504);
  });

  return app;
}

function askProcessor(path: string, body: unknown, key: string): Promise<unknown> {
  const headers = { 'Idempotency-Key': key };
  return call('POST', PROCESSOR + path, { body, headers, timeoutMs: 1_000, attemptsMax: 1 });
}
