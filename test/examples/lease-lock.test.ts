// The lock with a lease: each of its two weaknesses is found and shrunk to itself; fencing withstands both.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CheckFailure, defineScenario, explore, simulate } from 'wavetank';
import type { Fault, FaultPlan, Scenario, World } from 'wavetank';
import clockSteps from '../../examples/lease-lock/clock-steps.sim.ts';
import * as model from '../../examples/lease-lock/models.ts';
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
    assert.equal(model.isFencedLock(world).verdict, 'ok');
    const body = JSON.stringify({ owner, ttlMs: 1 });
    await requests.handle(new Request('http://locks/locks/report', { method: 'POST', body }));
  }
  const { verdict, message } = model.isFencedLock(world);
  assert.equal(verdict, 'illegal');
  assert.match(message, /acquired the lock as worker-b with token 1/);
});

/** What the storage answered one after another, as a world. */
async function storageOf(
  answers: readonly [request: Request, answer: Response][],
  locks?: Recorded,
): Promise<World> {
  const rest = answers.map(([, answer]) => answer);
  const requests = new Recorded({ fetch: () => rest.shift() ?? new Response() });
  for (const [request] of answers) await requests.handle(request);
  const exports: Record<string, unknown> = { locks: { requests: locks }, storage: { requests } };
  return { host: (name: string) => ({ exports: exports[name] }) } as unknown as World;
}

const put = (body: string) => new Request('http://storage/uploads/1', { method: 'PUT', body });
const get = (headers: Record<string, string> = {}) => new Request('http://storage/files/report', { headers });

test('a storage that answers an old upload is no register, and one that refuses is', async () => {
  const stored = (): Response => new Response(null, { status: 204 });
  const stale = [
    [put('a'), stored()],
    [put('b'), stored()],
    [get(), new Response('a')],
  ] as const;
  const { verdict, message } = model.isRegister(await storageOf(stale.map(([ask, told]) => [ask, told])));
  assert.equal(verdict, 'illegal');
  assert.match(message, /not linearizable as a register: .* read "a"/);
  const refused = await storageOf([
    [put('a'), stored()],
    [put('b'), new Response('old', { status: 412 })],
    [get(), new Response('a')],
  ]);
  assert.equal(model.isRegister(refused).verdict, 'ok');
});

test("to work under another worker's lease is found", async () => {
  const lease = Response.json({ token: 1, owner: 'worker-a' }, { status: 201 });
  const locks = new Recorded({ fetch: () => lease });
  await locks.handle(new Request('http://locks/locks/report', { method: 'POST', body: '{}' }));
  const by = (worker: string): Promise<World> =>
    storageOf([[get({ 'Fencing-Token': '1', Worker: worker }), new Response('')]], locks);
  assert.equal(model.workIsUnderOwnLease(await by('worker-a')).verdict, 'ok');
  const { verdict, message } = model.workIsUnderOwnLease(await by('worker-b'));
  assert.equal(verdict, 'illegal');
  assert.match(message, /worker-b, leader of term 1/);
});

test('a report in another order than lines were added is no log of them', () => {
  const done = { name: 'add', type: 'ok', value: 'added' } as const;
  const history = [
    { ...done, id: 0, client: 'desk-a', input: 'a-1', invokedMs: 0, endedMs: 1 },
    { ...done, id: 1, client: 'desk-a', input: 'a-2', invokedMs: 2, endedMs: 3 },
  ];
  const withReport = (report: string): World => {
    const exports = { files: new Map([['report', report]]) };
    return { history, nowMs: 9, host: () => ({ exports }) } as unknown as World;
  };
  assert.equal(model.linesAreAppended(withReport('a-1\na-2')).verdict, 'ok');
  for (const report of ['a-2\na-1', 'a-1', 'a-1\na-2\na-1', 'a-1\na-2\nb-1'])
    assert.equal(model.linesAreAppended(withReport(report)).verdict, 'illegal', report);
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
