// Owns the stock. A reservation goes from reserved to sold or to released, and never back.

import { Hono } from 'hono';
import { sometimes } from 'wavetank/markers';
import type { Table } from './table.ts';

export interface Reservation {
  readonly orderId: string;
  readonly sku: string;
  readonly quantity: number;
  readonly state: 'reserved' | 'sold' | 'released';
}

export interface InventoryTables {
  /** How many pieces of each product are on the shelf and not reserved. */
  readonly available: Table<number>;
  readonly reservations: Table<Reservation>;
}

export function inventoryService({ available, reservations }: InventoryTables): Hono {
  const app = new Hono();

  app.put('/reservations/:orderId', async (c) => {
    const orderId = c.req.param('orderId');
    const { sku, quantity } = await c.req.json<{ sku: string; quantity: number }>();
    const earlier = reservations.get(orderId);
    if (earlier?.state === 'released') {
      sometimes('a reservation came after its release');
      return c.json({ error: `${orderId} was released` }, 409);
    }
    if (earlier !== undefined) return c.json(earlier);
    const left = available.get(sku) ?? 0;
    if (left < quantity) return c.json({ error: `${left} of ${sku} left` }, 409);
    available.put(sku, left - quantity);
    const reservation: Reservation = { orderId, sku, quantity, state: 'reserved' };
    reservations.put(orderId, reservation);
    reservations.sync();
    return c.json(reservation, 201);
  });

  app.put('/reservations/:orderId/sold', (c) => {
    const reservation = reservations.get(c.req.param('orderId'));
    if (reservation === undefined) return c.json({ error: 'never reserved' }, 404);
    if (reservation.state === 'released') return c.json({ error: 'already released' }, 409);
    const sold: Reservation = { ...reservation, state: 'sold' };
    reservations.put(sold.orderId, sold);
    reservations.sync();
    return c.json(sold);
  });

  app.delete('/reservations/:orderId', (c) => {
    const orderId = c.req.param('orderId');
    const reservation = reservations.get(orderId);
    if (reservation?.state === 'sold') return c.json({ error: 'already sold' }, 409);
    if (reservation?.state === 'reserved') {
      available.put(reservation.sku, (available.get(reservation.sku) ?? 0) + reservation.quantity);
    }
    // Also written if there was no reservation: it may be on its way, and must find that it is too late.
    const released: Reservation = { orderId, sku: '', quantity: 0, ...reservation, state: 'released' };
    reservations.put(orderId, released);
    reservations.sync();
    return c.json(released);
  });

  return app;
}
