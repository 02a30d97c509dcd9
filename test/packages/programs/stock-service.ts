// The gRPC service of the stock, as both sides know it. Its messages are JSON, so that nothing is generated.

import { Buffer } from 'node:buffer';
import type { MethodDefinition, ServiceDefinition } from '@grpc/grpc-js';

/** Asks for a reservation. */
export interface ReserveRequest {
  readonly id: string;
  readonly sku: string;
  readonly quantity: number;
}

/** Tells how much is left. */
export interface Level {
  readonly sku: string;
  readonly left: number;
}

function method(name: string, responseStream: boolean): MethodDefinition<unknown, unknown> {
  const serialize = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
  const deserialize = (bytes: Buffer): unknown => JSON.parse(bytes.toString()) as unknown;
  return {
    path: `/shop.Stock/${name}`,
    requestStream: false,
    responseStream,
    requestSerialize: serialize,
    requestDeserialize: deserialize,
    responseSerialize: serialize,
    responseDeserialize: deserialize,
  };
}

export const stockService: ServiceDefinition = {
  reserve: method('Reserve', false),
  watch: method('Watch', true),
};
