// What a swarm draws stays within what its budget calls survivable, whenever its triggers come.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { swarm, type FaultBudget, type SwarmOptions } from '../../src/faults/budget.ts';
import { isTimedFault, type TimedFault } from '../../src/faults/fault.ts';
import { checkPlan } from '../../src/faults/plan.ts';
import { isAllowed, tollOf } from '../../src/faults/survivable.ts';
import { drawPlan } from '../../src/faults/swarm.ts';
import { KeyedRandom } from '../../src/random/keyed.ts';
import { simulate } from '../../src/scenario/simulate.ts';
import { greeter, scenarioOf, sleep } from '../scenario/driven.ts';

const HOSTS = ['a', 'b', 'c', 'd'];

const hosts = fc.subarray(HOSTS);
const options: fc.Arbitrary<SwarmOptions> = fc.record(
  {
    partition: fc.boolean(),
    clog: fc.oneof(fc.boolean(), fc.uniqueArray(fc.constantFrom('a -> b', 'b -> a', 'guest -> a'))),
    crash: hosts,
    stop: hosts,
    pause: hosts,
    survivable: fc.record(
      {
        hostsDown: fc.nat(3),
        neverCrash: hosts,
        partitionsHealWithinMs: fc.constantFrom(0, 1, 50, 700, 12_000),
      },
      { requiredKeys: [] },
    ),
    aim: fc.record(
      { markers: fc.subarray(['saved', 'sent']), operations: fc.subarray(['write']) },
      { requiredKeys: [] },
    ),
    horizonMs: fc.constantFrom(10, 500, 3_000),
  },
  { requiredKeys: [], noNullPrototype: true },
);

function drawn(budget: FaultBudget, seed: number): TimedFault[] {
  const random = new KeyedRandom(seed);
  let nth = 0;
  const plan = drawPlan(budget, HOSTS, (bound) => random.below(bound, 1, nth++));
  assert.equal(checkPlan(plan, HOSTS), plan);
  return plan.faults.filter(isTimedFault);
}

/** The faults as they may turn out: what waits for a moment gets one. */
function turningOut(faults: readonly TimedFault[], seed: number): TimedFault[] {
  const random = new KeyedRandom(seed);
  return faults.map((fault, i) => {
    if (fault.after === undefined) return fault;
    // Close to other faults as often as anywhere.
    const other = faults[random.below(faults.length, i, 1)]?.atMs ?? 0;
    return { ...fault, atMs: fault.atMs + (random.chance(0.5, i, 2) ? other : random.below(5_000, i, 3)) };
  });
}

const seeds = Array.from({ length: 20 }, (_, seed) => seed);

test('no plan of a swarm can bring down more hosts, cut links for longer, or kill whom it may not', () => {
  fc.assert(
    fc.property(options, (budgeted) => {
      const budget = swarm(budgeted);
      const { hostsDown = 1, neverCrash = [], partitionsHealWithinMs } = budget.survivable ?? {};
      for (const seed of seeds) {
        const faults = drawn(budget, seed);
        const shown = JSON.stringify(faults);
        for (const fault of faults) {
          assert.ok(isAllowed(budget, fault), shown);
          assert.ok(fault.kind !== 'crash' || !neverCrash.includes(fault.host), shown);
        }
        for (const again of [1, 2, 3]) {
          const turned = turningOut(faults, seed * 10 + again);
          assert.ok(mostDown(turned) <= hostsDown, shown);
          assert.ok(longestCutMs(turned) <= (partitionsHealWithinMs ?? Infinity) + 1e-6, shown);
        }
      }
    }),
    { numRuns: 150 },
  );
});

function mostDown(faults: readonly TimedFault[]): number {
  const pausedMs = (host: string): number =>
    faults.reduce((sum, each) => sum + (each.kind === 'pause' && each.host === host ? each.forMs : 0), 0);
  const down = faults.flatMap((fault) =>
    (tollOf(fault).down ?? []).map(({ host, forMs }) => {
      return { host, fromMs: fault.atMs, toMs: fault.atMs + forMs + pausedMs(host) };
    }),
  );
  const counts = down.map(({ fromMs }) => {
    const met = down.filter((each) => each.fromMs <= fromMs && fromMs <= each.toMs);
    return new Set(met.map(({ host }) => host)).size;
  });
  return Math.max(0, ...counts);
}

/** Moves along each link from one end of a cut to the next, as long as another cut is there already. */
function longestCutMs(faults: readonly TimedFault[]): number {
  const cuts = faults.flatMap((fault) => {
    const { links = [], forMs = 0 } = tollOf(fault).cuts ?? {};
    return links.map((link) => ({ link, fromMs: fault.atMs, toMs: fault.atMs + forMs }));
  });
  const lengths = cuts.map(({ link, fromMs, toMs }) => {
    let endMs = toMs;
    for (;;) {
      const next = cuts.find((each) => each.link === link && each.fromMs <= endMs && each.toMs > endMs);
      if (next === undefined) return endMs - fromMs;
      endMs = next.toMs;
    }
  });
  return Math.max(0, ...lengths);
}

test('a tight budget still lets faults through, aimed and not aimed, of every kind', () => {
  const budget = swarm({
    crash: HOSTS,
    stop: HOSTS,
    pause: HOSTS,
    partition: true,
    clog: true,
    survivable: { hostsDown: 1, neverCrash: ['d'], partitionsHealWithinMs: 300 },
    aim: { markers: ['saved'], operations: ['write'] },
  });
  const counts = new Map<string, number>();
  const count = (what: string): void => void counts.set(what, (counts.get(what) ?? 0) + 1);
  for (let seed = 0; seed < 400; seed++) {
    for (const fault of drawn(budget, seed)) {
      count(fault.kind);
      const { after } = fault;
      if (after === undefined) count('at a time');
      else if ('marker' in after) count(after.host === undefined ? 'any marker' : 'own marker');
      else count('acknowledged');
    }
  }
  const expected = ['crash', 'stop', 'pause', 'partition', 'clog'];
  for (const what of [...expected, 'at a time', 'any marker', 'own marker', 'acknowledged'])
    assert.ok((counts.get(what) ?? 0) > 40, `${what}: ${counts.get(what)}`);
});

test('without an aim nothing waits', () => {
  for (const seed of seeds) {
    const faults = drawn(swarm({ crash: HOSTS, survivable: { hostsDown: 4 } }), seed);
    assert.ok(faults.every(({ after }) => after === undefined));
  }
});

test('a clogged sequence clogs different links one by one', () => {
  let longest = 0;
  for (let seed = 0; seed < 100; seed++) {
    const faults = drawn(swarm({ clog: true }), seed).flatMap((each) => (each.kind === 'clog' ? [each] : []));
    const links = new Set(faults.map(({ from, to }) => `${from} ${to}`));
    assert.equal(links.size, faults.length);
    longest = Math.max(longest, faults.length);
  }
  assert.equal(longest, 4);
});

test('a run under a drawn plan is never judged to be beyond its budget', async () => {
  let failed = 0;
  for (const hostsDown of [1, 2]) {
    const failing = scenarioOf(
      {
        hosts: Object.fromEntries(HOSTS.map((name) => [name, greeter()])),
        stormMs: 5_000,
        calmMs: 10,
        faults: swarm({
          drop: true,
          crash: HOSTS,
          stop: ['a', 'b'],
          pause: ['c'],
          partition: true,
          clog: ['guest -> a', 'a -> guest'],
          survivable: { hostsDown, neverCrash: ['d'], partitionsHealWithinMs: 800 },
          aim: { operations: ['greet'] },
        }),
        eventually: { 'the impossible': { withinMs: 5, check: () => false } },
      },
      async (world) => {
        await world.client('guest', async (client) => {
          for (let i = 0; i < 20; i++) {
            const url = `http://${HOSTS[i % 4]}/`;
            await client.operation('greet', i, () => fetch(url, { signal: AbortSignal.timeout(300) }));
            await sleep(50);
          }
        });
      },
    );
    for (let seed = 1; seed <= 100; seed++) {
      const { verdict, beyondBudget, ledger } = await simulate(failing, { seed });
      assert.equal(verdict, 'illegal', `seed ${seed}: ${beyondBudget?.join('; ')}`);
      if (ledger.some(({ kind }) => kind !== 'drop')) failed++;
    }
  }
  assert.ok(failed > 50, `only ${failed} runs had faults that begin at a time`);
});
