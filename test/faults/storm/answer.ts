// Errors as answers: they do not throw, and they do not say whether something was done.

import { handler, swarm, type Host, type World } from '../../../src/index.ts';
import { insist, post, repeated } from './calls.ts';
import type { StormRow } from './row.ts';
import { twins } from './twins.ts';

const ORDERS = ['o-1', 'o-2', 'o-3', 'o-4', 'o-5', 'o-6'];

/** Notes what it was sent, each once. */
function register(host: Host): (request: Request) => Promise<Response> {
  const noted = new Set<string>();
  host.expose({ noted });
  return async (request) => {
    noted.add(await request.text());
    return new Response('noted');
  };
}

function notedBy(world: World, name: string): string[] {
  return [...((world.host(name).exports?.['noted'] as Set<string> | undefined) ?? [])];
}

async function answered(url: string, body: string): Promise<void> {
  const response = await post(url, body);
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
}

/** See the first line. */
export const answerRows: readonly StormRow[] = [
  twins({ kind: 'answer', what: 'an error that nobody looks at loses a payment' }, (isCareful) => ({
    hosts: {
      payments: handler(register),
      orders: handler((host) => {
        const paid = new Set<string>();
        host.expose({ paid });
        return async (request) => {
          const order = await request.text();
          if (isCareful) await insist(() => answered('http://payments/', order));
          else await insist(() => post('http://payments/', order));
          paid.add(JSON.stringify(order));
          return new Response('paid');
        };
      }),
    },
    faults: swarm({ answer: { payments: [429, 503] } }),
    drive: (world) =>
      world.client('guest', async () => {
        for (const body of ORDERS) await fetch('http://orders/', { method: 'POST', body });
      }),
    always: {
      'what counts as paid was charged': (world) => {
        const charged = notedBy(world, 'payments');
        const paid = (world.host('orders').exports?.['paid'] as Set<string> | undefined) ?? new Set();
        const missing = [...paid].find((order) => !charged.includes(order));
        return missing === undefined || `${missing} was not`;
      },
    },
  })),
  twins({ kind: 'answer', what: 'a 502 that is taken for a no ships a parcel twice' }, (isCareful) => ({
    hosts: {
      cheap: handler(register),
      dear: handler(register),
      warehouse: handler(() => async (request) => {
        const parcel = await request.text();
        const cheap = (): Promise<void> => answered('http://cheap/', parcel);
        if (isCareful) await insist(cheap);
        else await cheap().catch(() => insist(() => answered('http://dear/', parcel)));
        return new Response('shipped');
      }),
    },
    faults: swarm({ answer: { cheap: [502, 504] } }),
    drive: (world) =>
      world.client('guest', async () => {
        for (const body of ORDERS) await fetch('http://warehouse/', { method: 'POST', body });
      }),
    always: {
      'a parcel is shipped by one carrier': (world) => {
        const twice = repeated([...notedBy(world, 'cheap'), ...notedBy(world, 'dear')]);
        return twice === undefined || `${twice} was shipped by both`;
      },
    },
  })),
];
