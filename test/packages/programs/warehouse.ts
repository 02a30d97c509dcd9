// The warehouse: plain `node:http`, with a journal on the disk. A reservation is made once for each key.

import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { dirname } from 'node:path';
import { port, required } from './settings.ts';

interface Reservation {
  readonly key: string;
  readonly sku: string;
  readonly quantity: number;
  readonly at: string;
}

const STOCK: Readonly<Record<string, number>> = { kettle: 100, lamp: 3 };
const journal = required('JOURNAL');

export const reservations: Map<string, Reservation> = new Map();

mkdirSync(dirname(journal), { recursive: true });
if (existsSync(journal)) {
  for (const line of readFileSync(journal, 'utf8').split('\n').filter(Boolean)) {
    const reservation = JSON.parse(line) as Reservation;
    reservations.set(reservation.key, reservation);
  }
}

/** How much of an article is reserved. */
export function reserved(sku: string): number {
  let sum = 0;
  for (const each of reservations.values()) if (each.sku === sku) sum += each.quantity;
  return sum;
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== 'POST' || request.url !== '/reservations') return send(response, 404, {});
  let text = '';
  request.setEncoding('utf8');
  for await (const part of request) text += String(part);
  const key = String(request.headers['idempotency-key']);
  const { sku, quantity } = JSON.parse(text) as { sku: string; quantity: number };
  const known = reservations.get(key);
  if (known !== undefined) return send(response, 201, { key, at: known.at });
  if (reserved(sku) + quantity > (STOCK[sku] ?? 0)) return send(response, 409, { error: 'out of stock' });
  const reservation = { key, sku, quantity, at: new Date().toISOString() };
  appendFileSync(journal, `${JSON.stringify(reservation)}\n`);
  reservations.set(key, reservation);
  send(response, 201, { key, at: reservation.at });
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

const server = createServer((request, response) => {
  answer(request, response).catch(() => {
    if (!response.headersSent) response.writeHead(500);
    response.end();
  });
});
server.listen(port());

process.on('SIGTERM', () => {
  server.close();
  server.closeIdleConnections();
});
