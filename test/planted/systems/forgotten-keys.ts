// Idempotency keys are kept in memory, and the effects on disk: a repetition after a crash counts twice.
// Repaired: both are on disk. The bug needs two faults: an answer that is lost, and a crash before the next
// try.

import fc from 'fast-check';
import { defineScenario, handler, latency, swarm } from '../../../src/index.ts';
import { planted, post, sleep } from './planted.ts';

export const forgottenKeys = planted(
  { bug: 'forgotten idempotency keys', needs: ['crash', 'reset'], violates: 'each order is booked once' },
  (isRepaired, name) =>
    defineScenario({
      name,
      hosts: {
        books: handler((host) => {
          const { disk } = host;
          const keys = new Set<string>((isRepaired ? (disk.get('orders') as string[]) : undefined) ?? []);
          host.expose({ orders: () => (disk.get('orders') as string[] | undefined) ?? [] });
          return async (request) => {
            const { order } = (await request.json()) as { order: string };
            if (!keys.has(order)) disk.put('orders', [...((disk.get('orders') as string[]) ?? []), order]);
            disk.sync();
            keys.add(order);
            return new Response('booked', { status: 201 });
          };
        }),
      },
      network: { latency: latency.longTail({ medianMs: 5, p99Ms: 60 }) },
      faults: swarm({ delay: true, reset: true, refuse: true, crash: ['books'], horizonMs: 1_000 }),
      workload: fc.array(fc.nat({ max: 9 }), { minLength: 1, maxLength: 6 }),
      async drive(world, digits) {
        await Promise.all(
          digits.map((digit, i) =>
            world.client(`shopper-${i + 1}`, (client) =>
              client.operation('order', `order-${i + 1}`, () => insist(`order-${i + 1}/${digit}`)),
            ),
          ),
        );
      },
      always: {
        'each order is booked once': (world) => {
          const { orders } = (world.host('books').exports ?? {}) as { orders?: () => string[] };
          const booked = orders?.() ?? [];
          return new Set(booked).size === booked.length || `booked: ${booked.join(', ')}`;
        },
      },
    }),
);

async function insist(order: string): Promise<Response> {
  for (;;) {
    try {
      return await fetch('http://books/orders', post({ order }));
    } catch {
      await sleep(500);
    }
  }
}
