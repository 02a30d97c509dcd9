// A web front: `node:http` for customers, gRPC with deadlines towards the stock.

import { createServer, type IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  credentials,
  makeGenericClientConstructor,
  status,
  type ClientReadableStream,
  type ServiceError,
} from '@grpc/grpc-js';
import { port, required } from './settings.ts';
import { stockService, type Level, type ReserveRequest } from './stock-service.ts';

// A client waits without end where the first packet of a connection is lost: it has no time-out of its own
// for a handshake, and keeps a connection alive only when that is over. So one that is silent is replaced.
const SILENCE_MS = 3_000;

const Stock = makeGenericClientConstructor(stockService, 'Stock');
let stock = connect();

function connect(): InstanceType<typeof Stock> {
  return new Stock(required('STOCK_ADDRESS'), credentials.createInsecure(), {
    'grpc.keepalive_time_ms': 2_000,
    'grpc.keepalive_timeout_ms': 500,
    'grpc.max_reconnect_backoff_ms': 500,
    'grpc.use_local_subchannel_pool': 1,
  });
}

export const levels: number[] = [];
export const codes: string[] = [];

function reserve(request: ReserveRequest): Promise<Level> {
  return new Promise((resolve, reject) => {
    stock['reserve']!(request, { deadline: Date.now() + 300 }, (error: ServiceError | null, level: Level) => {
      if (error === null) resolve(level);
      else reject(error);
    });
  });
}

let watching: ClientReadableStream<Level> | undefined;
let isFollowing = false;
let silentFromMs = Date.now();

/** Follows the stock, from the beginning again when the stream breaks. */
function follow(): void {
  watching = stock['watch']!({ sku: 'lamp' }) as unknown as ClientReadableStream<Level>;
  watching.on('data', ({ left }: Level) => {
    isFollowing = true;
    levels.push(left);
  });
  watching.on('error', (error) => codes.push(`watch ${status[(error as ServiceError).code]}`));
  watching.on('close', () => {
    if (isFollowing) silentFromMs = Date.now();
    isFollowing = false;
    setTimeout(follow, 200);
  });
}

setInterval(() => {
  if (isFollowing || Date.now() - silentFromMs < SILENCE_MS) return;
  silentFromMs = Date.now();
  stock.close();
  stock = connect();
  watching?.cancel();
}, 500).unref();

async function order(request: ReserveRequest): Promise<{ status: number; body: unknown }> {
  for (let attempt = 1; attempt <= 3; attempt++) {
    try {
      return { status: 201, body: await reserve(request) };
    } catch (error) {
      const { code, details } = error as ServiceError;
      codes.push(status[code] ?? String(code));
      if (code === status.INVALID_ARGUMENT) return { status: 400, body: { error: details } };
      if (code === status.FAILED_PRECONDITION) return { status: 409, body: { error: details } };
      await sleep(50 * attempt);
    }
  }
  return { status: 502, body: { error: 'the stock does not answer' } };
}

async function read(request: IncomingMessage): Promise<ReserveRequest> {
  let text = '';
  for await (const part of request) text += String(part);
  return JSON.parse(text) as ReserveRequest;
}

const server = createServer((request, response) => {
  read(request)
    .then(order)
    .then(({ status: code, body }) => {
      response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    })
    .catch(() => response.destroy());
});
server.listen(port());
follow();

process.on('SIGTERM', () => {
  server.close(() => stock.close());
  server.closeIdleConnections();
  setTimeout(() => process.exit(0), 1_000).unref();
});
