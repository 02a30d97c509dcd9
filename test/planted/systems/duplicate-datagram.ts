// A consumer adds what datagrams bring. Repaired: it knows which of them it has had.

import fc from 'fast-check';
import { daemon, defineScenario, latency, swarm } from '../../../src/index.ts';
import { planted, sleep } from './planted.ts';

interface Deposit {
  readonly id: number;
  readonly amount: number;
}

export const duplicateDatagram = planted(
  { bug: 'consumer that is not idempotent', needs: ['duplicate'], violates: 'deposits count once' },
  (isRepaired, name) =>
    defineScenario({
      name,
      hosts: {
        teller: daemon((host) => {
          const sent: Deposit[] = [];
          host.expose({ sent, deposit: (deposit: Deposit) => sent.push(deposit) });
          host.onMessage((payload) => {
            sent.push(payload as Deposit);
            host.send('ledger', payload, 'deposit');
          });
        }),
        ledger: daemon((host) => {
          const had = new Set<number>();
          const books = { total: 0 };
          host.expose(books);
          host.onMessage((payload) => {
            const { id, amount } = payload as Deposit;
            if (isRepaired && had.has(id)) return;
            had.add(id);
            books.total += amount;
          });
        }),
        branch: daemon((host) => {
          host.expose({ order: (deposit: Deposit) => host.send('teller', deposit, 'order') });
        }),
      },
      network: { latency: latency.uniform({ minMs: 1, maxMs: 20 }) },
      faults: swarm({
        drop: true,
        delay: true,
        duplicate: ['teller -> ledger'],
        partition: ['teller', 'ledger'],
        pause: ['ledger'],
      }),
      workload: fc.array(fc.integer({ min: 1, max: 99 }), { minLength: 1, maxLength: 8 }),
      async drive(world, amounts) {
        const { order } = world.host('branch').exports as { order: (deposit: Deposit) => void };
        for (const [id, amount] of amounts.entries()) {
          order({ id, amount });
          await sleep(50);
        }
      },
      always: {
        'deposits count once': (world) => {
          const { total = 0 } = (world.host('ledger').exports ?? {}) as { total?: number };
          const { sent = [] } = (world.host('teller').exports ?? {}) as { sent?: Deposit[] };
          const ordered = sent.reduce((sum, { amount }) => sum + amount, 0);
          return total <= ordered || `${total} on the books, ${ordered} paid in`;
        },
      },
    }),
);
