// A shop asks again where it got no answer, and the customer pays again.

import { handler, swarm } from '../../../../src/index.ts';
import { exactlyOnce } from '../../../../src/checkers.ts';
import { integrityRow, type IntegrityRow } from '../row.ts';
import { bodyOf, done, insist } from './calls.ts';

interface Payments {
  charges: Record<string, { orderId: string }>;
}

export const charge: IntegrityRow = integrityRow(
  {
    check: 'exactlyOnce',
    what: 'a charge is made for each attempt, not for each order',
    said: [
      /`o-\d` had its effect 2 times:\n +`c-1` was written by `payments` at/,
      /`c-2` was written by `payments` at .*, handling POST \/charges #\d from `shop`/,
    ],
  },
  (isRepaired) => ({
    hosts: {
      payments: handler((host) => {
        const payments = host.store<Payments>({ charges: {} }, { durable: true });
        return async (request) => {
          const { orderId } = await bodyOf<{ orderId: string }>(request);
          const isKnown = Object.values(payments.state.charges).some((each) => each.orderId === orderId);
          if (isRepaired && isKnown) return done();
          payments.update((draft) => {
            draft.charges[`c-${Object.keys(draft.charges).length + 1}`] = { orderId };
          });
          return done(201);
        };
      }),
      shop: handler(() => async (request) => {
        await insist('http://payments/charges', { orderId: await request.text() });
        return done();
      }),
    },
    faults: swarm({ drop: true, reset: true, crash: ['payments'] }),
    drive: (world) =>
      world.client('ann', async (client) => {
        for (const orderId of ['o-1', 'o-2'])
          await client.operation('order', orderId, () =>
            fetch('http://shop/orders', { method: 'POST', body: orderId }),
          );
      }),
    always: {
      'charged exactly once': (world) =>
        exactlyOnce({
          of: world
            .host('payments')
            .store<Payments>()
            .records(({ charges }) => charges),
          by: ({ orderId }) => orderId,
          wanted: world.history.filter(({ type }) => type === 'ok').map(({ input }) => String(input)),
        }),
    },
  }),
);
