// Scenarios for the tests of worker processes: each is light, and its runs differ.

import fc from 'fast-check';
import { expectErrors, expectLatency } from '../../../src/checkers.ts';
import { defineScenario, handler, latency, swarm, type Scenario } from '../../../src/index.ts';
import { sometimes } from '../../../src/markers.ts';

const STATUS: readonly number[] = [200, 200, 200, 404, 500];

/** What is said of a run that asks a few times. */
function asking(
  name: string,
  rest: Partial<Parameters<typeof defineScenario<number[]>>[0]>,
): Scenario<number[]> {
  return defineScenario({
    name,
    hosts: {
      server: handler(() => async (request) => {
        const number = Number(await request.text());
        sometimes('a large number', number > 90);
        return new Response('x', { status: STATUS[number % STATUS.length] ?? 200 });
      }),
    },
    network: { latency: latency.uniform({ minMs: 1, maxMs: 30 }) },
    faults: swarm({ drop: true, delay: true, crash: ['server'] }),
    workload: fc.array(fc.nat({ max: 100 }), { minLength: 1, maxLength: 4 }),
    async drive(world, numbers) {
      await world.client('guest', async (client) => {
        for (const number of numbers) {
          const ask = (): Promise<Response> => {
            const signal = AbortSignal.timeout(200);
            return fetch(`http://server/${number % 2}`, { method: 'POST', body: String(number), signal });
          };
          await client.operation('ask', number, ask).catch(() => {});
        }
      });
    },
    ...rest,
  });
}

export const passing: Scenario<number[]> = asking('passing', {
  serviceLevels: [
    expectLatency('POST /:id', { p50Ms: 100, during: 'all' }),
    expectErrors('POST /:id', { rateMax: 1, during: 'all' }),
  ],
});

export const failing: Scenario<number[]> = asking('failing', {
  always: {
    'nobody asks for 40 or more twice': (world) =>
      world.history.filter(({ name, input }) => name === 'ask' && Number(input) >= 40).length < 2,
    'nothing is lost': (world) => world.history.every(({ type }) => type !== 'info'),
    'nobody asks for 3': (world) => world.history.every(({ input }) => input !== 3),
  },
});

export const slow: Scenario<number[]> = asking('slow', {
  serviceLevels: [expectLatency('POST /:id', { maxMs: 20, during: 'all' })],
});

let runs = 0;

/** Its module remembers runs: a run that is made twice differs, from the 30th of a process on. */
export const diverging: Scenario<number[]> = asking('diverging', {
  async drive() {
    runs++;
    await new Promise((resolve) => setTimeout(resolve, runs > 30 ? runs : 1));
  },
});
