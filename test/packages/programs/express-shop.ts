// A shop: Express 5 in front, axios towards the warehouse.

import { randomUUID } from 'node:crypto';
import axios from 'axios';
import express, { type NextFunction, type Request, type Response } from 'express';
import { isOrder, orders, place, type Reserve } from './orders.ts';
import { port, warehouseUrl } from './settings.ts';

export { failures, orders } from './orders.ts';

const warehouse = axios.create({ baseURL: warehouseUrl(), validateStatus: () => true });

const reserve: Reserve = async (order, timeoutMs) => {
  const { status, data } = await warehouse.post<unknown>('/reservations', order, {
    timeout: timeoutMs,
    signal: AbortSignal.timeout(timeoutMs),
    headers: { 'idempotency-key': order.id },
  });
  return { status, body: data };
};

/** The app, also for who has a server of their own. */
export const app: express.Express = express();
app.disable('x-powered-by');
app.use((_request, response, next) => {
  response.set('x-request-id', randomUUID());
  next();
});
app.use(express.json({ limit: '10kb' }));

app.post('/orders', async (request, response) => {
  const order: unknown = request.body;
  if (!isOrder(order)) return void response.status(400).json({ error: 'not an order' });
  const { status, body } = await place(order, reserve);
  response.status(status).json(body);
});
app.get('/orders/:id', (request, response) => {
  const order = orders.get(request.params.id);
  if (order === undefined) return void response.status(404).json({ error: 'no such order' });
  response.json(order);
});
app.get('/boom', async () => {
  await Promise.reject(new Error('a bug'));
});
app.use((error: Error & { status?: number }, _request: Request, response: Response, _next: NextFunction) => {
  const status = error.status ?? 500;
  response.status(status).json({ error: status < 500 ? 'not an order' : 'internal error' });
});

const server = app.listen(port());

process.on('SIGTERM', () => {
  server.close();
  server.closeIdleConnections();
});
