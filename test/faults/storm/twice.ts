// A proxy sends a request again: the second answer is not the first one.

import { handler, swarm } from '../../../src/index.ts';
import type { StormRow } from './row.ts';
import { twins } from './twins.ts';

/** See the first line. */
export const twiceRows: readonly StormRow[] = [
  twins({ kind: 'twice', what: 'a 404 to a delete that was done is taken for a no' }, (isCareful) => ({
    hosts: {
      seats: handler((host) => {
        const taken = new Set(['/1', '/2', '/3']);
        host.expose({ taken });
        return (request) =>
          new Response(null, { status: taken.delete(new URL(request.url).pathname) ? 204 : 404 });
      }),
      bookings: handler((host) => {
        const booked = new Set(['/1', '/2', '/3']);
        host.expose({ booked });
        return async (request) => {
          const { pathname } = new URL(request.url);
          const { status } = await fetch(`http://seats${pathname}`, { method: 'DELETE' });
          if (status === 204 || (isCareful && status === 404)) booked.delete(pathname);
          return new Response('done');
        };
      }),
    },
    faults: swarm({ twice: ['seats'] }),
    drive: (world) =>
      world.client('guest', async () => {
        for (const seat of ['/1', '/2', '/3']) await fetch(`http://bookings${seat}`, { method: 'POST' });
      }),
    eventually: {
      'a seat that is free is not booked': {
        withinMs: 1_000,
        check: (world) => {
          const taken = world.host('seats').exports?.['taken'] as Set<string>;
          const booked = world.host('bookings').exports?.['booked'] as Set<string>;
          const wrong = [...booked].find((seat) => !taken.has(seat));
          return wrong === undefined || `${wrong} is`;
        },
      },
    },
  })),
];
