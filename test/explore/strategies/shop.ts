// A small system for tests of strategies: shoppers ask a shop, which asks a bank and writes to its disk.

import fc from 'fast-check';
import {
  defineScenario,
  handler,
  latency,
  swarm,
  type FaultBudget,
  type Scenario,
} from '../../../src/index.ts';

/** The budget that most tests take: a few kinds of each sort. */
export const storm: FaultBudget = swarm({
  drop: true,
  delay: ['shop -> bank'],
  duplicate: true,
  crash: ['shop', 'bank'],
  pause: ['bank'],
  answer: { bank: [503] },
  ioError: ['bank'],
  survivable: { hostsDown: 1, neverCrash: ['shop'] },
});

/** @param check - What must hold when everything is over. Default: nothing. */
export function shopOf(
  faults: FaultBudget | undefined,
  check: (charges: number) => boolean | string = () => true,
): Scenario {
  return defineScenario({
    name: 'shop',
    hosts: {
      shop: handler(() => async () => {
        try {
          const { status } = await fetch('http://bank/charge', {
            method: 'POST',
            signal: AbortSignal.timeout(500),
          });
          return new Response('', { status });
        } catch {
          return new Response('', { status: 504 });
        }
      }),
      bank: handler((host) => {
        let charges = 0;
        host.expose({ charges: () => charges });
        return () => {
          charges++;
          host.disk.put('charges', String(charges));
          return new Response('charged', { status: 201 });
        };
      }),
    },
    network: { latency: latency.uniform({ minMs: 1, maxMs: 9 }) },
    ...(faults === undefined ? {} : { faults }),
    workload: fc.array(fc.nat({ max: 9 }), { minLength: 1, maxLength: 4 }),
    async drive(world, orders) {
      await world.client('shopper', async (client) => {
        for (const order of orders) {
          const signal = AbortSignal.timeout(2_000);
          await client.operation('buy', order, () => fetch('http://shop/buy', { method: 'PUT', signal }));
        }
      });
    },
    finally: {
      'nothing is wrong': (world) =>
        check((world.host('bank').exports as { charges: () => number }).charges()),
    },
  });
}
