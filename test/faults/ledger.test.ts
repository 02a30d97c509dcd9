import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { swarm } from '../../src/faults/budget.ts';
import { calmPlan, type Fault, type FaultPlan } from '../../src/faults/fault.ts';
import { checkPlan } from '../../src/faults/plan.ts';
import { daemon, handler } from '../../src/host/definition.ts';
import { latency } from '../../src/network/latency.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import { defineScenario } from '../../src/scenario/define-scenario.ts';
import type { RunResult } from '../../src/scenario/result.ts';
import { simulate } from '../../src/scenario/simulate.ts';
import type { World } from '../../src/scenario/world.ts';
import { driven, scenarioOf, serving, sleep } from '../scenario/driven.ts';

/** Two services, gossip between them, and clients that retry: a bit of everything that can be struck. */
function scenarioUnderStorm(
  options: { loss?: number; drive?: (world: World) => Promise<void> } = {},
): Scenario<undefined> {
  const front = handler((host) => {
    const heard: unknown[] = [];
    host.onMessage((payload) => void heard.push(payload));
    host.onStop(() => sleep(30));
    return async (request: Request) => {
      const { pathname } = new URL(request.url);
      await sleep(5 * Math.random());
      const answer = await fetch(`http://back${pathname}`, {
        method: 'PUT',
        body: await request.text(),
        signal: AbortSignal.timeout(400),
      });
      return new Response(`${await answer.text()} heard ${heard.length}`, { status: answer.status });
    };
  });
  const back = handler((host) => async (request: Request) => {
    const count = Number(host.disk.get('count') ?? 0) + 1;
    host.disk.put('count', count);
    if (count % 2 === 0) host.disk.sync();
    const body = await request.text();
    return new Response(drip([body, '!', String(count)]));
  });
  const gossip = daemon(async (host) => {
    for (let i = 0; ; i++) {
      host.send('front', { i, incarnation: host.incarnation }, 'gossip');
      await sleep(17);
    }
  });
  const shop = async (world: World, name: string): Promise<void> => {
    await world.client(name, async (client) => {
      for (let i = 0; i < 4; i++) {
        const outcome = await client.operation('put', i, async () => {
          const signal = AbortSignal.timeout(900);
          return (await fetch('http://front/items', { method: 'POST', body: `${name}-${i}`, signal })).text();
        });
        if (outcome.type !== 'ok') await sleep(100 + 50 * Math.random());
      }
    });
  };
  return defineScenario({
    name: 'storm',
    hosts: { front, back, gossip },
    network: { latency: latency.longTail({ medianMs: 3, p99Ms: 60 }), loss: options.loss ?? 0.02 },
    faults: swarm({
      drop: true,
      delay: true,
      duplicate: true,
      reset: true,
      refuse: true,
      partition: true,
      crash: ['back', 'gossip'],
      stop: ['front', 'gossip'],
      pause: ['front', 'back', 'gossip'],
      survivable: { hostsDown: 2 },
      horizonMs: 1_500,
    }),
    stormMs: 3_000,
    calmMs: 200,
    drive:
      options.drive ??
      (async (world) => void (await Promise.all(['ann', 'bob'].map((name) => shop(world, name))))),
    expectUncaught: ['front', 'back', 'gossip'],
  });
}

function drip(parts: readonly string[]): ReadableStream<Uint8Array> {
  const left = parts.map((part) => new TextEncoder().encode(part));
  return new ReadableStream({
    async pull(controller) {
      const next = left.shift();
      if (next === undefined) return controller.close();
      await sleep(3);
      controller.enqueue(next);
    },
  });
}

/** What a run means to those who look at it from outside. */
function meaning({ verdict, violations, history, reached }: RunResult): string {
  const violated = violations.map(({ code, name, atMs }) => ({ code, name, atMs }));
  return JSON.stringify({ verdict, violated, history, reached }, null, 1);
}

async function replayed(
  scenario: Scenario<undefined>,
  seed: number,
  plan?: FaultPlan,
): Promise<[RunResult, RunResult]> {
  const drawn = await simulate(scenario, plan === undefined ? { seed } : { seed, plan });
  const asListed = await simulate(scenario, {
    seed,
    plan: { faults: drawn.ledger, latency: 'calm', order: 'drawn' },
  });
  return [drawn, asListed];
}

test('the ledger makes the run again: what it lists is all that ever deviated', async () => {
  const scenario = scenarioUnderStorm();
  const struck = new Set<string>();
  for (let seed = 0; seed < 200; seed++) {
    const [drawn, listed] = await replayed(scenario, seed);
    assert.equal(meaning(listed), meaning(drawn), `seed ${seed}`);
    checkPlan({ ...calmPlan, faults: drawn.ledger }, [...scenario.hosts.keys()]);
    for (const { kind } of drawn.ledger) struck.add(kind);
  }
  // Otherwise the property above proves little.
  assert.deepEqual([...struck].toSorted(), [
    'crash',
    'delay',
    'drop',
    'duplicate',
    'partition',
    'pause',
    'refuse',
    'reset',
    'stop',
  ]);
});

test('the ledger of the listed run is the list: the ledger changes nothing more', async () => {
  const scenario = scenarioUnderStorm();
  for (let seed = 0; seed < 40; seed++) {
    const [drawn, listed] = await replayed(scenario, seed);
    assert.equal(JSON.stringify(listed.ledger), JSON.stringify(drawn.ledger), `seed ${seed}`);
  }
});

test('overlapping partitions are all in the ledger, as far as they kept anything from passing', async () => {
  const time = fc.integer({ min: 0, max: 800 });
  const side = fc.subarray(['front', 'back', 'gossip'], { minLength: 1, maxLength: 2 });
  const partition = fc
    .record({ from: side, oneWay: fc.boolean(), atMs: time, forMs: time })
    .map((each): Fault => ({
      kind: 'partition',
      to: ['front', 'back', 'gossip'].filter((name) => !each.from.includes(name)),
      ...each,
    }));
  const scenario = scenarioUnderStorm({ loss: 0 });
  await fc.assert(
    fc.asyncProperty(
      fc.array(partition, { minLength: 2, maxLength: 5 }),
      fc.nat(1_000),
      async (faults, seed) => {
        const [drawn, listed] = await replayed(scenario, seed, { faults, latency: 'drawn', order: 'drawn' });
        assert.equal(meaning(listed), meaning(drawn));
      },
    ),
    { numRuns: 60 },
  );
});

test('a partition that only prolongs another one is in the ledger', async () => {
  const scenario = scenarioOf(
    {
      hosts: {
        server: serving(() => new Response('hello')),
        asker: daemon(async (host) => {
          await sleep(10);
          await (await fetch('http://server/')).text();
          host.expose({ answeredMs: performance.now() });
        }),
      },
    },
    async (world) => {
      await sleep(3_000);
      assert.ok((world.host('asker').exports?.answeredMs as number) > 1_000);
    },
  );
  const cut = { kind: 'partition', from: ['asker'], to: ['server'], oneWay: false } as const;
  const faults: Fault[] = [
    { ...cut, atMs: 5, forMs: 95 },
    { ...cut, atMs: 50, forMs: 950 },
    { ...cut, atMs: 2_000, forMs: 10 },
  ];
  const [drawn, listed] = await replayed(scenario, 1, { faults, latency: 'calm', order: 'calm' });
  assert.deepEqual([drawn.verdict, listed.verdict], ['ok', 'ok']);
  assert.deepEqual(drawn.ledger, faults.slice(0, 2));
});

test('faults of a plan that struck nothing are not in the ledger', async () => {
  const faults: Fault[] = [
    { kind: 'drop', from: 'guest', to: 'server', message: 'request', label: 'GET /', nth: 7 },
    { kind: 'partition', from: ['server'], to: ['server'], oneWay: false, atMs: 0, forMs: 1 },
    { kind: 'pause', host: 'server', atMs: 50, forMs: 5 },
    { kind: 'crash', host: 'server', atMs: 5_000, downMs: 5 },
  ];
  const { result } = await driven(
    {},
    (world) =>
      world.client('guest', async () => {
        await fetch('http://server/');
        await sleep(100);
      }),
    { plan: { ...calmPlan, faults } },
  );
  assert.deepEqual(result.ledger, []);
});

test('a calm run has an empty ledger', async () => {
  const scenario = scenarioUnderStorm();
  const { ledger } = await simulate(scenario, { seed: 1, plan: calmPlan });
  assert.deepEqual(ledger, []);
});

test('the storm of a driver that waits ends when it is due, whatever was planned in vain', async () => {
  const waiting = (faults: readonly Fault[]): Promise<RunResult> => {
    const scenario = scenarioOf({ stormMs: 2_000 }, (world) => {
      void world.client('guest', () => {});
      world.network.hold('guest', 'server');
      return world
        .client('guest', (client) => client.operation('ask', null, () => fetch('http://server/')))
        .then(() => undefined);
    });
    return simulate(scenario, { seed: 1, plan: { ...calmPlan, faults } });
  };
  const vain: Fault = { kind: 'crash', host: 'server', atMs: 1_500, downMs: 100 };
  const [with_, without] = [await waiting([vain]), await waiting([])];
  assert.equal(without.history[0]?.endedMs, with_.history[0]?.endedMs);
});
