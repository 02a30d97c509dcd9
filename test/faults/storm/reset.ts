// A connection that is reset: the request may have been executed all the same.

import { defineScenario, handler, swarm, type Host, type Scenario } from '../../../src/index.ts';
import { insist, post, repeated } from './calls.ts';
import type { StormRow } from './row.ts';

/** Ships a parcel once, however often it is asked to. */
function carrier(host: Host): (request: Request) => Promise<Response> {
  const parcels = new Set<string>();
  host.expose({ parcels });
  return async (request) => {
    parcels.add((await request.json()) as string);
    return new Response('on its way');
  };
}

/** Ships with the cheap carrier; the naive one takes an error for a no, and ships with the other one. */
function warehouse(isCareful: boolean): (request: Request) => Promise<Response> {
  return async (request) => {
    const parcel = await request.text();
    const cheap = (): Promise<Response> => post('http://cheap/parcels', parcel);
    if (isCareful) await insist(cheap);
    else await cheap().catch(() => insist(() => post('http://dear/parcels', parcel)));
    return new Response('shipped');
  };
}

function system(isCareful: boolean): Scenario {
  return defineScenario({
    name: `reset connection, ${isCareful ? 'careful' : 'naive'}`,
    hosts: {
      cheap: handler(carrier),
      dear: handler(carrier),
      warehouse: handler(() => warehouse(isCareful)),
    },
    faults: swarm({ reset: ['warehouse -> cheap', 'cheap -> warehouse'] }),
    drive: (world) =>
      world.client('guest', async () => {
        for (const body of ['p-1', 'p-2', 'p-3']) await fetch('http://warehouse/', { method: 'POST', body });
      }),
    always: {
      'a parcel is shipped by one carrier': (world) => {
        const shipped = ['cheap', 'dear'].flatMap((name) => [
          ...((world.host(name).exports?.['parcels'] as Set<string> | undefined) ?? []),
        ]);
        const twice = repeated(shipped);
        return twice === undefined || `${twice} was shipped by both`;
      },
    },
  });
}

/** See the first line. */
export const resetRows: readonly StormRow[] = [
  {
    kind: 'reset',
    what: 'an error that is taken for a no ships a parcel twice',
    naive: system(false),
    careful: system(true),
  },
];
