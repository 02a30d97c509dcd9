// Why a run fails: what happens without each fault, and the nearest run that passes.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { explain } from '../../src/explore/explanation.ts';
import {
  calmPlan,
  CheckFailure,
  daemon,
  defineScenario,
  explore,
  handler,
  replay,
  simulate,
  swarm,
  type Fault,
  type RunResult,
  type Scenario,
  type World,
} from '../../src/index.ts';
import { whileInstalled } from '../../src/scenario/simulate.ts';
import { thrownBy } from '../report/thrown-by.ts';

let boots = 0;
const hosts = {
  shop: handler(() => {
    boots++;
    return () => new Response('done');
  }),
};
const lost = (label: string): Fault => ({
  ...{ kind: 'drop', from: 'shop', to: 'c', message: 'response', label, nth: 1 },
});

async function drive(world: World): Promise<void> {
  await world.client('c', async (client) => {
    for (const name of ['a', 'b']) {
      await client.operation(name, null, () =>
        fetch(`http://shop/${name}`, { signal: AbortSignal.timeout(50) }),
      );
    }
  });
}
const isUnknown = (world: World, name: string): boolean =>
  world.history.some((operation) => operation.name === name && operation.type === 'info');
const twoLosses = defineScenario({
  name: 'two losses',
  hosts,
  drive,
  faults: swarm({ drop: true }),
  finally: {
    'not both are lost': (world) => !(isUnknown(world, 'a') && isUnknown(world, 'b')),
    'b is not lost alone': (world) => !isUnknown(world, 'b') || isUnknown(world, 'a'),
  },
});

const recorded = (scenario: Scenario<never>, faults: Fault[], rest = {}): Promise<RunResult<never>> =>
  simulate(scenario, { plan: { ...calmPlan, faults }, record: true, ...rest });
const explained = async (
  scenario: Scenario<never>,
  result: RunResult<never>,
  signal?: AbortSignal,
): ReturnType<typeof explain> => whileInstalled(scenario, () => explain(scenario, result, signal));

describe('why a run fails', () => {
  test('without each fault something else happens, and one of the runs passes', async () => {
    const scenario = twoLosses as Scenario<never>;
    const { faults, passing } = await explained(
      scenario,
      await recorded(scenario, [lost('GET /a'), lost('GET /b')]),
    );
    assert.deepEqual(
      faults.map(({ without }) => without),
      ['then `b is not lost alone` is illegal', 'it passes'],
    );
    assert.equal(passing?.without, 1);
    assert.equal(passing.result.verdict, 'ok');
    assert.ok(passing.result.trace !== undefined);
    assert.equal(
      passing.difference?.text,
      'response to GET /b #1 (shop → c), sent at 51.0 ms, is dropped; in the passing run it is delivered. ' +
        'Then `b` of c ends: info at 100.0 ms.',
    );
  });

  test('the nearest run is without the fault that strikes last, wherever it stands', async () => {
    const either = defineScenario({
      ...{ name: 'either loss', hosts, drive },
      finally: { 'not both are lost': (world) => !(isUnknown(world, 'a') && isUnknown(world, 'b')) },
    }) as Scenario<never>;
    for (const [faults, last] of [
      [[lost('GET /a'), lost('GET /b')], 1],
      [[lost('GET /b'), lost('GET /a')], 0],
    ] as const) {
      const { passing } = await explained(either, await recorded(either, [...faults]));
      assert.equal(passing?.without, last);
    }
  });

  test('a fault without which the same happens is said to be one', async () => {
    const scenario = twoLosses as Scenario<never>;
    const spare: Fault = { kind: 'pause', host: 'shop', atMs: 500, forMs: 5 };
    const result = await recorded(scenario, [lost('GET /a'), lost('GET /b'), spare]);
    assert.equal((await explained(scenario, result)).faults[2]?.without, 'the same happens');
  });

  test('an order of events is compared with the calm one', async () => {
    const runner = daemon((host) => {
      setTimeout(() => host.send('judge', host.name, 'finish'), 10);
    });
    const race = defineScenario({
      name: 'a race',
      hosts: {
        judge: daemon((host) => {
          const seen: unknown[] = [];
          host.expose({ seen });
          host.onMessage((name) => void seen.push(name));
        }),
        first: runner,
        second: runner,
      },
      drive: () => new Promise((resolve) => setTimeout(resolve, 20)),
      always: {
        'first is first': (world) => {
          const { seen } = (world.host('judge').exports ?? { seen: [] }) as { seen: unknown[] };
          return seen[0] !== 'second';
        },
      },
    }) as Scenario<never>;
    const plan = { faults: [], latency: 'calm', order: 'drawn' } as const;
    const runs = await Promise.all(
      Array.from({ length: 16 }, (_, seed) => simulate(race, { seed, plan, record: true })),
    );
    const failed = runs.find(({ verdict }) => verdict === 'illegal');
    assert.ok(failed !== undefined);
    const { faults, passing } = await explained(race, failed);
    assert.deepEqual(
      faults.map(({ kind, without }) => [kind, without]),
      [['order', 'it passes']],
    );
    assert.equal(passing?.without, 0);
    assert.match(passing.difference?.text ?? '', /second.*before.*first.*; in the passing run, after it\./);
  });

  test('no more than 12 faults are tried, and only one run of them is recorded', async () => {
    const scenario = twoLosses as Scenario<never>;
    const pauses = Array.from({ length: 14 }, (_, i): Fault => ({
      kind: 'pause',
      host: 'shop',
      atMs: 500 + i,
      forMs: 1,
    }));
    const result = await recorded(scenario, [lost('GET /a'), lost('GET /b'), ...pauses]);
    boots = 0;
    const { faults } = await explained(scenario, result);
    assert.equal(faults.length, 16);
    assert.equal(faults.filter(({ without }) => without !== undefined).length, 12);
    assert.equal(boots, 13);
  });

  test('nothing is tried once it is aborted', async () => {
    const scenario = twoLosses as Scenario<never>;
    const result = await recorded(scenario, [lost('GET /a'), lost('GET /b')]);
    boots = 0;
    const { faults, passing } = await explained(scenario, result, AbortSignal.abort());
    assert.deepEqual([boots, passing], [0, undefined]);
    assert.ok(faults.every(({ without }) => without === undefined));
  });

  test('a workload that keeps state is a new one for each run', async () => {
    const fresh = (): { isUsed: boolean } => ({
      isUsed: false,
      ...{ [fc.cloneMethod]: fresh },
    });
    const scenario = defineScenario({
      ...{ name: 'used up', hosts },
      workload: fc.constant(null).map(fresh),
      async drive(world, workload) {
        if (workload.isUsed) throw new Error('used before');
        workload.isUsed = true;
        await drive(world);
      },
      finally: { 'a is not lost': (world) => !isUnknown(world, 'a') },
    }) as unknown as Scenario<never>;
    const result = await recorded(scenario, [lost('GET /a')]);
    assert.equal((await explained(scenario, result)).faults[0]?.without, 'it passes');
  });

  test('explorations and replays both tell it', async () => {
    const found = await thrownBy(() => explore(twoLosses, { seed: 3, runs: 500 }));
    assert.ok(found instanceof CheckFailure);
    const again = await thrownBy(() => replay(twoLosses, found.token));
    for (const failure of [found, again as CheckFailure]) {
      const { explanation } = failure;
      assert.ok((explanation?.faults.length ?? 0) > 0);
      assert.ok(explanation?.faults.every(({ without }) => without !== undefined));
      assert.equal(explanation?.passing?.result.verdict, 'ok');
    }
  });
});
