// Makes runs of the checkout example of one copy of the package, as its parent asks for them: a process of its
// own, because two copies of the package cannot both patch one.

import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Scenario, simulate as Simulate } from 'wavetank';

/** What the parent asks for. */
export interface Asked {
  readonly scenario: 'checkout-repaired' | 'programs-repaired';
  readonly runs: number;
  readonly isRecorded: boolean;
}

const [, , folder = ''] = process.argv;
const load = (path: string): Promise<unknown> => import(pathToFileURL(join(folder, path)).href);

const { simulate } = (await load('dist/index.mjs')) as { simulate: typeof Simulate };

/** Runs for each second of the processor: what else the machine does has no part in it. */
async function runsPerSecond({ scenario, runs, isRecorded }: Asked): Promise<number> {
  const { default: loaded } = (await load(`examples/checkout/${scenario}.sim.ts`)) as { default: Scenario };
  const seeds = Array.from({ length: runs }, (_, i) => i + 1);
  const before = process.cpuUsage();
  // All at once: then the ambient layer is installed once.
  await Promise.all(seeds.map((seed) => simulate(loaded, { seed, record: isRecorded })));
  const { user, system } = process.cpuUsage(before);
  return (runs * 1e6) / (user + system);
}

process.on('message', (asked: Asked) => {
  void runsPerSecond(asked).then((figure) => process.send?.(figure));
});
process.send?.('ready');
