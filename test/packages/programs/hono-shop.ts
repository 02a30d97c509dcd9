// A shop: Hono on @hono/node-server in front, ky towards the warehouse.

import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { requestId } from 'hono/request-id';
import { validator } from 'hono/validator';
import ky from 'ky';
import { isOrder, orders, place, type Reserve } from './orders.ts';
import { port, warehouseUrl } from './settings.ts';

export { failures, orders } from './orders.ts';

const warehouse = ky.create({ prefixUrl: warehouseUrl(), retry: 0, throwHttpErrors: false });

const reserve: Reserve = async (order, timeoutMs) => {
  const response = await warehouse.post('reservations', {
    json: order,
    timeout: timeoutMs,
    headers: { 'idempotency-key': order.id },
  });
  return { status: response.status, body: await response.json() };
};

const app = new Hono();
app.use(requestId());

const order = validator('json', (value, context) => {
  if (isOrder(value)) return value;
  return context.json({ error: 'not an order' }, 400);
});

app.post('/orders', order, async (context) => {
  const { status, body } = await place(context.req.valid('json'), reserve);
  return context.json(body, status);
});
app.get('/orders/:id', (context) => {
  const found = orders.get(context.req.param('id'));
  return found === undefined ? context.json({ error: 'no such order' }, 404) : context.json(found);
});
app.get('/boom', () => {
  throw new Error('a bug');
});
app.onError((error, context) => {
  if (error instanceof HTTPException) return context.json({ error: 'not an order' }, error.status);
  return context.json({ error: 'internal error' }, 500);
});

const server = serve({ fetch: app.fetch, port: port() });

process.on('SIGTERM', () => void server.close());
