// One process of the benchmark of strategies: makes searches of one system that end with the first failure,
// unshrunk, and prints how many runs they took, as JSON.

import { pathToFileURL } from 'node:url';
import { BlockRuns } from '../src/explore/block-runs.ts';
import { blocksOf } from '../src/explore/blocks.ts';
import { STRATEGIES, isWhole } from '../src/explore/strategies/table.ts';
import type { Scenario } from '../src/scenario/scenario.ts';
import { whileInstalled } from '../src/scenario/simulate.ts';

const BASE_SEEDS = 30;
/** A search that takes more is as good as one that finds nothing. */
const RUNS_MAX = 100;
/** Of systems whose runs are short, and whose bug is rare. */
const RUNS_MAX_OF: Readonly<Record<string, number>> = { 'overtaken thrice (depth 3)': 400 };

/** The strategies that are compared: not those that walk through all runs, which is another task. */
export const COMPARED: readonly string[] = Object.keys(STRATEGIES).filter((name) => !isWhole(name));

/** What was measured of one system. */
export interface SystemRuns {
  /** By strategy; one more than the most where less than half of the searches found something. */
  readonly medians: Readonly<Record<string, number>>;
  readonly runsMax: number;
}

const planted =
  (file: string, name: string): (() => Promise<Scenario>) =>
  async () => {
    const module = (await import(`../test/planted/systems/${file}.ts`)) as Record<
      string,
      { broken: Scenario }
    >;
    return (module[name] as { broken: Scenario }).broken;
  };

const example = (file: string) => async (): Promise<Scenario> =>
  ((await import(`../examples/${file}.sim.ts`)) as { default: Scenario }).default;

const SYSTEMS: Readonly<Record<string, () => Promise<Scenario>>> = {
  'lost update': planted('lost-update', 'lostUpdate'),
  'overtaking messages': planted('overtaking', 'overtaking'),
  'double charge': planted('double-charge', 'doubleCharge'),
  'consumer that is not idempotent': planted('duplicate-datagram', 'duplicateDatagram'),
  'stale replica': planted('stale-replica', 'staleReplica'),
  'cancel after success': planted('early-cancel', 'earlyCancel'),
  'swallowed refusal': planted('swallowed-refusal', 'swallowedRefusal'),
  'unsynced disk': planted('unsynced-disk', 'unsyncedDisk'),
  'crash between two writes': planted('torn-transfer', 'tornTransfer'),
  'lock without fencing': planted('unfenced-lock', 'unfencedLock'),
  'two leaders': planted('two-leaders', 'twoLeaders'),
  'forgotten idempotency keys': planted('forgotten-keys', 'forgottenKeys'),
  'overtaken thrice (depth 3)': async () =>
    (await import('../test/explore/strategies/overtaken-thrice.ts')).overtakenThrice,
  'example: checkout': example('checkout/checkout'),
  'example: outbox': example('outbox/outbox'),
  'example: replicated register': example('replicated-register/replicated-register'),
  'example: rolling upgrade': example('rolling-upgrade/rolling-upgrade'),
  'example: lease lock, pauses': example('lease-lock/pauses'),
};

/** What can be measured. */
export const SYSTEM_NAMES: readonly string[] = Object.keys(SYSTEMS);

/** How many runs a search takes until one fails; one more than the most if none does. */
function runsToFailure(
  scenario: Scenario,
  given: { readonly strategy: string; readonly seed: number; readonly runsMax: number },
): Promise<number> {
  return whileInstalled(scenario, async () => {
    const runs = new BlockRuns(scenario, {
      repeatEvery: Number.POSITIVE_INFINITY,
      hasStatistics: false,
      bail: true,
      isOver: () => false,
    });
    for (const block of blocksOf(given)) {
      const { failures, error } = await runs.make(block);
      if (error !== undefined) throw error;
      const [found] = failures;
      if (found !== undefined) return found.number + 1;
    }
    return given.runsMax + 1;
  });
}

async function medianOf(scenario: Scenario, strategy: string, runsMax: number): Promise<number> {
  const counts: number[] = [];
  for (let seed = 1; seed <= BASE_SEEDS; seed++) {
    counts.push(await runsToFailure(scenario, { strategy, seed, runsMax }));
  }
  return counts.toSorted((left, right) => left - right)[BASE_SEEDS >> 1] as number;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const name = process.argv[2] ?? '';
  const open = SYSTEMS[name];
  if (open === undefined) throw new Error(`Unknown system. Known: ${SYSTEM_NAMES.join(', ')}.`);
  const scenario = await open();
  const runsMax = RUNS_MAX_OF[name] ?? RUNS_MAX;
  const medians: Record<string, number> = {};
  for (const strategy of COMPARED) {
    medians[strategy] = await medianOf(scenario, strategy, runsMax);
  }
  console.log(JSON.stringify({ medians, runsMax } satisfies SystemRuns));
}
