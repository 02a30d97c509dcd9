// Hands orders to the carrier, each of them once. What is shipped stays shipped.

import { Hono } from 'hono';
import { sometimes } from 'wavetank/markers';
import type { Table } from './table.ts';

export interface Shipment {
  readonly orderId: string;
  readonly sku: string;
  readonly quantity: number;
}

export function shippingService({ shipments }: { shipments: Table<Shipment> }): Hono {
  const app = new Hono();

  app.put('/shipments/:orderId', async (c) => {
    const orderId = c.req.param('orderId');
    const earlier = shipments.get(orderId);
    if (earlier !== undefined) return c.json(earlier);
    const { sku, quantity } = await c.req.json<{ sku: string; quantity: number }>();
    if (sku === 'anvil' && quantity > 1) {
      sometimes('the carrier refused a paid order');
      return c.json({ error: 'no carrier takes more than one anvil' }, 422);
    }
    const shipment: Shipment = { orderId, sku, quantity };
    shipments.put(orderId, shipment);
    shipments.sync();
    return c.json(shipment, 201);
  });

  return app;
}
