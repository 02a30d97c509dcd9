// The payments service as a program: Fastify in front, `fetch` towards the card processor. See
// `services/payments.ts` for what CHARGE_KEY means.

import Fastify from 'fastify';
import { sometimes } from 'wavetank/markers';
import { call, RefusedError } from '../services/retry.ts';
import { port, required } from './environment.ts';

const processor = required('CARDS_URL');
const isKeyPerOrder = required('CHARGE_KEY') === 'per-order';
const app = Fastify();

app.post<{ Body: { orderId: string; amount: number } }>('/charges', async (request, reply) => {
  const { orderId, amount } = request.body;
  const key = isKeyPerOrder ? `charge-${orderId}` : crypto.randomUUID();
  return reply.code(201).send(await askProcessor('/v1/charges', { reference: orderId, amount }, key));
});

// Undoes every charge of the order, those that have yet to reach the processor included.
app.delete<{ Params: { orderId: string } }>('/charges/:orderId', async (request) => {
  const { orderId } = request.params;
  return askProcessor('/v1/voids', { reference: orderId }, `void-${orderId}`);
});

app.setErrorHandler<Error>((error, request, reply) => {
  if (error instanceof RefusedError) return reply.code(402).send({ error: error.message });
  sometimes('a charge timed out', request.url === '/charges');
  return reply.code(504).send({ error: error.message });
});

function askProcessor(path: string, body: unknown, key: string): Promise<unknown> {
  const headers = { 'Idempotency-Key': key };
  return call('POST', processor + path, { body, headers, timeoutMs: 1_000, attemptsMax: 1 });
}

await app.listen({ port: port(), host: '0.0.0.0' });
console.log('payments is listening');

process.on('SIGTERM', () => void app.close().then(() => process.exit(0)));
