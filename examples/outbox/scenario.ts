// The shop in the tank: what may go wrong, what shoppers do, and what must hold. Its hosts are in `hosts.ts`.

import fc from 'fast-check';
import { latency, swarm } from 'wavetank';
import type { Client, ScenarioOptions } from 'wavetank';
import { shop, type ShopOptions } from './hosts.ts';
import * as promise from './invariants.ts';
import { sleep } from './services/call.ts';
import type { Order } from './services/orders.ts';

/** What `defineScenario` takes, for the shop with or without its bugs. */
export function ordering(name: string, options: ShopOptions): ScenarioOptions<string[]> {
  return {
    name,
    tags: ['critical', 'messaging'],

    hosts: shop(options),
    network: { latency: latency.longTail({ medianMs: 3, p99Ms: 60 }) },
    faults: swarm({
      drop: true,
      delay: true,
      duplicate: true,
      reset: true,
      refuse: true,
      partition: true,
      clog: true,
      crash: ['orders', 'queue', 'shipping'],
      stop: ['orders'],
      pause: ['shipping'],
      // The database is a service that somebody else keeps running.
      survivable: { hostsDown: 1, neverCrash: ['database'], partitionsHealWithinMs: 5_000 },
      // A crash finds most right after something was written.
      aim: { markers: ['a transaction was committed'], operations: ['order'] },
    }),

    workload: fc.array(fc.constantFrom('teapot', 'kettle', 'anvil'), { minLength: 1, maxLength: 4 }),
    async drive(world, items) {
      const shopper = (item: string, i: number) =>
        world.client(`shopper-${i + 1}`, (client) => order(client, `o-${i + 1}`, item));
      await Promise.all(items.map(shopper));
      // The storm is over when this function is. What was ordered is on its way by then.
      await sleep(1_000);
    },

    always: {
      'an order is shipped at most once': promise.shippedAtMostOnce,
      'only what was ordered is shipped': promise.shippedOnlyIfStored,
      'an acknowledged order is stored': promise.acknowledgedIsStored,
      'only what was ordered is stored': promise.storedWasOrdered,
    },
    eventually: {
      'every order that is stored is shipped': { withinMs: 15_000, check: promise.storedIsShipped },
    },
    sometimes: [
      'a transaction was committed',
      'a message was delivered again',
      'an event came a second time',
    ],
    // Asked once, at the end.
    finally: {
      'the orders are what was put there': promise.storedAsOrdered,
      'the parcels are the set of orders': promise.shippedAsOrdered,
    },
    // Long enough for what was not acknowledged to come again.
    calmMs: 1_500,
  };
}

/** Orders, and asks again with the same id if there was no answer. */
async function order(client: Client, id: string, item: string): Promise<void> {
  for (let attempt = 1; attempt <= 3; attempt++) {
    const outcome = await client.operation('order', { id, item } satisfies Order, () => {
      const signal = AbortSignal.timeout(3_000);
      return fetch(`http://orders:3000/orders/${id}`, { method: 'PUT', body: item, signal });
    });
    if (outcome.type === 'ok') return;
    await sleep(500);
  }
}
