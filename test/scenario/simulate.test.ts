import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { swarm } from '../../src/faults/budget.ts';
import { calmPlan } from '../../src/faults/fault.ts';
import { latency } from '../../src/network/latency.ts';
import { defineScenario } from '../../src/scenario/define-scenario.ts';
import type { RunResult } from '../../src/scenario/result.ts';
import { simulate } from '../../src/scenario/simulate.ts';
import { driven, greeter, scenarioOf, serving, sleep } from './driven.ts';

const scenario = defineScenario<number[]>({
  name: 'asking',
  hosts: { server: serving(async () => new Response(String(Math.random()))) },
  network: { latency: latency.uniform({ maxMs: 20 }) },
  faults: swarm({ drop: true, delay: true, crash: ['server'] }),
  workload: fc.array(fc.nat(), { minLength: 1, maxLength: 5 }),
  async drive(world, questions) {
    await world.client('guest', async (client) => {
      for (const question of questions) {
        await client.operation('ask', question, async () =>
          (await fetch('http://server/', { signal: AbortSignal.timeout(500) })).text(),
        );
      }
    });
  },
});

function same(result: RunResult): unknown {
  return { ...result, trace: undefined, journal: undefined };
}

test('a run is a function of scenario, workload, plan and seed', async () => {
  for (let seed = 0; seed < 10; seed++) {
    const first = await simulate(scenario, { seed });
    assert.deepEqual(same(await simulate(scenario, { seed })), same(first));
    const given = await simulate(scenario, { seed, workload: first.workload, plan: first.plan });
    assert.deepEqual(same(given), same(first), 'what is drawn when nothing is given can be given');
  }
});

test('a recorded run is the same run, with a trace', async () => {
  for (let seed = 0; seed < 10; seed++) {
    const [plain, recorded] = [
      await simulate(scenario, { seed }),
      await simulate(scenario, { seed, record: true }),
    ];
    assert.deepEqual(same(recorded), same(plain));
    assert.equal(plain.trace, undefined);
    const steps = recorded.trace?.filter(({ kind }) => kind === 'step') ?? [];
    assert.equal(steps.length, recorded.steps);
  }
});

test('other seeds are other runs, and without a seed it is seed 1', async () => {
  const hashes = new Set<string>();
  for (let seed = 0; seed < 20; seed++) hashes.add((await simulate(scenario, { seed })).hash);
  assert.equal(hashes.size, 20);
  assert.deepEqual(same(await simulate(scenario)), same(await simulate(scenario, { seed: 1 })));
});

test('runs that are asked for together are the runs that they would be alone', async () => {
  const seeds = [1, 2, 3, 4, 5];
  const together = await Promise.all(seeds.map((seed) => simulate(scenario, { seed })));
  for (const [i, seed] of seeds.entries())
    assert.deepEqual(same(together[i]!), same(await simulate(scenario, { seed })));
});

test('a seed that is none is refused, the largest is not', async () => {
  for (const seed of [-1, 1.5, NaN, 2 ** 32, '1']) {
    await assert.rejects(simulate(scenario, { seed: seed as number }), {
      code: 'WT_OPTION',
      message: /`seed` to be an integer from 0 to 4294967295/,
    });
  }
  assert.equal((await simulate(scenario, { seed: 2 ** 32 - 1 })).seed, 2 ** 32 - 1);
});

test('a scenario cannot be simulated by code that runs inside of a simulation', async () => {
  const { result } = await driven({}, async () => void (await simulate(scenario)), { mayFail: true });
  assert.match(
    result.violations[0]?.message ?? '',
    /EnvironmentError.*simulate\(\) was called by code that runs inside of a simulation/,
  );
});

// Runs that do not end by themselves.

test('a run over its steps says what was queued, on which host, and where it was scheduled', async () => {
  const hosts = { ticker: greeter(), server: serving(() => new Response()) };
  const { result } = await driven(
    { hosts, limits: { stepsMax: 50 } },
    async () => {
      for (;;) await sleep(5);
    },
    { mayFail: true },
  );
  const [violation] = result.violations;
  assert.deepEqual([violation?.code, violation?.name], ['WT_STEPS', 'steps']);
  assert.match(violation?.message ?? '', /^the run did not end within 50 steps, at [\d.]+ ms\./);
  assert.match(
    violation?.message ?? '',
    /timer of 5 ms on driver, due [\d.]+ ms, scheduled at test\/scenario\/driven\.ts:\d+:\d+/,
  );
});

test('a run over its virtual time says so', async () => {
  const { result } = await driven(
    { limits: { virtualMsMax: 60_000 } },
    async () => {
      for (;;) await sleep(1_000);
    },
    { mayFail: true },
  );
  const [violation] = result.violations;
  assert.deepEqual([violation?.code, violation?.name], ['WT_VIRTUAL_TIME', 'virtual time']);
  assert.match(
    violation?.message ?? '',
    /within 60,000\.0 ms of virtual time, at 61,000\.0 ms\.\n {2}Queued:\n {2}timer of 1000 ms on driver/,
  );
});

test('a livelock names the messages that go round', async () => {
  const relay = (next: string) => serving(async () => fetch(next));
  const { result } = await driven(
    {
      hosts: { ping: relay('http://pong/'), pong: relay('http://ping/') },
      network: { latency: latency.constant(0) },
      limits: { stepsAtOneTimeMax: 200 },
    },
    (world) => world.client('guest', () => fetch('http://ping/')),
    { mayFail: true },
  );
  const [violation] = result.violations;
  assert.deepEqual([violation?.code, violation?.name, result.virtualMs], ['WT_LIVELOCK', 'livelock', 0]);
  assert.match(
    violation?.message ?? '',
    /took 200 steps without virtual time advancing \(livelock\), at 0\.0 ms/,
  );
  assert.match(
    violation?.message ?? '',
    /GET \/ #\d+ from p[io]ng on p[io]ng, due 0\.0 ms, scheduled at test\/scenario\/simulate\.test\.ts:\d+/,
  );
});

test('a deadlock names who waits for what', async () => {
  const { result } = await driven(
    {},
    (world) =>
      world.client('guest', (client) => client.operation('wait', null, () => new Promise<never>(() => {}))),
    { mayFail: true },
  );
  const [violation] = result.violations;
  assert.deepEqual([violation?.code, violation?.name], ['WT_DEADLOCK', 'deadlock']);
  assert.match(
    violation?.message ?? '',
    /drive\(\) has not ended \(deadlock\)\. Still waiting:\n {2}guest: `wait`, since 0\.0 ms/,
  );
  const silent = await driven({}, () => new Promise<never>(() => {}), { mayFail: true });
  assert.match(silent.result.violations[0]?.message ?? '', /Still waiting:\n {2}drive\(\) itself/);
});

test('a message that is held for ever goes on when the storm is over: no deadlock', async () => {
  const held = scenarioOf({}, async (world) => {
    await world.client('guest', () => sleep(1));
    world.network.hold('server', 'guest');
    await world.client('guest', async (client) => {
      await client.operation('ask', null, async () => (await fetch('http://server/')).text());
    });
  });
  const { history, virtualMs } = await simulate(held, { plan: calmPlan });
  // The link is opened when the storm is over, after 10 s.
  assert.deepEqual([history[0]?.type, Math.floor(virtualMs / 1000)], ['ok', 12]);
});
