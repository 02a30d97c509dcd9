// A lost answer: the request was executed, and nobody knows.

import { defineScenario, handler, swarm, type Host, type Scenario } from '../../../src/index.ts';
import { insist, post, repeated } from './calls.ts';
import type { StormRow } from './row.ts';

interface Charge {
  readonly order: string;
  readonly key: string;
}

/** Charges each key once. */
function bank(host: Host): (request: Request) => Promise<Response> {
  const charges = new Map<string, Charge>();
  host.expose({ charges });
  return async (request) => {
    const charge = (await request.json()) as Charge;
    charges.set(charge.key, charge);
    return new Response('charged');
  };
}

/** Charges orders, and tries again where there is no answer. */
function shop(isCareful: boolean): (request: Request) => Promise<Response> {
  return async (request) => {
    const order = await request.text();
    await insist(() => {
      const key = isCareful ? order : crypto.randomUUID();
      return post('http://bank/charges', { order, key });
    });
    return new Response('sold');
  };
}

function system(isCareful: boolean): Scenario {
  return defineScenario({
    name: `lost answer, ${isCareful ? 'careful' : 'naive'}`,
    hosts: { bank: handler(bank), shop: handler(() => shop(isCareful)) },
    faults: swarm({ drop: ['shop -> bank', 'bank -> shop'] }),
    drive: (world) =>
      world.client('guest', async () => {
        for (const body of ['o-1', 'o-2', 'o-3']) await fetch('http://shop/', { method: 'POST', body });
      }),
    always: {
      'an order is charged once': (world) => {
        const charges = world.host('bank').exports?.['charges'] as Map<string, Charge> | undefined;
        const twice = repeated([...(charges?.values() ?? [])].map(({ order }) => order));
        return twice === undefined || `${twice} was charged twice`;
      },
    },
  });
}

/** See the first line. */
export const dropRows: readonly StormRow[] = [
  {
    kind: 'drop',
    what: 'a retry without an idempotency key charges twice',
    naive: system(false),
    careful: system(true),
  },
];
