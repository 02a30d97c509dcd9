// The checkout system in the tank: its hosts, what may go wrong, what shoppers do, and what must hold.
// Start your own scenario by copying this file and `invariants.ts`.

import fc from 'fast-check';
import { handler, latency, swarm, virtualService } from 'wavetank';
import type { Client, Host, ScenarioOptions } from 'wavetank';
import * as promise from './invariants.ts';
import { cardProcessor } from './services/card-processor.ts';
import { inventoryService, type Reservation } from './services/inventory.ts';
import { ordersService, type Cart, type Order } from './services/orders.ts';
import { paymentsService, type ChargeKey } from './services/payments.ts';
import { shippingService, type Shipment } from './services/shipping.ts';
import { Table } from './services/table.ts';

type Item = Omit<Cart, 'orderId'>;

const item: fc.Arbitrary<Item> = fc.record({
  sku: fc.constantFrom('teapot', 'kettle', 'anvil'),
  quantity: fc.integer({ min: 1, max: 3 }),
});

/** What `defineScenario` takes, for the checkout with or without its bug. */
export function checkout(options: { name: string; chargeKey: ChargeKey }): ScenarioOptions<Item[]> {
  return {
    name: options.name,
    tags: ['critical', 'payments'],

    // Each function is called when its host boots: after a crash it begins anew, with what is on its disk.
    hosts: {
      orders: handler(bootOrders, { port: 3000 }),
      payments: handler(() => paymentsService(options), { port: 4000 }),
      inventory: handler(bootInventory, { port: 4100 }),
      shipping: handler(bootShipping, { port: 4200 }),
      'api.cards.test': virtualService(bootCardProcessor),
    },

    network: { latency: latency.longTail({ medianMs: 5, p99Ms: 80 }) },
    faults: swarm({
      drop: true,
      delay: true,
      duplicate: true,
      reset: true,
      refuse: true,
      partition: true,
      crash: ['orders'],
      pause: ['payments'],
      survivable: { hostsDown: 1 },
    }),

    workload: fc.array(item, { minLength: 1, maxLength: 5 }),
    async drive(world, items) {
      const shopper = (wanted: Item, i: number) =>
        world.client(`shopper-${i + 1}`, (client) => shop(client, { orderId: `o-${i + 1}`, ...wanted }));
      await Promise.all(items.map(shopper));
    },

    // Checked after each step, whatever is going wrong just then ...
    always: {
      'charged at most once': promise.chargedAtMostOnce,
      'never shipped without being paid': promise.shippedOnlyIfPaid,
      'a cancelled order is not charged': promise.cancelledIsNotCharged,
      'a cancelled order holds no stock': promise.cancelledHoldsNoStock,
      'stock is conserved': promise.stockIsConserved,
    },
    // ... and this once the faults have stopped and the partitions healed.
    eventually: { 'every order settles': { withinMs: 60_000, check: promise.everyOrderSettles } },
    // Runs in which nothing of this happens prove little, so that each must happen in some run.
    sometimes: [
      'a charge timed out',
      'a charge was repeated, and made once',
      'a saga was compensated',
      'a saga was resumed after a crash',
      'the carrier refused a paid order',
    ],
  };
}

/** Checks out once, and a second time with the same order id if there was no answer. */
async function shop(client: Client, cart: Cart): Promise<void> {
  const body = JSON.stringify(cart);
  const headers = { 'Content-Type': 'application/json' };
  for (let attempt = 1; attempt <= 2; attempt++) {
    const outcome = await client.operation('checkout', cart, async () => {
      const signal = AbortSignal.timeout(10_000);
      const response = await fetch('http://orders:3000/checkout', { method: 'POST', headers, body, signal });
      return response.json();
    });
    if (outcome.type === 'ok') return;
  }
}

// What is exposed can be read by the checks, as `world.host('orders').exports`.

function bootOrders(host: Host) {
  const orders = new Table<Order>(host.disk, 'orders');
  host.expose({ orders });
  return ordersService({ orders });
}

function bootInventory(host: Host) {
  const available = new Table<number>(host.disk, 'available');
  const reservations = new Table<Reservation>(host.disk, 'reservations');
  for (const [sku, count] of Object.entries(promise.STOCK)) {
    if (available.get(sku) === undefined) available.put(sku, count);
  }
  host.expose({ available, reservations });
  return inventoryService({ available, reservations });
}

function bootShipping(host: Host) {
  const shipments = new Table<Shipment>(host.disk, 'shipments');
  host.expose({ shipments });
  return shippingService({ shipments });
}

function bootCardProcessor(host: Host) {
  const { charges, handlers } = cardProcessor();
  host.expose({ charges });
  return handlers;
}
