// The inventory service as a program: nothing but `node:http`.

import http from 'node:http';
import { release, reserve, sell, type Answer, type Reservation } from '../services/stock.ts';
import { Table } from '../services/table.ts';
import { port, required } from './environment.ts';
import { JsonStore } from './json-store.ts';

const store = new JsonStore(required('DATA'), 'inventory');
export const available = new Table<number>(store, 'available');
export const reservations = new Table<Reservation>(store, 'reservations');

const stock = JSON.parse(required('STOCK')) as Record<string, number>;
for (const [sku, count] of Object.entries(stock)) {
  if (available.get(sku) === undefined) available.put(sku, count);
}

const server = http.createServer((request, response) => void respond(request, response));

async function respond(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
  const { status, body } = await answer(request);
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}

async function answer(request: http.IncomingMessage): Promise<Answer> {
  const [, collection, orderId, part] = (request.url ?? '').split('/');
  if (collection !== 'reservations' || orderId === undefined) return notFound;
  const tables = { available, reservations };
  if (request.method === 'DELETE') return release(tables, orderId);
  if (request.method !== 'PUT') return notFound;
  if (part === 'sold') return sell(tables, orderId);
  const body = await textOf(request);
  return reserve(tables, orderId, JSON.parse(body) as { sku: string; quantity: number });
}

const notFound: Answer = { status: 404, body: { error: 'not found' } };

async function textOf(request: http.IncomingMessage): Promise<string> {
  let text = '';
  request.setEncoding('utf8');
  for await (const part of request) text += part;
  return text;
}

server.listen(port(), () => console.log('inventory is listening'));
process.on('SIGTERM', () => server.close(() => process.exit(0)));
