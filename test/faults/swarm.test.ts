import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { swarm, type FaultBudget, type SwarmOptions } from '../../src/faults/budget.ts';
import { isTimedFault, type Fault, type FaultPlan } from '../../src/faults/fault.ts';
import type { PartitionFault } from '../../src/faults/kinds/partition.ts';
import { PARTITION_SHAPES } from '../../src/faults/kinds/partition-shapes.ts';
import { checkPlan } from '../../src/faults/plan.ts';
import { isAllowed as isAllowedBy } from '../../src/faults/survivable.ts';
import { drawPlan } from '../../src/faults/swarm.ts';
import { KeyedRandom } from '../../src/random/keyed.ts';

const HOSTS = ['a', 'b', 'c', 'd'];

const links = fc.oneof(fc.boolean(), fc.uniqueArray(fc.constantFrom('a -> b', 'b -> c', 'guest -> a')));
const hosts = fc.uniqueArray(fc.constantFrom(...HOSTS));
const options: fc.Arbitrary<SwarmOptions> = fc.record(
  {
    drop: links,
    delay: links,
    duplicate: links,
    reset: links,
    refuse: links,
    partition: fc.oneof(
      fc.boolean(),
      hosts,
      fc.record(
        { among: fc.constantFrom(HOSTS, ['b', 'a']), shapes: fc.subarray([...PARTITION_SHAPES]) },
        { requiredKeys: ['shapes'], noNullPrototype: true },
      ),
    ),
    crash: hosts,
    stop: hosts,
    pause: hosts,
    outage: hosts,
    brownout: hosts,
    survivable: fc.record({ hostsDown: fc.nat(3) }),
    horizonMs: fc.constantFrom(10, 500, 3_000, 60_000),
  },
  { requiredKeys: [], noNullPrototype: true },
);

function planOf(budget: FaultBudget | undefined, seed: number): FaultPlan {
  const random = new KeyedRandom(seed);
  let nth = 0;
  return drawPlan(budget, HOSTS, (bound) => random.below(bound, 1, nth++));
}

const seeds = Array.from({ length: 30 }, (_, seed) => seed);

test('a drawn plan is a valid plan, and the same for the same seed', () => {
  fc.assert(
    fc.property(options, fc.nat(), (budget, seed) => {
      const plan = planOf(swarm(budget), seed);
      assert.equal(checkPlan(plan, HOSTS), plan);
      assert.deepEqual(planOf(swarm(budget), seed), plan);
    }),
  );
});

test('a swarm never leaves its budget', () => {
  fc.assert(
    fc.property(options, (budget) => {
      for (const seed of seeds) {
        const { faults, chances = [] } = planOf(swarm(budget), seed);
        for (const { kind, links: limited, rate } of chances) {
          const allowed = budget[kind];
          assert.ok(allowed !== undefined && allowed !== false, kind);
          assert.deepEqual(limited, allowed === true ? undefined : allowed);
          assert.ok(rate > 0 && rate <= 0.3);
        }
        for (const fault of faults) assert.ok(isAllowed(fault, budget), JSON.stringify(fault));
        assert.ok(hostsDownAtOnce(faults) <= (budget.survivable?.hostsDown ?? 1), JSON.stringify(faults));
      }
    }),
    { numRuns: 200 },
  );
});

function isAllowed(fault: Fault, budget: SwarmOptions): boolean {
  if (!isTimedFault(fault)) return false;
  if (fault.atMs > (budget.horizonMs ?? 3_000)) return false;
  if (fault.kind === 'partition') return isAllowedCut(fault, budget.partition);
  return isAllowedBy(swarm(budget), fault);
}

function isAllowedCut(fault: PartitionFault, allowed: SwarmOptions['partition']): boolean {
  const { among = HOSTS, shapes }: { among?: readonly string[]; shapes?: readonly string[] } =
    typeof allowed === 'object' ? ('length' in allowed ? { among: allowed } : allowed) : {};
  if (allowed === undefined || allowed === false) return false;
  const cut = 'ring' in fault ? fault.ring : [...fault.from, ...fault.to];
  if (new Set(cut).size < cut.length || !cut.every((host) => among.includes(host))) return false;
  if (fault.flapMs !== undefined && shapes?.includes('flapping') !== true) return false;
  if ('ring' in fault) return shapes?.includes('ring') === true && fault.ring.length === among.length;
  if (fault.from.length === 0 || fault.to.length === 0) return false;
  if (shapes === undefined) return cut.length === among.length;
  return fault.oneWay ? shapes.includes('one-way') : shapes.some((shape) => shape !== 'one-way');
}

/** How long a host may be down because of a fault: a stop takes its time, and a paused host boots late. */
function downMs(fault: Fault & { kind: 'crash' | 'stop' }, all: readonly Fault[]): number {
  let pausedMs = 0;
  for (const other of all) if (other.kind === 'pause' && other.host === fault.host) pausedMs += other.forMs;
  return fault.downMs + pausedMs + (fault.kind === 'stop' ? 10_000 : 0);
}

function hostsDownAtOnce(faults: readonly Fault[]): number {
  const down = faults.filter((fault) => fault.kind === 'crash' || fault.kind === 'stop');
  return Math.max(
    0,
    ...down.map(({ atMs }) => {
      const names = down.filter((each) => each.atMs <= atMs && atMs <= each.atMs + downMs(each, faults));
      return new Set(names.map(({ host }) => host)).size;
    }),
  );
}

test('timed faults come in the order of their time', () => {
  const budget = swarm({ crash: HOSTS, pause: HOSTS, partition: true, survivable: { hostsDown: 4 } });
  for (let seed = 0; seed < 100; seed++) {
    const times = planOf(budget, seed).faults.map((fault) => ('atMs' in fault ? fault.atMs : -1));
    assert.deepEqual(
      times,
      times.toSorted((a, b) => a - b),
    );
  }
});

test('over the seeds every allowed kind is used in some plans and left out of others', () => {
  const budget = swarm({
    drop: true,
    delay: true,
    duplicate: true,
    reset: true,
    refuse: true,
    partition: true,
    crash: HOSTS,
    stop: HOSTS,
    pause: HOSTS,
    survivable: { hostsDown: 2 },
  });
  const counts = new Map<string, number>();
  let calm = 0;
  const runs = 400;
  for (let seed = 0; seed < runs; seed++) {
    const { faults, chances = [] } = planOf(budget, seed);
    const kinds = new Set([...faults, ...chances].map(({ kind }) => kind));
    if (kinds.size === 0) calm++;
    for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  assert.equal(counts.size, 9);
  for (const [kind, count] of counts) assert.ok(count > runs / 5 && count < runs * 0.6, `${kind}: ${count}`);
  assert.ok(calm > runs / 40 && calm < runs / 8, `${calm} calm plans`);
});

test('without a budget nothing happens but latency and chance between ties', () => {
  assert.deepEqual(planOf(undefined, 1), { faults: [], latency: 'drawn', order: 'drawn' });
  for (const seed of seeds) assert.deepEqual(planOf(swarm({}), seed).faults, []);
});
