// Runs each checkout as a saga: reserve, charge, ship, sell. What fails up to the shipment is compensated.
//
// Shipping is the pivot. Before it, an order that gets no answer is cancelled; from it on, goods may be on
// the road, so the saga insists until it is answered. The status is on disk before the next request is sent:
// after a crash the saga goes on where it was, and at worst repeats a request that is safe to repeat.

import { Hono } from 'hono';
import { sometimes } from 'wavetank/markers';
import { call, RefusedError, UnknownOutcomeError } from './retry.ts';
import type { Table } from './table.ts';

export interface Cart {
  readonly orderId: string;
  readonly sku: string;
  readonly quantity: number;
}

export interface Order extends Cart {
  readonly amount: number;
  readonly status:
    | 'placed' //     nothing was asked of anybody, or of inventory at most
    | 'reserved' //   payments may have been asked
    | 'charged' //    shipping may have been asked
    | 'shipped' //    there is no way back
    | 'confirmed'
    | 'cancelling' // whatever was asked is being undone
    | 'cancelled';
}

const PRICES: Record<string, number> = { teapot: 20, kettle: 60, anvil: 200 };
const INSIST = { attemptsMax: Infinity };

/** The service. Sagas that a crash interrupted are resumed when it is created. */
export function ordersService({ orders }: { orders: Table<Order> }): Hono {
  const running = new Map<string, Promise<Order>>();

  /** Joins the saga of an order, or starts it where its status says. */
  function settle(order: Order): Promise<Order> {
    let saga = running.get(order.orderId);
    if (saga === undefined) {
      saga = runSaga(order).finally(() => running.delete(order.orderId));
      running.set(order.orderId, saga);
    }
    return saga;
  }

  async function runSaga(order: Order): Promise<Order> {
    while (!isSettled(order)) {
      const status = await nextStatus(order);
      order = { ...order, status };
      save(order);
    }
    return order;
  }

  function save(order: Order): void {
    orders.put(order.orderId, order);
    orders.sync();
  }

  const app = new Hono();

  // The shopper chooses the order id: a checkout that is sent again joins the order it made the first time.
  app.post('/checkout', async (c) => {
    const { orderId, sku, quantity } = await c.req.json<Cart>();
    const price = PRICES[sku];
    if (price === undefined) return c.json({ error: `no such product: ${sku}` }, 400);
    let order = orders.get(orderId);
    if (order === undefined) {
      order = { orderId, sku, quantity, amount: quantity * price, status: 'placed' };
      save(order);
    }
    order = await settle(order);
    return c.json(order, order.status === 'confirmed' ? 201 : 409);
  });

  for (const order of orders.values()) {
    if (isSettled(order)) continue;
    sometimes('a saga was resumed after a crash');
    void settle(order);
  }
  return app;
}

function isSettled(order: Order): boolean {
  return order.status === 'confirmed' || order.status === 'cancelled';
}

async function nextStatus(order: Order): Promise<Order['status']> {
  try {
    return await takeStep(order);
  } catch (error) {
    const hasFailed = error instanceof RefusedError || error instanceof UnknownOutcomeError;
    const mayCancel = order.status !== 'shipped' && order.status !== 'cancelling';
    if (hasFailed && mayCancel) return 'cancelling';
    throw error;
  }
}

/** Takes the step that follows from the status, and returns the status it leads to. */
async function takeStep({ status, orderId, sku, quantity, amount }: Order): Promise<Order['status']> {
  const reservation = `http://inventory:4100/reservations/${orderId}`;
  switch (status) {
    case 'placed':
      await call('PUT', reservation, { body: { sku, quantity } });
      return 'reserved';
    case 'reserved':
      await call('POST', 'http://payments:4000/charges', { body: { orderId, amount } });
      return 'charged';
    case 'charged':
      await call('PUT', `http://shipping:4200/shipments/${orderId}`, { body: { sku, quantity }, ...INSIST });
      return 'shipped';
    case 'shipped':
      await call('PUT', `${reservation}/sold`, INSIST);
      return 'confirmed';
    case 'cancelling':
      // Both are harmless where there is nothing to undo, and win over a request that is still on its way.
      await call('DELETE', `http://payments:4000/charges/${orderId}`, INSIST);
      await call('DELETE', reservation, INSIST);
      sometimes('a saga was compensated');
      return 'cancelled';
    default:
      return status;
  }
}
