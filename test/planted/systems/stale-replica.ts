// A client writes to the primary and reads from a replica. Repaired: it reads from where it wrote.

import fc from 'fast-check';
import { defineScenario, handler, latency, swarm } from '../../../src/index.ts';
import { planted, sleep } from './planted.ts';

export const staleReplica = planted(
  { bug: 'stale replica', needs: ['delay'], violates: 'assertion' },
  (isRepaired, name) =>
    defineScenario({
      name,
      hosts: {
        primary: handler((host) => {
          let value = '';
          return async (request) => {
            if (request.method === 'GET') return new Response(value);
            value = await request.text();
            host.send('replica', value, 'replicate');
            return new Response('written');
          };
        }),
        replica: handler((host) => {
          let value = '';
          host.onMessage((payload) => {
            if (String(payload) > value) value = String(payload);
          });
          return () => new Response(value);
        }),
      },
      network: { latency: latency.longTail({ medianMs: 2, p99Ms: 12 }) },
      faults: swarm({ delay: true, duplicate: ['primary -> replica'], pause: ['primary'] }),
      workload: fc.array(fc.nat({ max: 50 }), { minLength: 1, maxLength: 6 }),
      async drive(world, pausesMs) {
        await world.client('author', async (client) => {
          for (const [i, pauseMs] of pausesMs.entries()) {
            const text = `draft ${i + 1}`;
            const write = () => fetch('http://primary/', { method: 'PUT', body: text });
            if ((await client.operation('write', text, write)).type !== 'ok') continue;
            await sleep(100 + pauseMs);
            const from = isRepaired ? 'http://primary/' : 'http://replica/';
            const read = await client.operation('read', null, async () => (await fetch(from)).text());
            if (read.type === 'ok' && read.value !== text) {
              const error = new Error(`wrote "${text}", then read "${read.value}"`);
              throw Object.assign(error, { name: 'AssertionError' });
            }
          }
        });
      },
    }),
);
