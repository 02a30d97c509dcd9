// A store acknowledges what is only in the cache of its disk. Repaired: it syncs before it answers.

import fc from 'fast-check';
import { defineScenario, handler, latency, swarm } from '../../../src/index.ts';
import { planted, sleep } from './planted.ts';

export const unsyncedDisk = planted(
  { bug: 'unsynced disk', needs: ['crash'], violates: 'what was acknowledged is there' },
  (isRepaired, name) =>
    defineScenario({
      name,
      hosts: {
        store: handler((host) => {
          host.expose({ has: (key: string) => host.disk.get(key) !== undefined });
          return async (request) => {
            host.disk.put(new URL(request.url).pathname.slice(1), await request.text());
            if (isRepaired) host.disk.sync();
            return new Response('kept', { status: 201 });
          };
        }),
      },
      network: { latency: latency.longTail({ medianMs: 4, p99Ms: 50 }) },
      faults: swarm({
        drop: true,
        delay: true,
        duplicate: true,
        reset: true,
        refuse: true,
        crash: ['store'],
      }),
      workload: fc.array(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 8 }),
      async drive(world, texts) {
        await world.client('writer', async (client) => {
          for (const [i, body] of texts.entries()) {
            const signal = AbortSignal.timeout(1_000);
            const url = `http://store/key-${i}`;
            await client.operation('put', `key-${i}`, () => fetch(url, { method: 'PUT', body, signal }));
            await sleep(40);
          }
        });
      },
      eventually: {
        'what was acknowledged is there': {
          check: (world) => {
            const { has } = world.host('store').exports as { has: (key: string) => boolean };
            const kept = world.history.filter(({ type }) => type === 'ok').map(({ input }) => String(input));
            const lost = kept.filter((key) => !has(key));
            return lost.length === 0 || `${lost.join(', ')} was acknowledged, and is gone`;
          },
        },
      },
    }),
);
