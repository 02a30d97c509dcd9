// What the statistics of an exploration cost: the same runs with them and without, of a system that does
// little but send requests, so that there is as much to take down as there ever is.

import { defineScenario, explore, handler, latency, swarm } from 'wavetank';
import { compare, type Ratio } from './ratio.ts';

const RUNS = 400;
const REQUESTS = 10;

/** Each of ten requests to the front makes one to the stock: twenty requests a run. */
const scenario = defineScenario({
  name: 'twenty-requests',
  hosts: {
    stock: handler(() => () => new Response('3 left')),
    front: handler(() => async () => new Response(await (await fetch('http://stock/items')).text())),
  },
  network: { latency: latency.longTail({ medianMs: 2, p99Ms: 40 }) },
  faults: swarm({ delay: true, reset: true }),
  drive: (world) =>
    world.client('shopper', async (client) => {
      for (let i = 0; i < REQUESTS; i++) await client.operation('look', i, () => fetch('http://front/items'));
    }),
});

/** Runs per second of CPU time with statistics against without; 1 means that they cost nothing. */
export function statisticsRatio(): Promise<Ratio> {
  const speed = (statistics: boolean) => async () => {
    const began = process.cpuUsage();
    await explore(scenario, { runs: RUNS, seed: 3, vacuity: false, statistics });
    const { user, system } = process.cpuUsage(began);
    return RUNS / ((user + system) / 1e6);
  };
  return compare('explorations with statistics against without', 'runs/CPU s', {
    ours: speed(true),
    theirs: speed(false),
  });
}
