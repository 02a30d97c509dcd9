// A queue hands jobs to a worker, and forgets a job when the worker is out of reach. Repaired: it tries
// again.

import fc from 'fast-check';
import { defineScenario, handler, latency, swarm } from '../../../src/index.ts';
import { planted, post, sleep } from './planted.ts';

interface Job {
  readonly id: string;
}

export const swallowedRefusal = planted(
  { bug: 'swallowed refusal', needs: ['refuse'], violates: 'every accepted job is done' },
  (isRepaired, name) =>
    defineScenario({
      name,
      hosts: {
        queue: handler(() => {
          const forward = async (job: Job): Promise<void> => {
            for (;;) {
              try {
                await fetch('http://worker/', post(job));
                return;
              } catch {
                if (!isRepaired) return;
                await sleep(200);
              }
            }
          };
          return async (request) => {
            void forward((await request.json()) as Job);
            return new Response('accepted', { status: 202 });
          };
        }),
        worker: handler((host) => {
          const done = new Set<string>();
          host.expose({ done });
          return async (request) => {
            done.add(((await request.json()) as Job).id);
            return new Response('done');
          };
        }),
      },
      network: { latency: latency.longTail({ medianMs: 5, p99Ms: 60 }) },
      faults: swarm({ delay: true, refuse: true, partition: ['queue', 'worker'], pause: ['worker'] }),
      workload: fc.array(fc.nat({ max: 9 }), { minLength: 1, maxLength: 6 }),
      async drive(world, digits) {
        await Promise.all(
          digits.map((digit, i) =>
            world.client(`client-${i + 1}`, (client) => {
              const job = { id: `job-${i + 1}/${digit}` };
              return client.operation('submit', job.id, () => fetch('http://queue/', post(job)));
            }),
          ),
        );
      },
      eventually: {
        'every accepted job is done': {
          withinMs: 30_000,
          check: (world) => {
            const { done } = world.host('worker').exports as { done: Set<string> };
            const accepted = world.history
              .filter(({ type }) => type === 'ok')
              .map(({ input }) => String(input));
            const missing = accepted.filter((id) => !done.has(id));
            return missing.length === 0 || `${missing.join(', ')} was accepted and never done`;
          },
        },
      },
    }),
);
