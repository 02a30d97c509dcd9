// Owns the stock, and serves it.

import { Hono } from 'hono';
import { release, reserve, sell, type InventoryTables } from './stock.ts';

export function inventoryService(tables: InventoryTables): Hono {
  const app = new Hono();

  app.put('/reservations/:orderId', async (c) => {
    const wanted = await c.req.json<{ sku: string; quantity: number }>();
    const { status, body } = reserve(tables, c.req.param('orderId'), wanted);
    return c.json(body, status);
  });

  app.put('/reservations/:orderId/sold', (c) => {
    const { status, body } = sell(tables, c.req.param('orderId'));
    return c.json(body, status);
  });

  app.delete('/reservations/:orderId', (c) => {
    const { status, body } = release(tables, c.req.param('orderId'));
    return c.json(body, status);
  });

  return app;
}
