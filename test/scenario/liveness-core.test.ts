import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import process from 'node:process';
import { CheckFailure, defineScenario, explore, replay, simulate, swarm } from '../../src/index.ts';
import { calmPlan, type FaultPlan } from '../../src/faults/fault.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import { lostWakeUp, splitVotes, type Variant } from './core-systems.ts';
import { greeter, serving, sleep } from './driven.ts';

const RUNS = Number(process.env['WAVETANK_SEEDS'] ?? 60);

const systems: readonly [string, string, (variant: Variant) => Scenario<never>][] = [
  ['a lost wake-up', 'every worker has its turns', lostWakeUp as (variant: Variant) => Scenario<never>],
  ['a livelock', 'there is a leader', splitVotes as (variant: Variant) => Scenario<never>],
];

for (const [what, promise, system] of systems) {
  describe(what, () => {
    test('is not found where every host comes back', async () => {
      const { runs, struck } = await explore(system({ isCareful: false, hasCore: false }), { runs: RUNS });
      assert.equal(runs, RUNS);
      assert.ok((struck['crash'] ?? 0) > 0);
    });

    test('is found where two of three must suffice', async () => {
      const scenario = system({ isCareful: false, hasCore: true });
      const failure = await explore(scenario, { runs: 300 }).then(
        () => assert.fail('passed'),
        (error: unknown) => error,
      );
      assert.ok(failure instanceof CheckFailure);
      const { violations, plan } = failure.result;
      assert.equal(violations[0]?.code, 'WT_LIVENESS');
      assert.equal(violations[0]?.name, promise);
      assert.equal(plan.core?.length, scenario.hosts.size - 1);
      assert.deepEqual([plan.latency, plan.chances ?? []], ['calm', []], 'shrunk, and still with its core');
      const dead = [...scenario.hosts.keys()].filter((name) => plan.core?.includes(name) === false);
      assert.match(failure.message, new RegExp(`dead, outside of the core: ${dead.join(', ')}\n`));
      assert.match(failure.message, /after the storm only .* come back: all other hosts are dead/);
      // The token carries the core.
      await assert.rejects(replay(scenario, failure.token), (error) => {
        assert.ok(error instanceof CheckFailure);
        assert.equal(error.result.hash, failure.result.hash);
        assert.deepEqual(error.result.plan.core, plan.core);
        return true;
      });
    });

    test('is gone from the careful system', async () => {
      const { struck } = await explore(system({ isCareful: true, hasCore: true }), { runs: RUNS });
      assert.ok((struck['core'] ?? 0) > 0);
    });
  });
}

describe('the calm after with a core', () => {
  const pair = (over: Partial<Parameters<typeof defineScenario>[0]> = {}): Scenario =>
    defineScenario({
      name: 'pair',
      hosts: { left: greeter(), right: greeter() },
      faults: swarm({ crash: ['left', 'right'], survivable: { core: [['left'], ['right']] } }),
      drive: () => sleep(10),
      ...over,
    });
  const plan: FaultPlan = { ...calmPlan, core: ['left'] };
  const ask = (host: string): Promise<string> =>
    fetch(`http://${host}/`, { signal: AbortSignal.timeout(1_000) }).then(
      (response) => response.text(),
      (error: unknown) => (error as Error).name,
    );

  test('leaves the others dead, whoever asks for them, and wants to restart them', async () => {
    const answers: string[] = [];
    const seen = serving(async () => {
      answers.push(await ask('right'));
      return new Response('');
    });
    const scenario = pair({
      hosts: { left: seen, right: greeter() },
      stormMs: 50,
      calmMs: 4_000,
      async drive(world) {
        await sleep(100);
        await world.host('right').restart();
        await world.client('guest', async () => {
          answers.push(await ask('right'));
          await fetch('http://left/');
        });
        assert.equal(world.host('right').isUp, false);
        assert.equal(world.host('left').isUp, true);
        assert.deepEqual(world.core, ['left']);
      },
    });
    const { verdict, violations } = await simulate(scenario, { plan });
    assert.equal(verdict, 'ok', violations[0]?.message);
    assert.deepEqual(answers, ['TimeoutError', 'TimeoutError']);
    answers.length = 0;
    await simulate(
      pair({ hosts: { left: seen, right: greeter() }, drive: (world) => scenario.drive(world, undefined) }),
      {
        plan: calmPlan,
      },
    );
    assert.deepEqual(answers, ['hello', 'hello']);
  });

  test('does not wait for a client that asks the dead for ever', async () => {
    const scenario = pair({
      stormMs: 50,
      calmMs: 1_000,
      drive: (world) =>
        world.client('guest', async () => {
          for (;;) {
            await ask('right');
            await sleep(100);
          }
        }),
    });
    const { verdict, virtualMs } = await simulate(scenario, { plan });
    assert.equal(verdict, 'ok');
    assert.ok(virtualMs > 900 && virtualMs <= 1_050, `${virtualMs} ms`);
  });

  test('counts no dead host as crashed', async () => {
    const { crashed } = await simulate(pair(), { plan });
    assert.deepEqual(crashed, {});
    const crash = { kind: 'crash', host: 'right', atMs: 2, downMs: 1 } as const;
    assert.deepEqual((await simulate(pair(), { plan: { ...plan, faults: [crash] } })).crashed, { right: 1 });
  });

  test('is left out of a counterexample that does not need it', async () => {
    const scenario = pair({
      eventually: { 'pigs fly': { withinMs: 10, check: () => 'they do not' } },
    });
    for (let seed = 1; seed <= 3; seed++) {
      const failure = await explore(scenario, { seed }).then(
        () => assert.fail('passed'),
        (error: unknown) => error,
      );
      assert.ok(failure instanceof CheckFailure);
      assert.equal(failure.result.plan.core, undefined);
    }
  });

  test('beyond the budget, is no bug', async () => {
    const asking = { 'both are up': { withinMs: 10, check: () => 'no' } };
    const needsBoth = pair({ faults: swarm({ crash: ['left'] }), eventually: asking });
    const result = await simulate(needsBoth, { plan });
    assert.equal(result.verdict, 'unsurvivable');
    assert.deepEqual(result.beyondBudget, ['it does not say that left suffice']);
    assert.equal((await simulate(pair({ eventually: asking }), { plan })).verdict, 'illegal');
  });

  test('says who waits for what when something does not come true', async () => {
    const scenario = pair({
      hosts: { left: serving(async () => new Response(await ask('right'))), right: greeter() },
      stormMs: 10,
      drive: (world) =>
        world.client('guest', async (client) => {
          await sleep(20);
          await client.operation('greet', null, async () => (await fetch('http://left/')).text());
        }),
      eventually: {
        'everybody is greeted': {
          withinMs: 500,
          check: (world) => world.history.length > 0 && world.history.every(({ type }) => type === 'ok'),
        },
      },
    });
    const { violations } = await simulate(scenario, { plan });
    const [first, ...lines] = violations[0]?.message.split('\n') ?? [];
    assert.equal(first, '`everybody is greeted` did not come true within 500.0 ms of healing.');
    assert.deepEqual(lines.slice(0, 5), [
      '  dead, outside of the core: right',
      '  still waiting:',
      '    guest: `greet`, since 20.0 ms',
      '    left waits for right, which is dead: GET /',
      '    guest waits for left: GET /',
    ]);
    assert.equal(lines[5], '  next:');
    assert.match(lines.slice(6).join('\n'), /on left, due/);
  });
});
