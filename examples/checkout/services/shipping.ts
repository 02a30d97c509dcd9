// Hands orders to the carrier, each of them once.

import { Hono } from 'hono';
import { ship, type Shipment } from './parcels.ts';
import type { Table } from './table.ts';

export function shippingService({ shipments }: { shipments: Table<Shipment> }): Hono {
  const app = new Hono();

  app.put('/shipments/:orderId', async (c) => {
    const wanted = await c.req.json<{ sku: string; quantity: number }>();
    const { status, body } = ship(shipments, c.req.param('orderId'), wanted);
    return c.json(body, status);
  });

  return app;
}
