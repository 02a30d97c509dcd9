// A charge is repeated when no answer came. Repaired: all attempts carry one key, and a key is charged once.

import fc from 'fast-check';
import { defineScenario, handler, latency, swarm } from '../../../src/index.ts';
import { planted, post } from './planted.ts';

export const doubleCharge = planted(
  { bug: 'double charge', needs: ['drop'], violates: 'charged at most once' },
  (isRepaired, name) =>
    defineScenario({
      name,
      hosts: {
        bank: handler((host) => {
          const charges: string[] = [];
          const keys = new Set<string>();
          host.expose({ charges });
          return async (request) => {
            const { order } = (await request.json()) as { order: string };
            const key = request.headers.get('idempotency-key') ?? '';
            if (!keys.has(key)) charges.push(order);
            keys.add(key);
            return new Response('charged', { status: 201 });
          };
        }),
      },
      network: { latency: latency.longTail({ medianMs: 5, p99Ms: 60 }) },
      faults: swarm({ drop: true, refuse: true }),
      workload: fc.array(fc.uuid(), { minLength: 1, maxLength: 5 }),
      async drive(world, orders) {
        await Promise.all(
          orders.map((order, i) =>
            world.client(`shopper-${i + 1}`, (client) =>
              client.operation('pay', `order-${i + 1}`, () => pay(`${i + 1}/${order}`, isRepaired)),
            ),
          ),
        );
      },
      always: {
        'charged at most once': (world) => {
          const { charges } = (world.host('bank').exports ?? { charges: [] }) as { charges: string[] };
          return new Set(charges).size === charges.length || `${charges.length} charges`;
        },
      },
    }),
);

async function pay(order: string, isRepaired: boolean): Promise<boolean> {
  for (let attempt = 1; attempt <= 4; attempt++) {
    const key = isRepaired ? order : crypto.randomUUID();
    try {
      const signal = AbortSignal.timeout(1_000);
      await fetch('http://bank/charges', { ...post({ order }, { 'idempotency-key': key }), signal });
      return true;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100 * attempt));
    }
  }
  return false;
}
