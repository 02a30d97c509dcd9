// A transfer is two writes, each of them synced. Repaired: one sync for both.

import fc from 'fast-check';
import { defineScenario, handler, latency, swarm } from '../../../src/index.ts';
import { planted, post, sleep } from './planted.ts';

const START = 100;

export const tornTransfer = planted(
  { bug: 'crash between two writes', needs: ['crash'], violates: 'no money is made or lost' },
  (isRepaired, name) =>
    defineScenario({
      name,
      hosts: {
        bank: handler((host) => {
          const { disk } = host;
          const balance = (account: string): number => Number(disk.get(account) ?? START);
          host.expose({ total: () => balance('left') + balance('right') });
          return async (request) => {
            const { amount } = (await request.json()) as { amount: number };
            disk.put('left', balance('left') - amount);
            if (!isRepaired) {
              disk.sync();
              await sleep(3);
            }
            disk.put('right', balance('right') + amount);
            disk.sync();
            return new Response('moved');
          };
        }),
      },
      network: { latency: latency.longTail({ medianMs: 4, p99Ms: 30 }) },
      faults: swarm({ drop: true, delay: true, reset: true, refuse: true, crash: ['bank'], horizonMs: 500 }),
      workload: fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 10 }),
      async drive(world, amounts) {
        await world.client('payer', async (client) => {
          for (const amount of amounts) {
            const options = { ...post({ amount }), signal: AbortSignal.timeout(500) };
            await client.operation('transfer', amount, () => fetch('http://bank/', options));
          }
        });
      },
      eventually: {
        'no money is made or lost': {
          check: (world) => {
            const { total } = world.host('bank').exports as { total: () => number };
            return total() === 2 * START || `${total()} of ${2 * START} are left`;
          },
        },
      },
    }),
);
