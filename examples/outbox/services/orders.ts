// Takes orders: stores each in the database, and tells the rest of the company by the queue.

import { Hono } from 'hono';
import { sometimes } from 'wavetank/markers';
import { sleep } from './call.ts';
import type { Database } from './database.ts';
import type { Queue } from './queue.ts';

const RELAY_EVERY_MS = 250;

export interface Order {
  readonly id: string;
  readonly item: string;
}

/** What the queue is told. The id is the event's own, however often it is published. */
export interface OrderPlaced {
  readonly eventId: string;
  readonly order: Order;
}

export interface OrdersOptions {
  readonly database: Database;
  readonly queue: Queue;
  /**
   * `directly`: to the database, then to the queue. `outbox`: both to the database, in one transaction, and
   * from there to the queue.
   */
  readonly publish: 'directly' | 'outbox';
}

export function ordersService({ database, queue, publish }: OrdersOptions): Hono {
  const app = new Hono();

  app.put('/orders/:id', async (c) => {
    const order: Order = { id: c.req.param('id'), item: await c.req.text() };
    // A shopper without an answer asks again.
    if ((await database.find('order', order.id)) !== null) return c.json(order);
    const event: OrderPlaced = { eventId: `placed-${order.id}`, order };
    const orderRow = { table: 'order', id: order.id, value: order };
    if (publish === 'directly') {
      await database.commit([orderRow]);
      // Whoever pulls the plug here leaves an order of which nobody will ever hear.
      await queue.publish(event);
    } else {
      await database.commit([orderRow, { table: 'outbox', id: event.eventId, value: event }]);
    }
    return c.json(order);
  });

  if (publish === 'outbox') void relay(database, queue);
  return app;
}

/** Publishes what is in the outbox, and takes out what was published: each event at least once. */
async function relay(database: Database, queue: Queue): Promise<void> {
  let isFirst = true;
  for (;;) {
    for (const event of await database.all<OrderPlaced>('outbox')) {
      if (isFirst) sometimes('an event was found in the outbox after a crash');
      await queue.publish(event);
      await database.commit([{ table: 'outbox', id: event.eventId }]);
    }
    isFirst = false;
    await sleep(RELAY_EVERY_MS);
  }
}
