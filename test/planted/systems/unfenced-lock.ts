// Workers take turns by a lease, and write while they hold it. Repaired: the store refuses an older lease.

import fc from 'fast-check';
import { defineScenario, handler, latency, swarm } from '../../../src/index.ts';
import { planted, post, sleep } from './planted.ts';

const LEASE_MS = 500;

interface Write {
  readonly worker: string;
  readonly lease: number;
}

/** Asks for the lease until it is given, works, writes, and gives it back. */
async function work(worker: string): Promise<Response> {
  for (;;) {
    const answer = await fetch('http://lock/take', post({ worker }));
    if (answer.status === 409) {
      await sleep(100);
      continue;
    }
    const { lease } = (await answer.json()) as { lease: number };
    await sleep(100);
    const written = await fetch('http://store/', post({ worker, lease }));
    await fetch('http://lock/give', post({ lease }));
    return written;
  }
}

const workerHost = handler((host) => async () => work(host.name));

export const unfencedLock = planted(
  { bug: 'lock without fencing', needs: ['pause'], violates: 'leases are used in order' },
  (isRepaired, name) =>
    defineScenario({
      name,
      hosts: {
        lock: handler(() => {
          let holder = { lease: 0, untilMs: 0 };
          return async (request) => {
            const { lease } = (await request.json()) as { lease?: number };
            if (lease === holder.lease) holder.untilMs = 0;
            if (lease !== undefined) return new Response('given back');
            if (Date.now() < holder.untilMs) return new Response('taken', { status: 409 });
            holder = { lease: holder.lease + 1, untilMs: Date.now() + LEASE_MS };
            return Response.json(holder);
          };
        }),
        store: handler((host) => {
          const writes: Write[] = [];
          host.expose({ writes });
          return async (request) => {
            const write = (await request.json()) as Write;
            if (isRepaired && write.lease < (writes.at(-1)?.lease ?? 0))
              return new Response('', { status: 409 });
            writes.push(write);
            return new Response('written');
          };
        }),
        'worker-1': workerHost,
        'worker-2': workerHost,
      },
      network: { latency: latency.longTail({ medianMs: 2, p99Ms: 20 }) },
      faults: swarm({ pause: ['worker-1', 'worker-2', 'lock'], duplicate: true }),
      workload: fc.array(fc.constantFrom('worker-1', 'worker-2'), { minLength: 1, maxLength: 6 }),
      async drive(world, workers) {
        await Promise.all(
          workers.map((worker, i) =>
            world.client(`client-${i + 1}`, async (client) => {
              await sleep(10 * i);
              await client.operation('work', worker, () => fetch(`http://${worker}/`));
            }),
          ),
        );
      },
      always: {
        'leases are used in order': (world) => {
          const { writes = [] } = (world.host('store').exports ?? {}) as { writes?: Write[] };
          const [before, last] = writes.slice(-2);
          if (before === undefined || last === undefined || before.lease <= last.lease) return true;
          return `${last.worker} wrote under lease ${last.lease} after lease ${before.lease} was used`;
        },
      },
    }),
);
