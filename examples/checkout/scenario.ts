// The checkout system in the tank: what may go wrong, what shoppers do, and what must hold. Its hosts are in
// `hosts.ts`. Start your own scenario by copying these and `invariants.ts`.

import fc from 'fast-check';
import { latency, swarm } from 'wavetank';
import { expectLatency } from 'wavetank/checkers';
import type { Client, HostDefinition, ScenarioOptions } from 'wavetank';
import * as promise from './invariants.ts';
import * as model from './models.ts';
import type { Cart } from './services/saga.ts';

type Item = Omit<Cart, 'orderId'>;

const item: fc.Arbitrary<Item> = fc.record({
  sku: fc.constantFrom('teapot', 'kettle', 'anvil'),
  quantity: fc.integer({ min: 1, max: 3 }),
});

/** What `defineScenario` takes, for the checkout with or without its bug, on either set of hosts. */
export function checkout(options: {
  name: string;
  hosts: Record<string, HostDefinition>;
  /** Whether messages may arrive twice. Default true; a TCP connection delivers nothing twice. */
  duplicate?: boolean;
}): ScenarioOptions<Item[]> {
  return {
    name: options.name,
    tags: ['critical', 'payments'],

    hosts: options.hosts,
    network: { latency: latency.longTail({ medianMs: 5, p99Ms: 80 }) },
    faults: swarm({
      drop: true,
      delay: true,
      duplicate: options.duplicate ?? true,
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
      'a settled order is all done or all undone': promise.settledOrdersAreWhole,
      'the stock of a cancelled order is released': promise.cancelledIsReleased,
      'stock is conserved': promise.stockIsConserved,
      'no product is oversold': promise.nothingIsOversold,
      'nothing is done without an order': promise.everythingHasAnOrder,
      'every order was placed by a shopper': promise.everyOrderWasPlaced,
      'shoppers are told the truth': promise.shoppersAreToldTheTruth,
    },
    // ... and this once the faults have stopped and the partitions healed.
    eventually: { 'every order settles': { withinMs: 60_000, check: promise.everyOrderSettles } },
    // Asked once, at the end, of what shoppers were told and what the services have.
    finally: {
      'money is that of a bank': model.moneyIsThatOfABank,
      'the shelf is counted': model.shelfIsCounted,
      'an order is a saga': model.ordersAreSagas,
    },
    // Over all runs of an exploration: where nothing goes wrong, a checkout with all its calls is done soon.
    serviceLevels: [expectLatency('POST /checkout', { p95Ms: 3_000, from: 'shopper-*' })],
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
