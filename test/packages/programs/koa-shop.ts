// A shop: Koa 3 in front, got towards the warehouse.

import got from 'got';
import Koa from 'koa';
import { isOrder, orders, place, type Reserve } from './orders.ts';
import { port, warehouseUrl } from './settings.ts';

export { failures, orders } from './orders.ts';

const warehouse = got.extend({ prefixUrl: warehouseUrl(), throwHttpErrors: false });

const reserve: Reserve = async (order, timeoutMs) => {
  const { statusCode, body } = await warehouse.post<unknown>('reservations', {
    json: order,
    responseType: 'json',
    timeout: { request: timeoutMs },
    // The shop repeats its calls itself.
    retry: { limit: 0 },
    headers: { 'idempotency-key': order.id },
  });
  return { status: statusCode, body };
};

const app = new Koa();
app.silent = true;

app.use(async (context, next) => {
  context.set('x-request-id', crypto.randomUUID());
  try {
    await next();
  } catch (error) {
    const isWrong = error instanceof SyntaxError;
    context.status = isWrong ? 400 : 500;
    context.body = { error: isWrong ? 'not an order' : 'internal error' };
    if (!isWrong) context.app.emit('error', error, context);
  }
});

app.use(async (context, next) => {
  if (context.method !== 'POST') return next();
  let text = '';
  for await (const part of context.req) text += String(part);
  context.state['body'] = JSON.parse(text);
  return next();
});

app.use(async (context) => {
  const [, first, id] = context.path.split('/');
  if (first === 'boom') throw new Error('a bug');
  if (first !== 'orders') return context.throw(404);
  if (context.method === 'POST') {
    const order: unknown = context.state['body'];
    const { status, body } = isOrder(order)
      ? await place(order, reserve)
      : { status: 400, body: { error: 'not an order' } };
    context.status = status;
    context.body = body;
    return undefined;
  }
  const order = orders.get(id ?? '');
  context.status = order === undefined ? 404 : 200;
  context.body = order ?? { error: 'no such order' };
  return undefined;
});

const server = app.listen(port());

process.on('SIGTERM', () => {
  server.close();
  server.closeIdleConnections();
});
