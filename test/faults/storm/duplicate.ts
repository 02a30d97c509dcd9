// A request that arrives twice: something on the way sent it again, as it may with a PUT.

import { defineScenario, handler, swarm, type Host, type Scenario } from '../../../src/index.ts';
import type { StormRow } from './row.ts';

const SEATS = 100;

/** Takes seats for bookings. A PUT says that it may be repeated; the naive one takes seats each time. */
function seats(host: Host, isCareful: boolean): (request: Request) => Promise<Response> {
  const state = { left: SEATS, booked: new Map<string, number>() };
  host.expose({ state });
  return async (request) => {
    const count = Number(await request.text());
    const booking = new URL(request.url).pathname;
    if (isCareful && state.booked.has(booking)) return new Response('booked already');
    state.left -= count;
    state.booked.set(booking, count);
    return new Response('booked');
  };
}

function system(isCareful: boolean): Scenario {
  return defineScenario({
    name: `request twice, ${isCareful ? 'careful' : 'naive'}`,
    hosts: { seats: handler((host) => seats(host, isCareful)) },
    faults: swarm({ duplicate: true }),
    drive: (world) =>
      world.client('guest', async () => {
        for (const [i, body] of ['2', '5', '1'].entries())
          await fetch(`http://seats/bookings/${i + 1}`, { method: 'PUT', body });
      }),
    always: {
      'seats left and seats booked are all seats': (world) => {
        const state = world.host('seats').exports?.['state'] as
          { left: number; booked: Map<string, number> } | undefined;
        if (state === undefined) return true;
        const booked = [...state.booked.values()].reduce((sum, count) => sum + count, 0);
        return state.left + booked === SEATS || `${state.left} left, ${booked} booked, of ${SEATS}`;
      },
    },
  });
}

/** See the first line. */
export const duplicateRows: readonly StormRow[] = [
  {
    kind: 'duplicate',
    what: 'a PUT that takes away each time it arrives books seats twice',
    naive: system(false),
    careful: system(true),
  },
];
