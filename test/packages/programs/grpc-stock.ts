// The stock: a gRPC server with a unary call and a server stream.

import {
  Server,
  ServerCredentials,
  status,
  type sendUnaryData,
  type ServerUnaryCall,
  type ServerWritableStream,
} from '@grpc/grpc-js';
import { port } from './settings.ts';
import { stockService, type Level, type ReserveRequest } from './stock-service.ts';

export const reservations: Map<string, ReserveRequest> = new Map();

let left = 5;
const watchers = new Set<ServerWritableStream<{ sku: string }, Level>>();

const server = new Server({ 'grpc.keepalive_time_ms': 5_000, 'grpc.keepalive_timeout_ms': 1_000 });
server.addService(stockService, {
  reserve({ request }: ServerUnaryCall<ReserveRequest, Level>, answer: sendUnaryData<Level>) {
    const { id, sku, quantity } = request;
    if (quantity < 1) return answer({ code: status.INVALID_ARGUMENT, details: 'nothing to reserve' });
    if (!reservations.has(id)) {
      if (quantity > left) return answer({ code: status.FAILED_PRECONDITION, details: 'out of stock' });
      reservations.set(id, request);
      left -= quantity;
      for (const watcher of watchers) watcher.write({ sku, left });
    }
    return answer(null, { sku, left });
  },
  watch(call: ServerWritableStream<{ sku: string }, Level>) {
    watchers.add(call);
    call.write({ sku: call.request.sku, left });
    call.on('cancelled', () => watchers.delete(call));
    call.on('close', () => watchers.delete(call));
  },
});
server.bindAsync(`0.0.0.0:${port()}`, ServerCredentials.createInsecure(), (error) => {
  if (error !== null) throw error;
});

process.on('SIGTERM', () => {
  for (const watcher of watchers) watcher.end();
  server.tryShutdown(() => {});
});
