// Prices travel as datagrams, and the last to arrive wins. Repaired: the one with the highest number wins.

import fc from 'fast-check';
import { daemon, defineScenario, latency } from '../../../src/index.ts';
import { planted, sleep } from './planted.ts';

interface Price {
  readonly number: number;
  readonly cents: number;
}

export const overtaking = planted(
  { bug: 'overtaking messages', needs: ['delay'], violates: 'the shop shows the latest price' },
  (isRepaired, name) =>
    defineScenario({
      name,
      hosts: {
        office: daemon((host) => {
          const latest: Price[] = [];
          host.expose({
            latest,
            announce: (price: Price) => {
              latest.push(price);
              host.send('shop', price, 'price');
            },
          });
        }),
        shop: daemon((host) => {
          const shown: Price[] = [];
          host.expose({ shown });
          host.onMessage((payload) => {
            const price = payload as Price;
            if (isRepaired && price.number < (shown.at(-1)?.number ?? 0)) return;
            shown.push(price);
          });
        }),
      },
      // No fault is allowed: the latency of the link is enough for a message to overtake another.
      network: { latency: latency.uniform({ minMs: 1, maxMs: 30 }) },
      workload: fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 5 }),
      async drive(world, prices) {
        const { announce } = world.host('office').exports as { announce: (price: Price) => void };
        for (const [i, cents] of prices.entries()) {
          announce({ number: i + 1, cents });
          await sleep(20);
        }
        await sleep(100);
      },
      eventually: {
        'the shop shows the latest price': {
          check: (world) => {
            const { latest } = world.host('office').exports as { latest: Price[] };
            const { shown } = world.host('shop').exports as { shown: Price[] };
            const [wanted, got] = [latest.at(-1)?.number, shown.at(-1)?.number];
            return wanted === got || `price ${wanted} was the last, the shop shows price ${got}`;
          },
        },
      },
    }),
);
