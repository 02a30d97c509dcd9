// Makes runs of the checkout example of one copy of the package, as its parent asks for them: a process of
// its own, because two copies of the package cannot both patch one.

import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Scenario, simulate as Simulate } from 'wavetank';

/** What the parent asks for. */
export interface Asked {
  readonly scenario: 'checkout-repaired' | 'programs-repaired';
  readonly runs: number;
  readonly isRecorded: boolean;
}

/** What it answers. */
export interface Answered {
  /** Runs for each second of the processor: what else the machine does has no part in it. */
  readonly runsPerSecond: number;
  /** The hashes of the runs: all copies make the same. */
  readonly hashes: readonly string[];
  /** What went wrong in them. */
  readonly violations: readonly string[];
}

const [, , folder = ''] = process.argv;
const load = (path: string): Promise<unknown> => import(pathToFileURL(join(folder, path)).href);

const { simulate } = (await load('dist/index.mjs')) as { simulate: typeof Simulate };

async function answer({ scenario, runs, isRecorded }: Asked): Promise<Answered> {
  const { default: loaded } = (await load(`examples/checkout/${scenario}.sim.ts`)) as { default: Scenario };
  const seeds = Array.from({ length: runs }, (_, i) => i + 1);
  const before = process.cpuUsage();
  // All at once: then the ambient layer is installed once.
  const results = await Promise.all(seeds.map((seed) => simulate(loaded, { seed, record: isRecorded })));
  const { user, system } = process.cpuUsage(before);
  return {
    runsPerSecond: (runs * 1e6) / (user + system),
    hashes: results.map(({ hash }) => hash),
    violations: results.flatMap(({ violations }) => violations.map(({ message }) => message)),
  };
}

process.on('message', (asked: Asked) => {
  void answer(asked).then((answered) => process.send?.(answered));
});
process.send?.('ready');
