// A shop: Fastify 5 in front, with a schema; undici's own `request` and `Pool` towards the warehouse.

import Fastify from 'fastify';
import { Pool } from 'undici';
import { orders, place, type OrderRequest, type Reserve } from './orders.ts';
import { port, warehouseUrl } from './settings.ts';

export { failures, orders } from './orders.ts';

const warehouse = new Pool(warehouseUrl(), { connections: 4, pipelining: 1 });

const reserve: Reserve = async (order, timeoutMs) => {
  const { statusCode, body } = await warehouse.request({
    path: '/reservations',
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': order.id },
    body: JSON.stringify(order),
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    signal: AbortSignal.timeout(timeoutMs),
  });
  return { status: statusCode, body: await body.json() };
};

const schema = {
  body: {
    type: 'object',
    required: ['id', 'sku', 'quantity'],
    properties: {
      id: { type: 'string' },
      sku: { type: 'string' },
      quantity: { type: 'integer', minimum: 1 },
    },
  },
  response: {
    201: {
      type: 'object',
      properties: {
        id: { type: 'string' },
        status: { type: 'string' },
        reservation: { type: 'object', additionalProperties: true },
      },
    },
  },
} as const;

const app = Fastify({ logger: { level: 'warn' }, genReqId: () => crypto.randomUUID() });
app.addHook('onSend', async (request, reply) => {
  reply.header('x-request-id', request.id);
});
app.setErrorHandler<Error & { validation?: unknown; statusCode?: number }>(async (error, _request, reply) => {
  const isWrong = error.validation !== undefined || error.statusCode === 400;
  return reply.code(isWrong ? 400 : 500).send({ error: isWrong ? 'not an order' : 'internal error' });
});

app.post<{ Body: OrderRequest }>('/orders', { schema }, async (request, reply) => {
  const { status, body } = await place(request.body, reserve);
  return reply.code(status).send(body);
});
app.get<{ Params: { id: string } }>('/orders/:id', async (request, reply) => {
  const order = orders.get(request.params.id);
  return order === undefined ? reply.code(404).send({ error: 'no such order' }) : order;
});
app.get('/boom', async () => {
  throw new Error('a bug');
});
app.addHook('onClose', async () => {
  await warehouse.close();
});

await app.listen({ port: port(), host: '0.0.0.0' });

process.once('SIGTERM', () => void app.close());
