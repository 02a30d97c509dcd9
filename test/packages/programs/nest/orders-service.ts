// What the shop does, with node-fetch towards the warehouse.

import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import fetch from 'node-fetch';
import { orders, place, type Answer, type OrderRequest, type Reserve } from '../orders.ts';
import { warehouseUrl } from '../settings.ts';

const reserve: Reserve = async (order, timeoutMs) => {
  const response = await fetch(`${warehouseUrl()}/reservations`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': order.id },
    body: JSON.stringify(order),
    signal: AbortSignal.timeout(timeoutMs),
  });
  return { status: response.status, body: await response.json() };
};

@Injectable()
export class OrdersService implements OnApplicationShutdown {
  create(order: OrderRequest): Promise<Answer> {
    return place(order, reserve);
  }

  find(id: string): OrderRequest | undefined {
    return orders.get(id);
  }

  onApplicationShutdown(signal?: string): void {
    process.stdout.write(`the shop closes: ${signal ?? 'no signal'}\n`);
  }
}
