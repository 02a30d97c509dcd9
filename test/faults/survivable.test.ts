// The judgement of a run that failed: whether its faults were within what the budget calls survivable.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CheckFailure } from '../../src/explore/check-failure.ts';
import { explore } from '../../src/explore/explore.ts';
import { replay } from '../../src/explore/replay.ts';
import { encodeToken } from '../../src/explore/token.ts';
import { StaleReplayError } from '../../src/errors.ts';
import { swarm, type FaultBudget, type SwarmOptions } from '../../src/faults/budget.ts';
import { calmPlan, type Fault } from '../../src/faults/fault.ts';
import {
  beyondBudget as sentencesOn,
  Casualties,
  isAllowed,
  longestOf,
} from '../../src/faults/survivable.ts';
import { handler } from '../../src/host/definition.ts';
import type { RunResult, Violation } from '../../src/scenario/result.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import { simulate } from '../../src/scenario/simulate.ts';
import { greeter, scenarioOf, sleep } from '../scenario/driven.ts';

const HOSTS = ['a', 'b', 'c'];
/** Boots at once, as the others, but for its second time: that takes 100 ms. */
const slow = handler(async (host) => {
  if (host.incarnation > 1) await sleep(100);
  return () => new Response('hello');
});

/** Fails in every run; `a` is asked every 10 ms for a second, or until something goes wrong. */
function failing(faults: FaultBudget | undefined): Scenario {
  return scenarioOf(
    {
      hosts: { a: greeter(), b: greeter(), c: slow },
      ...(faults === undefined ? {} : { faults }),
      eventually: { 'the impossible': { withinMs: 5, check: () => false } },
    },
    (world) =>
      world.client('guest', async () => {
        for (let i = 0; i < 100; i++) {
          const signal = AbortSignal.timeout(10_000);
          await fetch('http://a/', { signal }).catch(() => undefined);
          await sleep(10);
        }
      }),
  );
}

async function judged(options: SwarmOptions, faults: readonly Fault[]): Promise<RunResult> {
  const result = await simulate(failing(swarm(options)), { plan: { ...calmPlan, faults } });
  assert.equal(result.violations[0]?.name, 'the impossible');
  assert.equal(result.ledger.length, faults.length, 'every fault strikes');
  return result;
}

const crash = (host: string, atMs: number, downMs: number): Fault => ({ kind: 'crash', host, atMs, downMs });

test('what the budget allows is a bug', async () => {
  const { verdict, beyondBudget } = await judged({ crash: HOSTS }, [crash('a', 10, 50), crash('b', 70, 50)]);
  assert.equal(verdict, 'illegal');
  assert.equal(beyondBudget, undefined);
});

test('more hosts down at once than it says are no bug', async () => {
  const both = [crash('a', 10, 50), crash('b', 30, 50)];
  const { verdict, beyondBudget } = await judged({ crash: HOSTS }, both);
  assert.equal(verdict, 'unsurvivable');
  assert.deepEqual(beyondBudget, ['2 hosts were down at 30 ms (a, b), and it says 1']);
  const two = await judged({ crash: HOSTS, survivable: { hostsDown: 2 } }, both);
  assert.equal(two.verdict, 'illegal');
});

test('a host is down until it really is up again, however long it boots', async () => {
  const faults = [crash('c', 10, 5), crash('b', 60, 5)];
  const { beyondBudget } = await judged({ crash: HOSTS }, faults);
  assert.deepEqual(beyondBudget, ['2 hosts were down at 60 ms (b, c), and it says 1']);
  assert.equal((await judged({ crash: HOSTS }, [crash('c', 10, 5), crash('b', 130, 5)])).verdict, 'illegal');
});

test('a stop that ended early counts as long as it lasted', async () => {
  const faults: Fault[] = [{ kind: 'stop', host: 'b', atMs: 10, downMs: 20 }, crash('a', 50, 5)];
  assert.equal((await judged({ crash: HOSTS, stop: HOSTS }, faults)).verdict, 'illegal');
});

test('a trigger is judged by when it came', async () => {
  const faults: Fault[] = [crash('a', 10, 50), { ...crash('b', 0, 5), after: { step: 10 } } as Fault];
  const { beyondBudget = [] } = await judged({ crash: HOSTS }, faults);
  assert.match(beyondBudget[0] ?? '', /^2 hosts were down at [\d.]+ ms \(a, b\), and it says 1$/);
});

test('hosts that never crash are told, and kinds, hosts and links that it does not allow', async () => {
  const never: SwarmOptions = { crash: HOSTS, survivable: { neverCrash: ['a'] } };
  const cases: [SwarmOptions, Fault, string][] = [
    [never, crash('a', 10, 50), 'it does not allow this: crash of a at 10 ms, back 50 ms later'],
    [{ crash: ['b'] }, crash('a', 10, 50), 'it does not allow this: crash of a at 10 ms, back 50 ms later'],
    [
      { crash: HOSTS },
      { kind: 'clog', from: 'guest', to: 'a', atMs: 5, forMs: 40 },
      'it does not allow this: clogged link guest ⇥ a at 5 ms for 40 ms',
    ],
    [
      { drop: ['guest -> b'] },
      { kind: 'reset', from: 'guest', to: 'a', message: 'request', label: 'GET /', nth: 2 },
      'it does not allow this: reset connection (guest → a, GET /#2)'.replace('/#', '/ #'),
    ],
  ];
  for (const [budget, fault, words] of cases)
    assert.deepEqual((await judged(budget, [fault])).beyondBudget, [words]);
  assert.equal((await judged(never, [crash('b', 10, 50)])).verdict, 'illegal');
});

test('a link that stays cut for longer than it says is no bug; it may be cut again later', async () => {
  const budget: SwarmOptions = {
    clog: ['guest -> a', 'a -> guest'],
    survivable: { partitionsHealWithinMs: 100 },
  };
  const clog = (atMs: number, forMs: number): Fault => ({
    kind: 'clog',
    from: 'guest',
    to: 'a',
    atMs,
    forMs,
  });
  const tooLong = await judged(budget, [clog(100, 101)]);
  assert.deepEqual(tooLong.beyondBudget, ['guest -> a was cut for 101 ms, and it says 100 ms']);
  assert.equal((await judged(budget, [clog(100, 99)])).verdict, 'illegal');
  // One after the other is one long cut, unless there is time in between.
  const inTurn = await judged(budget, [clog(100, 90), clog(180, 90)]);
  assert.deepEqual(inTurn.beyondBudget, ['guest -> a was cut for 170 ms, and it says 100 ms']);
  assert.equal((await judged(budget, [clog(100, 90), clog(600, 90)])).verdict, 'illegal');
});

test('more faulty disks than it says are no bug; a slow one is none', () => {
  const budget = swarm({
    diskFull: HOSTS,
    ioError: HOSTS,
    slowSync: HOSTS,
    survivable: { disksFaulty: 1 },
  });
  const spoilt = (host: string): Fault => ({
    kind: 'ioError',
    host,
    operation: 'write',
    path: '/data',
    nth: 1,
  });
  const full: Fault = { kind: 'diskFull', host: 'b', atMs: 10, forMs: 5 };
  const slowly: Fault = { ...spoilt('c'), kind: 'slowSync', operation: 'sync', byMs: 5 } as Fault;
  const judge = (...faults: Fault[]): string[] => sentencesOn(budget, faults, new Casualties(() => 0));
  assert.deepEqual(judge(spoilt('a'), spoilt('a'), slowly), []);
  const said = 'the disks of 2 hosts were faulty (a, b), and it says 1';
  assert.deepEqual(judge(spoilt('a'), spoilt('b')), [said]);
  assert.deepEqual(judge(spoilt('a'), full), [said]);
});

test('where a scenario states no budget, every failure counts', async () => {
  const plan = { ...calmPlan, faults: HOSTS.map((host) => crash(host, 10, 50)) };
  assert.equal((await simulate(failing(undefined), { plan })).verdict, 'illegal');
});

test('the weather of a network is in every budget', () => {
  const ref = { from: 'a', to: 'b', label: 'x', nth: 1 } as const;
  const budget = swarm({});
  assert.ok(isAllowed(budget, { kind: 'delay', ...ref, message: 'request', byMs: 5 }));
  assert.ok(isAllowed(budget, { kind: 'drop', ...ref, message: 'datagram' }));
  assert.ok(!isAllowed(budget, { kind: 'drop', ...ref, message: 'request' }));
});

test('a run that passes is fine, whatever was beyond its budget', async () => {
  const passing = scenarioOf({ hosts: { a: greeter() }, faults: swarm({}) }, () => sleep(100));
  const { verdict } = await simulate(passing, { plan: { ...calmPlan, faults: [crash('a', 10, 50)] } });
  assert.equal(verdict, 'ok');
});

/** Fails when both hosts are down, and when `a` was down for more than 400 ms. */
function fragile(faults: FaultBudget): Scenario {
  let sinceMs: number | undefined;
  return scenarioOf(
    {
      hosts: { a: greeter(), b: slow },
      faults,
      always: {
        'somebody is there': (world) => {
          if (world.nowMs < 20) sinceMs = undefined;
          const [a, b] = ['a', 'b'].map((name) => world.host(name).isUp);
          sinceMs = a === true || world.nowMs < 20 ? undefined : (sinceMs ?? world.nowMs);
          if (world.nowMs < 20) return true;
          return (a === true || b === true) && world.nowMs - (sinceMs ?? world.nowMs) < 400;
        },
      },
    },
    () => sleep(2_000),
  );
}

test('an exploration counts what is beyond the budget, and never shrinks into it', async () => {
  // Slow to boot, so that within the plan's budget both hosts are down now and then.
  const crashing = swarm({ crash: ['a', 'b'], horizonMs: 1_000 });
  const failure = await explore(fragile(crashing), { runs: 2_000, seed: 3, repeatEvery: 1_000 }).then(
    () => undefined,
    (error: unknown) => error,
  );
  assert.ok(failure instanceof CheckFailure, String(failure));
  assert.equal(failure.result.verdict, 'illegal');
  assert.deepEqual(
    failure.result.plan.faults.map((each) => (each.kind === 'crash' ? each.host : each.kind)),
    ['a'],
  );
});

test('where all failures are beyond the budget, an exploration passes, and counts them', async () => {
  // One crash at a time, as planned; but `b` boots for so long that `a` falls in the meantime.
  const scenario = scenarioOf(
    {
      hosts: { a: greeter(), b: slow },
      faults: swarm({ crash: ['a', 'b'], horizonMs: 500 }),
      always: {
        'somebody is there': (world) =>
          world.nowMs < 20 || world.host('a').isUp || world.host('b').isUp || 'nobody is',
      },
    },
    () => sleep(1_000),
  );
  const { runs, unsurvivable } = await explore(scenario, { runs: 1_000, seed: 1, repeatEvery: 1_000 });
  assert.equal(runs, 1_000);
  assert.ok(unsurvivable > 0, 'no run went beyond the budget: the test shows nothing');
});

test('a token whose faults the budget does not allow any more is stale', async () => {
  const { scenario, seed, workload, plan, hash, violations } = await judged({ crash: ['a'] }, [
    crash('a', 10, 50),
  ]);
  const [{ code, name }] = violations as [Violation];
  const token = encodeToken({ scenario, seed, workload, plan, hash, failure: [code, name] });
  await assert.rejects(replay(failing(swarm({ crash: ['a'] })), token), CheckFailure);
  await assert.rejects(replay(failing(swarm({ crash: ['b'] })), token), (stale: Error) => {
    assert.ok(stale instanceof StaleReplayError);
    assert.match(
      stale.message,
      /by the stated budget, which is another one now:\n {2}it does not allow this: crash of a/,
    );
    return true;
  });
});

test('stretches of time join where they touch', () => {
  assert.equal(longestOf([]), 0);
  assert.equal(longestOf([{ from: 5, to: 8 }]), 3);
  assert.equal(
    longestOf([
      { from: 5, to: 8 },
      { from: 0, to: 4 },
    ]),
    4,
  );
  assert.equal(
    longestOf([
      { from: 4, to: 8 },
      { from: 0, to: 4 },
      { from: 1, to: 2 },
    ]),
    8,
  );
});
