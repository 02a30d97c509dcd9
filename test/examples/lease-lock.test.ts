// The lock with a lease: each of its two weaknesses is found and shrunk to itself; fencing withstands both.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CheckFailure, defineScenario, explore, simulate } from 'wavetank';
import type { Fault, FaultPlan, Scenario } from 'wavetank';
import clockSteps from '../../examples/lease-lock/clock-steps.sim.ts';
import pauses from '../../examples/lease-lock/pauses.sim.ts';
import repaired from '../../examples/lease-lock/repaired.sim.ts';
import { leaseLock, pausesAndClocks } from '../../examples/lease-lock/scenario.ts';

type Workload = [number, number];

async function failureOf(scenario: Scenario<Workload>, seed: number): Promise<CheckFailure> {
  const [outcome] = await Promise.allSettled([explore(scenario, { runs: 300, seed })]);
  if (outcome.status === 'fulfilled') throw new assert.AssertionError({ message: 'it found nothing' });
  if (outcome.reason instanceof CheckFailure) return outcome.reason;
  throw outcome.reason;
}

for (const [kind, scenario] of [
  ['pause', pauses],
  ['clockStep', clockSteps],
] as const) {
  for (const seed of [1, 2]) {
    test(`the lease alone loses a line, shrunk to ${kind} and nothing else: seed ${seed}`, async () => {
      const { result } = await failureOf(scenario, seed);
      assert.equal(result.violations[0]?.name, 'no line is lost that was added');
      assert.deepEqual([...new Set(result.ledger.map((fault) => fault.kind))], [kind]);
      assert.deepEqual(result.workload, [1, 1]);
    });
  }
}

const BREAKING: readonly Fault[] = [
  { kind: 'pause', host: 'worker-a', atMs: 30, forMs: 3_000 },
  { kind: 'clockStep', host: 'locks', atMs: 20, byMs: 30_000 },
];
const plan = (faults: readonly Fault[]): FaultPlan => ({ faults, latency: 'calm', order: 'calm' });

for (const fault of BREAKING) {
  test(`one ${fault.kind} breaks the lease, and fencing withstands the same`, async () => {
    const workload: Workload = [1, 1];
    const options = { name: 'lease-lock', fencing: false, faults: pausesAndClocks };
    const naive = defineScenario(leaseLock(options));
    const broken = await simulate(naive, { workload, plan: plan([fault]) });
    assert.equal(broken.violations[0]?.name, 'no line is lost that was added');
    const held = await simulate(repaired, { workload, plan: plan([fault]) });
    assert.equal(held.verdict, 'ok', held.violations[0]?.message);
    assert.deepEqual(held.ledger, [fault]);
    assert.equal(held.reached['a late writer was fenced off'], 1);
  });
}

test('without faults the lease is enough', async () => {
  const { faults: _, ...calm } = leaseLock({ name: 'calm', fencing: false, faults: pausesAndClocks });
  const scenario = defineScenario(calm);
  for (let seed = 1; seed <= 50; seed++) {
    const { verdict, violations } = await simulate(scenario, { seed });
    assert.equal(verdict, 'ok', violations[0]?.message);
  }
});

test('fencing keeps every line in 200 runs, and late writers are fenced off in some of them', async () => {
  const { runs, reached } = await explore(repaired, { runs: 200 });
  assert.equal(runs, 200);
  assert.ok((reached['a late writer was fenced off'] ?? 0) > 0);
});
