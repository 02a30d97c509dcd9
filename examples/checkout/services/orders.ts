// Takes checkouts, and has them run as sagas.

import { Hono } from 'hono';
import { call } from './retry.ts';
import { Sagas, type Cart, type LoggedOrder, type Partners } from './saga.ts';
import type { Table } from './table.ts';

const PARTNERS: Partners = {
  inventory: 'http://inventory:4100',
  payments: 'http://payments:4000',
  shipping: 'http://shipping:4200',
};

/** The service. Sagas that a crash interrupted are resumed when it is created. */
export function ordersService({ orders }: { orders: Table<LoggedOrder> }): Hono {
  const sagas = new Sagas({ orders, partners: PARTNERS, call });
  const app = new Hono();

  app.post('/checkout', async (c) => {
    const cart = await c.req.json<Cart>();
    const order = await sagas.checkout(cart);
    if (order === undefined) return c.json({ error: `no such product: ${cart.sku}` }, 400);
    return c.json(order, order.status === 'confirmed' ? 201 : 409);
  });

  sagas.resume();
  return app;
}
