// A shop cancels an order whose booking did not answer in time. Repaired: it takes the booking back as well.

import fc from 'fast-check';
import { defineScenario, handler, latency, swarm } from '../../../src/index.ts';
import { planted, sleep } from './planted.ts';

async function request(method: string, url: string, timeoutMs: number): Promise<boolean> {
  try {
    const { ok } = await fetch(url, { method, signal: AbortSignal.timeout(timeoutMs) });
    return ok;
  } catch {
    return false;
  }
}

export const earlyCancel = planted(
  { bug: 'cancel after success', needs: ['delay'], violates: 'no seat is kept for a cancelled order' },
  (isRepaired, name) =>
    defineScenario({
      name,
      hosts: {
        seats: handler((host) => {
          const booked = new Set<string>();
          const released = new Set<string>();
          host.expose({ booked });
          return ({ method, url }) => {
            const { pathname } = new URL(url);
            if (method === 'DELETE') {
              booked.delete(pathname);
              released.add(pathname);
            } else if (!released.has(pathname)) booked.add(pathname);
            return new Response('done');
          };
        }),
        shop: handler((host) => {
          const cancelled = new Set<string>();
          host.expose({ cancelled });
          return async ({ url }) => {
            const { pathname } = new URL(url);
            const seat = `http://seats${pathname}`;
            if (await request('PUT', seat, 200)) return new Response('booked');
            if (isRepaired) while (!(await request('DELETE', seat, 200))) await sleep(100);
            cancelled.add(pathname);
            return new Response('cancelled', { status: 503 });
          };
        }),
      },
      network: { latency: latency.longTail({ medianMs: 5, p99Ms: 20 }) },
      faults: swarm({ delay: true, duplicate: true, refuse: true }),
      workload: fc.array(fc.nat({ max: 99 }), { minLength: 1, maxLength: 6 }),
      async drive(world, seats) {
        await Promise.all(
          seats.map((seat, i) =>
            world.client(`guest-${i + 1}`, (client) =>
              client.operation('book', seat, () => fetch(`http://shop/seat-${i + 1}`, { method: 'POST' })),
            ),
          ),
        );
      },
      eventually: {
        'no seat is kept for a cancelled order': {
          withinMs: 60_000,
          check: (world) => {
            const { booked } = world.host('seats').exports as { booked: Set<string> };
            const { cancelled } = world.host('shop').exports as { cancelled: Set<string> };
            const kept = [...booked].filter((seat) => cancelled.has(seat));
            return kept.length === 0 || `${kept.join(', ')} is kept, and its order was cancelled`;
          },
        },
      },
    }),
);
