// Service levels of whole systems: each is broken by a planted fault, and kept by the repaired system; over
// one run, and over an exploration.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { inspect } from 'node:util';
import { expectErrors, expectLatency, expectQueue, type ServiceLevel } from '../../src/checkers.ts';
import { encodeToken } from '../../src/explore/token.ts';
import {
  calmPlan,
  defineScenario,
  explore,
  handler,
  LevelFailure,
  replay,
  simulate,
  swarm,
  type HostDefinition,
  type Scenario,
  type ScenarioOptions,
  VacuousError,
} from '../../src/index.ts';
import { driven, sleep } from '../scenario/driven.ts';

const SHOPPERS = 10;

/** A shop that answers as it is told to; ten shoppers come, one each 20 ms, and wait for two seconds. */
function shop(
  answer: (nth: number) => Promise<Response> | Response,
  options: Partial<ScenarioOptions<undefined>>,
): Scenario {
  const orders: HostDefinition = handler(() => {
    let requests = 0;
    return () => answer(++requests);
  });
  return defineScenario({
    name: 'shop',
    hosts: { orders },
    async drive(world) {
      const visits = Array.from({ length: SHOPPERS }, async (_, i) => {
        await sleep(i * 20);
        await world.client(`shopper-${i}`, (client) =>
          client.operation('checkout', i, () =>
            fetch('http://orders/checkout', { method: 'POST', signal: AbortSignal.timeout(2_000) }),
          ),
        );
      });
      await Promise.all(visits);
    },
    ...options,
  });
}

const SOLD = (): Response => new Response('sold');

interface Planted {
  readonly level: ServiceLevel;
  /** The same for ten requests, where that is too few for the level. */
  readonly ofTen?: ServiceLevel;
  readonly faulty: (nth: number) => Promise<Response> | Response;
  readonly repaired: (nth: number) => Promise<Response> | Response;
  readonly says: RegExp;
}

const PLANTED: Readonly<Record<string, Planted>> = {
  'a slow route': {
    level: expectLatency('POST /checkout', { p95Ms: 100, from: 'shopper-*' }),
    ofTen: expectLatency('POST /checkout', { p95Ms: 100, samplesMin: 10 }),
    faulty: (nth) => (nth % 5 === 0 ? sleep(400).then(SOLD) : SOLD()),
    repaired: (nth) => (nth % 5 === 0 ? sleep(90).then(SOLD) : SOLD()),
    says: /p95 of POST \/checkout is 402\.\d ms, above 100\.0 ms: 16 of 80 took longer/,
  },
  'a request without an answer': {
    level: expectErrors('POST /checkout', { rateMax: 0.05 }),
    ofTen: expectErrors('POST /checkout', { rateMax: 0.05, samplesMin: 10 }),
    faulty: (nth) => (nth === 3 ? new Promise<Response>(() => {}) : SOLD()),
    repaired: SOLD,
    says: /10 % of POST \/checkout are errors, above 5 %: 8 of 80/,
  },
  'an operation that takes too long': {
    level: expectLatency('checkout', { maxMs: 1_000 }),
    faulty: (nth) => (nth === 3 ? new Promise<Response>(() => {}) : SOLD()),
    repaired: SOLD,
    says: /max of checkout is 2,000\.\d ms, above 1,000\.0 ms: 8 of 80 took longer/,
  },
  'a flood': {
    level: expectQueue('orders', { depthMax: 5 }),
    faulty: () => sleep(500).then(SOLD),
    repaired: () => sleep(40).then(SOLD),
    says: /orders had 10 requests at once, above 5/,
  },
};

for (const [what, { level, ofTen = level, faulty, repaired, says }] of Object.entries(PLANTED)) {
  describe(what, () => {
    test('breaks its level over an exploration, which names the worst runs', async () => {
      const scenario = shop(faulty, { serviceLevels: [level] });
      const failure = await explore(scenario, { runs: 8, statistics: true }).then(
        () => assert.fail('the level is kept'),
        (error: unknown) => error,
      );
      assert.ok(failure instanceof LevelFailure, String(failure));
      assert.match(failure.message, says);
      const [broken] = failure.levels;
      assert.equal(broken?.verdict, 'illegal');
      assert.equal(broken.worst.length, 3);
      assert.deepEqual(
        failure.exploration.statistics?.levels?.map(({ title, verdict }) => [title, verdict]),
        [[level.title, 'illegal']],
      );
      // What test runners show of it: where it was asked for, and nothing that it carries.
      assert.match(String(failure.stack), /^ +at .*service-levels\.test\.ts:\d+:\d+\)?$/m);
      assert.doesNotMatch(String(failure.stack), /[/\\]src[/\\]explore/);
      assert.equal(inspect(failure), failure.stack);
      assert.deepEqual(Object.keys(JSON.parse(JSON.stringify(failure)) as object).toSorted(), [
        ...['code', 'message', 'name', 'stack'],
      ]);
      const [worst] = broken.worst;
      assert.ok(failure.message.includes(`seed ${worst?.seed}`));
      const again = await replay(scenario, worst?.token ?? '');
      assert.deepEqual([again.isSameRun, again.result.seed], [true, worst?.seed]);
    });

    test('repaired, keeps it', async () => {
      const { statistics } = await explore(shop(repaired, { serviceLevels: [level] }), {
        runs: 8,
        statistics: true,
      });
      assert.equal(statistics?.levels?.[0]?.verdict, 'ok');
    });

    test('breaks it in one run, as a check, and says by which requests', async () => {
      const scenario = shop(faulty, { finally: { 'good service': ofTen } });
      await assert.rejects(explore(scenario, { runs: 1 }), {
        name: 'CheckFailure [WT_INVARIANT]',
        message: /`good service` is illegal: .*(?:\n.*)*#\d|operation \d/,
      });
    });

    test('repaired, keeps it in one run; where there is too little to tell, nobody knows', async () => {
      const undecided = async (check: ServiceLevel) => {
        const scenario = shop(repaired, { finally: { 'good service': check } });
        return (await explore(scenario, { runs: 1, vacuity: false })).undecided;
      };
      assert.deepEqual(await undecided(ofTen), {});
      assert.deepEqual(await undecided(level), ofTen === level ? {} : { 'good service': 1 });
    });
  });
}

test('over several blocks, the requests of all runs are counted, and each once', async () => {
  const serviceLevels = ['a slow route', 'a request without an answer', 'a flood'].map(
    (what) => (PLANTED[what] as Planted).level,
  );
  const answer = (nth: number): Promise<Response> =>
    nth === 3 ? new Promise<Response>(() => {}) : sleep(nth % 5 === 0 ? 600 : 300).then(SOLD);
  // Blocks of 50, 50 and 20 runs; in each run one request of ten has no answer, and all wait at once.
  const failure = await explore(shop(answer, { serviceLevels }), { runs: 120 }).then(
    () => assert.fail('the levels are kept'),
    (error: unknown) => error,
  );
  assert.ok(failure instanceof LevelFailure, String(failure));
  assert.deepEqual(
    failure.levels.map(({ message }) => message.split('\n')[0]),
    [
      'p95 of POST /checkout is 2,000.0 ms, above 100.0 ms: 1200 of 1200 took longer:',
      '10 % of POST /checkout are errors, above 5 %: 120 of 1200:',
      'orders had 10 requests at once, above 5:',
    ],
  );
});

test('a check after each step fails when a request has waited too long, before it is answered', async () => {
  const level = expectLatency('POST /checkout', { maxMs: 100 });
  const scenario = shop((nth) => (nth === 1 ? sleep(1_500).then(SOLD) : SOLD()), {
    always: { quick: level },
  });
  const failure = await explore(scenario, { runs: 1 }).catch((error: unknown) => error);
  const { result } = failure as { result: { violations: { atMs: number }[] } };
  const [violation] = result.violations;
  assert.ok(violation !== undefined && violation.atMs >= 100 && violation.atMs < 200, String(failure));
});

test('what a storm does breaks no calm level, and one that is meant for storms', async () => {
  const stormy = (during: 'calm' | 'storm' | 'all') =>
    shop(SOLD, {
      faults: swarm({ delay: true, drop: true, pause: ['orders'] }),
      serviceLevels: [expectLatency('POST /checkout', { maxMs: 100, during })],
    });
  const calm = await explore(stormy('calm'), { runs: 40, vacuity: false, statistics: true });
  const [level] = calm.statistics?.levels ?? [];
  assert.ok(level !== undefined && level.verdict === 'ok' && level.samples > 40 && level.samples < 400);
  await assert.rejects(explore(stormy('storm'), { runs: 40, vacuity: false }), LevelFailure);
  await assert.rejects(explore(stormy('all'), { runs: 40, vacuity: false }), LevelFailure);
});

test('latency that belongs to the network is calm', async () => {
  const { latency } = await import('../../src/index.ts');
  const { result } = await driven(
    { traffic: true, network: { latency: latency.uniform({ minMs: 1, maxMs: 50 }) } },
    (world) => world.client('guest', () => fetch('http://server/')),
    { plan: { faults: [], latency: 'drawn', order: 'drawn' } },
  );
  assert.deepEqual(
    result.traffic?.calls.map(({ isCalm }) => isCalm),
    [true],
  );
  assert.ok(result.ledger.length > 0);
});

test('a level that never knew makes an exploration of many runs vacuous', async () => {
  const scenario = shop(SOLD, { serviceLevels: [expectLatency('POST /chekcout', { maxMs: 1 })] });
  await assert.rejects(explore(scenario, { runs: 100 }), (error: unknown) => {
    assert.ok(error instanceof VacuousError);
    assert.match(error.message, /none of which `POST \/chekcout: max at most 1\.0 ms, in calm` could judge/);
    return true;
  });
  await explore(scenario, { runs: 5 });
});

test('the token of a run that passed replays it, whatever of its faults struck nothing', async () => {
  const scenario = shop(SOLD, {});
  const crash = { kind: 'crash', host: 'orders', atMs: 9_000, downMs: 1 } as const;
  const { seed, workload, plan, hash } = await simulate(scenario, { plan: { ...calmPlan, faults: [crash] } });
  const token = encodeToken({ scenario: 'shop', seed, workload, plan, hash, failure: undefined });
  assert.equal((await replay(scenario, token)).isSameRun, true);
  const repaired = encodeToken({
    scenario: 'shop',
    seed,
    workload,
    plan,
    hash,
    failure: ['WT_INVARIANT', 'x'],
  });
  await assert.rejects(replay(scenario, repaired), { code: 'WT_STALE' });
});

test('what is no list of levels is refused', () => {
  const level = expectQueue('orders', { depthMax: 1 });
  for (const serviceLevels of [[() => true], level, [level, level]]) {
    assert.throws(() => shop(SOLD, { serviceLevels: serviceLevels as ServiceLevel[] }), {
      code: 'WT_OPTION',
    });
  }
});
