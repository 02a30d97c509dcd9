// The statistics of explorations: what they count, that gathering them changes no run, and that functions and
// programs have the same.

import assert from 'node:assert/strict';
import http from 'node:http';
import { test } from 'node:test';
import fc from 'fast-check';
import { Discovery, behaviourOf } from '../../src/explore/statistics/discovery.ts';
import { routeOf } from '../../src/explore/statistics/routes.ts';
import {
  calmPlan,
  CheckFailure,
  daemon,
  defineScenario,
  explore,
  handler,
  swarm,
  type HostDefinition,
  type Scenario,
  type Statistics,
} from '../../src/index.ts';
import { KeyedRandom } from '../../src/random/keyed.ts';
import { sleep } from '../scenario/driven.ts';

const PATHS = ['/orders/o-17', '/orders/o-18', '/v1/wrong', '/slow'];

async function statusOf(path: string): Promise<number> {
  if (path === '/slow') await sleep(300);
  return path === '/v1/wrong' ? 500 : 200;
}

const asFunction = (): HostDefinition =>
  handler(
    () => async (request) => new Response('x', { status: await statusOf(new URL(request.url).pathname) }),
    {
      port: 80,
    },
  );

const asServer = (): HostDefinition =>
  daemon(() => {
    const server = http.createServer((request, response) => {
      void statusOf(request.url ?? '').then((status) => response.writeHead(status).end('x'));
    });
    server.listen(80);
  });

function scenarioOf(server: HostDefinition, isStormy = false): Scenario {
  return defineScenario({
    name: 'statistics',
    hosts: { server },
    ...(isStormy ? { faults: swarm({ drop: true, delay: true, reset: true }) } : {}),
    drive: (world) =>
      world.client('guest', async (client) => {
        for (const path of PATHS) {
          const signal = AbortSignal.timeout(1_000);
          await client.operation('look', path, async () => {
            const response = await fetch(`http://server${path}`, { signal });
            await response.text();
            return response;
          });
        }
      }),
  });
}

async function statisticsOf(server: HostDefinition): Promise<Statistics> {
  const { statistics } = await explore(scenarioOf(server), { runs: 30, statistics: true });
  assert.ok(statistics);
  return statistics;
}

test('routes, errors and queues are counted, the slowest first', async () => {
  const { routes, queues } = await statisticsOf(asFunction());
  assert.deepEqual(
    routes
      .filter(({ kind }) => kind === undefined)
      .map(({ route, host, requests, errors }) => `${route} ${host} ${requests} ${errors}`)
      .toSorted(),
    ['GET /orders/:id server 60 0', 'GET /slow server 30 0', 'GET /v1/wrong server 30 30'],
  );
  const [slow] = routes.filter(({ kind }) => kind === undefined);
  assert.equal(slow?.route, 'GET /slow');
  assert.ok(slow.p50Ms >= 301 && slow.p50Ms < 305 && slow.maxMs >= slow.p99Ms);
  assert.equal(
    slow.histogram.reduce((sum, { count }) => sum + count, 0),
    30,
  );
  const look = routes.find(({ kind }) => kind === 'operation');
  assert.deepEqual([look?.route, look?.host, look?.requests, look?.errors], ['look', 'clients', 120, 30]);
  assert.deepEqual(queues, [{ host: 'server', p50: 1, p99: 1, max: 1 }]);
});

test('functions and servers on sockets have the same', async () => {
  const [left, right] = [await statisticsOf(asFunction()), await statisticsOf(asServer())];
  const shown = ({ routes, queues }: Statistics) => ({
    queues,
    routes: routes
      .filter(({ kind }) => kind === undefined)
      .map(({ route, requests, errors, p50Ms, p99Ms }) =>
        [route, requests, errors, Math.round(p50Ms), Math.round(p99Ms)].join(' '),
      )
      .toSorted(),
  });
  assert.deepEqual(shown(left), shown(right));
});

test('a run is the same with statistics and without', async () => {
  const hashes: string[][] = [];
  for (const statistics of [true, false]) {
    const scenario = scenarioOf(asServer(), true);
    const failing = { ...scenario, finally: new Map([['never', () => false]]) };
    const failure = await explore(failing, { runs: 5, statistics }).catch((error: unknown) => error);
    assert.ok(failure instanceof CheckFailure);
    hashes.push([failure.result.hash, failure.token, String(failure.runs.shrinking)]);
    assert.equal(failure.statistics !== undefined, statistics);
  }
  assert.deepEqual(hashes[0], hashes[1]);
});

test('a failure has the statistics of the runs before it, and what failed', async () => {
  let runs = 0;
  const scenario = defineScenario({
    name: 'third',
    hosts: { server: asFunction() },
    drive() {
      runs++;
    },
    // The first run is made twice.
    finally: { 'the first three': () => runs < 4 },
  });
  const options = { runs: 9, statistics: true, strategy: 'timed-random' };
  const failure = await explore(scenario, options).catch((error: unknown) => error);
  assert.ok(failure instanceof CheckFailure);
  const { statistics, result } = failure;
  assert.deepEqual(statistics?.failures, [
    { signature: 'WT_INVARIANT the first three', runs: 1, seed: result.seed },
  ]);
  assert.equal(statistics.discovery.at(-1)?.runs, 3);
});

test('behaviours are told apart by what struck, was reached and came out, not by how often', () => {
  const run = { ledger: [], reached: {}, crashed: {}, history: [], violations: [], plan: calmPlan } as const;
  const look = { id: 0, client: 'a', name: 'look', input: 1, invokedMs: 0, type: 'ok' } as const;
  const crash = { kind: 'crash', host: 'orders', atMs: 1, downMs: 1 } as const;
  const base = behaviourOf({ ...run, history: [look], ledger: [crash] }, [7, 9]);
  const same = {
    ...run,
    history: [look, { ...look, id: 1, client: 'b' }],
    ledger: [crash, { ...crash, atMs: 9 }],
  };
  assert.equal(behaviourOf(same, [9, 7, 7]), base);
  const others = [
    behaviourOf({ ...run, history: [look], ledger: [crash] }, [7]),
    behaviourOf({ ...run, history: [look] }, [7, 9]),
    behaviourOf({ ...run, history: [{ ...look, type: 'info' }], ledger: [crash] }, [7, 9]),
    behaviourOf({ ...run, history: [look], ledger: [crash], reached: { here: 1 } }, [7, 9]),
    behaviourOf({ ...run, history: [look], ledger: [crash], crashed: { orders: 1 } }, [7, 9]),
  ];
  assert.equal(new Set([base, ...others]).size, 6);
});

test('the chance of something new is the share of behaviours that were seen once', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(30), { maxLength: 700 }), (behaviours) => {
      const discovery = new Discovery();
      for (const behaviour of behaviours) discovery.add(behaviour);
      const singles = behaviours.filter((each) => behaviours.indexOf(each) === behaviours.lastIndexOf(each));
      const chance = behaviours.length === 0 ? 1 : singles.length / behaviours.length;
      assert.equal(discovery.chanceOfNew, chance);
      const { curve } = discovery;
      assert.ok(curve.length <= 258);
      for (const point of curve) {
        assert.equal(point.behaviours, new Set(behaviours.slice(0, point.runs)).size);
      }
      assert.equal(curve.at(-1)?.runs ?? 0, behaviours.length);
    }),
  );
});

test('runs that were not drawn are behaviours that were seen, and no sample of what is to come', () => {
  const discovery = new Discovery();
  for (const behaviour of [1, 2, 3]) discovery.add(behaviour);
  assert.deepEqual([discovery.chanceOfNew, discovery.drawnRuns], [1, 3]);
  for (const behaviour of [3, 4, 5, 6]) discovery.add(behaviour, { isSteered: true });
  assert.deepEqual([discovery.chanceOfNew, discovery.drawnRuns], [2 / 3, 3], 'only 1 and 2 were news');
  assert.equal(discovery.curve.at(-1)?.behaviours, 6);
  discovery.add(4);
  assert.deepEqual([discovery.chanceOfNew, discovery.drawnRuns], [2 / 4, 4], '4 was known already');
});

test('the chance is right on average, however many runs are chosen besides', () => {
  // Half of the draws show 0, the others one of many; what is chosen shows the first hundred of those.
  const many = 1_000;
  let [estimated, real] = [0, 0];
  for (let seed = 1; seed <= 200; seed++) {
    const random = new KeyedRandom(seed);
    const discovery = new Discovery();
    const seen = new Set<number>();
    const see = (behaviour: number, isSteered: boolean): void => {
      discovery.add(behaviour, { isSteered });
      seen.add(behaviour);
    };
    for (let i = 0; i < 100; i++) {
      see(random.chance(0.5, 1, i) ? 0 : 1 + random.below(many, 2, i), false);
      see(1 + i, true);
    }
    const unseen = Array.from({ length: many }, (_, i) => 1 + i).filter((each) => !seen.has(each)).length;
    estimated += discovery.chanceOfNew / 200;
    real += unseen / many / 2 / 200;
  }
  assert.ok(Math.abs(estimated - real) < 0.01, `estimated ${estimated}, and it is ${real}`);
});

test('a part of a path that has a digit is an id, but for versions', () => {
  assert.equal(routeOf('GET /v1/orders/o-17/lines/3'), 'GET /v1/orders/:id/lines/:id');
  assert.equal(routeOf('GET /health'), 'GET /health');
});

test('systems that invent routes do not fill the memory', async () => {
  const scenario = defineScenario({
    name: 'many',
    hosts: { server: asFunction() },
    drive: (world) =>
      world.client('guest', async () => {
        const word = (i: number) =>
          i.toString(26).replace(/\d/g, (digit) => 'qrstuvwxyz'[Number(digit)] ?? '');
        for (let i = 0; i < 600; i++) await fetch(`http://server/${word(i)}`);
      }),
  });
  const { statistics } = await explore(scenario, { runs: 1, statistics: true });
  assert.equal(statistics?.routes.length, 501);
  assert.equal(statistics.routes.find(({ route }) => route === '(other routes)')?.requests, 100);
});

test('earlier explorations are handed on', async () => {
  const past = [{ at: '2026-01-01T00:00:00.000Z', runs: 100, failures: 1 }];
  const { statistics } = await explore(scenarioOf(asFunction()), { runs: 1, statistics: true, past });
  assert.deepEqual(statistics?.past, past);
});
