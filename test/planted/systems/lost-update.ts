// Two clients read a counter, add one, and write it back. Repaired: a write names the version it read.

import fc from 'fast-check';
import { defineScenario, handler, latency, swarm } from '../../../src/index.ts';
import { planted, post } from './planted.ts';

interface Counter {
  readonly value: number;
  readonly version: number;
}

export const lostUpdate = planted(
  { bug: 'lost update', needs: [], violates: 'assertion' },
  (isRepaired, name) =>
    defineScenario({
      name,
      hosts: {
        store: handler((host) => {
          let counter: Counter = { value: 0, version: 0 };
          const shown = { value: () => counter.value };
          host.expose(shown);
          return async (request) => {
            if (request.method === 'GET') return Response.json(counter);
            const wanted = (await request.json()) as Counter;
            if (isRepaired && wanted.version !== counter.version)
              return new Response('stale', { status: 409 });
            counter = { value: wanted.value, version: counter.version + 1 };
            return new Response('written');
          };
        }),
      },
      network: { latency: latency.longTail({ medianMs: 3, p99Ms: 40 }) },
      faults: swarm({ delay: true, pause: ['store'] }),
      workload: fc.array(fc.nat({ max: 200 }), { minLength: 1, maxLength: 6 }),
      async drive(world, startsMs) {
        const results = await Promise.all(
          startsMs.map((startMs, i) =>
            world.client(`client-${i + 1}`, async (client) => {
              await new Promise((resolve) => setTimeout(resolve, startMs));
              return client.operation('add one', null, addOne);
            }),
          ),
        );
        const added = results.filter(({ type, value }) => type === 'ok' && value === true).length;
        const { value } = world.host('store').exports as { value: () => number };
        if (value() < added) throw Object.assign(new Error(`${added} added, ${value()} kept`), LOST);
      },
    }),
);

const LOST = { name: 'AssertionError' };

/** @returns whether the store took it. */
async function addOne(): Promise<boolean> {
  for (;;) {
    const { value, version } = (await (await fetch('http://store/')).json()) as Counter;
    const { status } = await fetch('http://store/', post({ value: value + 1, version }));
    if (status !== 409) return status === 200;
  }
}
