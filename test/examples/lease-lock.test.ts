// The lock with a lease: each of its two weaknesses is found and shrunk to itself; fencing withstands both.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CheckFailure, defineScenario, explore, simulate } from 'wavetank';
import type { Fault, FaultPlan, Scenario, World } from 'wavetank';
import clockSteps from '../../examples/lease-lock/clock-steps.sim.ts';
import { isFencedLock } from '../../examples/lease-lock/models.ts';
import pauses from '../../examples/lease-lock/pauses.sim.ts';
import repaired from '../../examples/lease-lock/repaired.sim.ts';
import { leaseLock, pausesAndClocks } from '../../examples/lease-lock/scenario.ts';
import { Recorded } from '../../examples/recorded.ts';

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

test('the model of a fenced register finds the late writer, and that of the lock none', async () => {
  const { always: _, ...options } = leaseLock({ name: 'models', fencing: false, faults: pausesAndClocks });
  const { violations } = await simulate(defineScenario(options), {
    workload: [1, 1],
    plan: plan([BREAKING[0]!]),
  });
  assert.deepEqual(
    violations.map(({ name }) => name),
    ['the report is behind a fence', 'the report is a log of lines'],
  );
  assert.match(violations[0]?.message ?? '', /wrote "a-1" with token 1/);
});

test('a lock that gives one token to two is no lock with fencing tokens', async () => {
  const requests = new Recorded({ fetch: () => Response.json({ token: 1 }, { status: 201 }) });
  const world = { host: () => ({ exports: { requests } }) } as unknown as World;
  for (const owner of ['worker-a', 'worker-b']) {
    assert.equal(isFencedLock(world).verdict, 'ok');
    const body = JSON.stringify({ owner, ttlMs: 1 });
    await requests.handle(new Request('http://locks/locks/report', { method: 'POST', body }));
  }
  const { verdict, message } = isFencedLock(world);
  assert.equal(verdict, 'illegal');
  assert.match(message, /acquired the lock as worker-b with token 1/);
});

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
