// Executed, and the answer lost: who asks again has it done twice.

import { handler, swarm } from '../../../src/index.ts';
import { insist, repeated } from './calls.ts';
import type { StormRow } from './row.ts';
import { twins } from './twins.ts';

/** See the first line. */
export const lostAnswerRows: readonly StormRow[] = [
  twins({ kind: 'lostAnswer', what: 'a charge without a key is made again' }, (isCareful) => ({
    hosts: {
      payments: handler((host) => {
        const charges: string[] = [];
        const keys = new Set<string | null>();
        host.expose({ charges });
        return async (request) => {
          const key = request.headers.get('idempotency-key');
          const order = await request.text();
          if (key === null || !keys.has(key)) charges.push(order);
          keys.add(key);
          return new Response('charged');
        };
      }),
    },
    faults: swarm({ lostAnswer: ['payments'] }),
    drive: (world) =>
      world.client('guest', async () => {
        for (const body of ['o-1', 'o-2', 'o-3']) {
          const headers: Record<string, string> = isCareful ? { 'idempotency-key': body } : {};
          await insist(() => fetch('http://payments/charge', { method: 'POST', body, headers }));
        }
      }),
    always: {
      'an order is charged once': (world) => {
        const twice = repeated((world.host('payments').exports?.['charges'] as string[] | undefined) ?? []);
        return twice === undefined || `${twice} was charged twice`;
      },
    },
  })),
];
