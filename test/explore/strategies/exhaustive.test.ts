// The exhaustive search: what it leaves out makes no difference, what it proves holds, and what it has not
// tried it counts.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { daemon, defineScenario, latency, simulate, type RunResult } from '../../../src/index.ts';
import { ExhaustiveSearch } from '../../../src/explore/strategies/exhaustive.ts';
import { overtakenThrice } from './overtaken-thrice.ts';
import { searched } from './searching.ts';
import { tinySystem } from './tiny-systems.ts';
import { tokenHandover } from './token-handover.ts';

/** What each host got, in its order. */
const outcomesOf = (results: readonly RunResult[]): string[] =>
  [...new Set(results.map(({ history }) => JSON.stringify(history[0]?.value)))].toSorted();

/** Those with three outcomes or more that are small enough to be searched without reduction, too. */
const SYSTEMS: readonly number[] = [8, 24, 37, 42, 51, 53, 67, 69, 106];

describe('a search of all orders', { concurrency: false }, () => {
  for (const number of SYSTEMS) {
    test(`tiny system ${number}: leaving out what commutes loses no outcome, and repeats none`, async () => {
      const bound = { faults: 0 };
      const reduced = await searched(tinySystem(number), bound);
      const full = await searched(tinySystem(number), { ...bound, reduces: false });
      assert.ok(reduced.summary.isComplete && full.summary.isComplete);
      const outcomes = outcomesOf(full.results);
      assert.ok(outcomes.length >= 3);
      assert.deepEqual(outcomesOf(reduced.results), outcomes);
      assert.equal(reduced.summary.orders, outcomes.length, 'each order once');
      assert.ok(reduced.summary.runs * 2 < full.summary.runs, reduced.summary.text);
    });
  }

  test('where checks look on, what changes the state does not commute; it is not tried twice', async () => {
    let merged = 0;
    for (const number of SYSTEMS.slice(0, 6)) {
      const scenario = tinySystem(number, { checks: true, state: true });
      const outcomes = outcomesOf((await searched(tinySystem(number), { faults: 0 })).results);
      const whole = await searched(scenario, { faults: 0, mergeStates: false });
      const cut = await searched(scenario, { faults: 0 });
      assert.deepEqual(outcomesOf(whole.results), outcomes);
      assert.deepEqual(outcomesOf(cut.results), outcomes);
      assert.ok(whole.summary.orders > outcomes.length, 'orders that only an onlooker tells apart');
      assert.ok(cut.summary.runs <= whole.summary.runs);
      assert.equal(whole.summary.merged, 0);
      merged += cut.summary.merged;
    }
    assert.ok(merged > 0);
  });

  test('an onlooker sees every state between two events on different hosts', async () => {
    const seen = async (number: number, bound: { reduces?: boolean }): Promise<string[]> => {
      const states = new Set<string>();
      const scenario = {
        ...tinySystem(number, { state: true }),
        always: new Map([
          [
            'is looked at',
            (world: Parameters<NonNullable<ReturnType<typeof tinySystem>['state']>>[0]) => {
              const got = ['a', 'b', 'c'].map((name) => world.host(name).exports?.['got']);
              states.add(JSON.stringify(got));
              return true;
            },
          ],
        ]),
      };
      const { summary } = await searched(scenario, { faults: 0, mergeStates: false, ...bound });
      assert.ok(summary.isComplete);
      return [...states].toSorted();
    };
    for (const number of SYSTEMS.slice(1, 5))
      assert.deepEqual(await seen(number, {}), await seen(number, { reduces: false }));
  });

  test('code of clients that looks into a host does not commute with what that host does', async () => {
    const scenario = defineScenario({
      name: 'a look',
      hosts: {
        shelf: daemon((host) => {
          const got: unknown[] = [];
          host.expose({ got });
          host.onMessage((item) => void got.push(item));
        }),
        carrier: daemon((host) => host.send('shelf', 'a box', 'item')),
      },
      network: { latency: latency.uniform({ minMs: 1, maxMs: 100 }) },
      async drive(world) {
        await world.client('looker', async (client) => {
          await new Promise((resolve) => setTimeout(resolve, 50));
          await client.operation('look', null, () => world.host('shelf').exports?.['got']);
        });
      },
    });
    const { results, summary } = await searched(scenario, { faults: 0 });
    assert.deepEqual(outcomesOf(results), ['["a box"]', '[]']);
    assert.equal(summary.orders, 2, summary.text);
  });

  test('finds a bug that needs three events to be held back', async () => {
    const { summary, failures } = await searched(overtakenThrice, {});
    assert.equal(failures.length, 1);
    assert.ok(summary.isComplete && summary.runs < 20, summary.text);
  });
});

describe('a search of all orders and faults', { concurrency: false }, () => {
  test('proves a protocol of four messages right, within the bound', async () => {
    const { summary, failures } = await searched(tokenHandover(true), { faults: 1, delayMs: 30 });
    assert.deepEqual(failures, []);
    // Four messages, each of which is dropped, delayed or comes twice; and none of it.
    assert.equal(summary.faultSets, 1 + 4 * 3);
    assert.match(summary.text, /^complete within this bound: \d+ orders under 13 sets of faults, \d+ runs/);
  });

  test('finds the bug in its broken twin', async () => {
    const { failures } = await searched(tokenHandover(false), { faults: 1, delayMs: 30 }, { runsMax: 20 });
    const [failure] = failures;
    assert.equal(failure?.violations[0]?.name, 'both own the token');
    assert.equal(failure?.plan.faults.length, 1);
    const again = await simulate(tokenHandover(false), { seed: 1, plan: failure.plan });
    assert.equal(again.hash, failure.hash);
  });

  test('pairs of faults include those of messages that only the first one brings about', async () => {
    const search = new ExhaustiveSearch(tokenHandover(true), { faults: 2, orders: false });
    const labels = new Set<string>();
    for (let next = search.next(); next !== undefined; next = search.next()) {
      const members = new Set(next.plan.faults.map((fault) => JSON.stringify(fault)));
      assert.equal(members.size, next.plan.faults.length, 'no fault is there twice');
      for (const fault of next.plan.faults) {
        if ('message' in fault) labels.add(`${fault.label} #${fault.nth}`);
      }
      assert.deepEqual(next.plan.order, { choices: [] });
      search.told(await simulate(tokenHandover(true), { seed: 1, plan: next.plan }));
    }
    assert.ok(labels.has('transfer 1 #2'), 'a transfer that is sent again after the first one was dropped');
    assert.ok(search.summary().isComplete);
  });
});

describe('what is left', { concurrency: false }, () => {
  test('is told while the search goes on, with an estimate of the whole', async () => {
    const scenario = tinySystem(53);
    const { runs } = (await searched(scenario, { faults: 0, reduces: false })).summary;
    const { summary } = await searched(scenario, { faults: 0, reduces: false }, { runsMax: runs >> 1 });
    assert.equal(summary.isComplete, false);
    assert.ok(summary.left > 0 && summary.left <= runs - summary.runs, String(summary.left));
    assert.ok(summary.runsEstimated > runs / 4 && summary.runsEstimated < runs * 4, summary.text);
    assert.match(summary.text, /^not complete: .* at least \d+ runs? left, of about \d+ by estimate$/);
  });

  test('may be asked for before results are told: nothing is proposed twice', async () => {
    const scenario = tinySystem(53);
    const search = new ExhaustiveSearch(scenario, { faults: 0 });
    const proposed: string[] = [];
    for (;;) {
      const batch = [search.next(), search.next(), search.next()].filter((each) => each !== undefined);
      if (batch.length === 0) break;
      assert.equal(search.summary().isComplete, false);
      for (const { plan } of batch) {
        proposed.push(JSON.stringify(plan));
        search.told(await simulate(scenario, { seed: 1, plan }));
      }
    }
    const { summary } = await searched(scenario, { faults: 0 });
    assert.equal(new Set(proposed).size, proposed.length);
    assert.equal(proposed.length, summary.runs);
    assert.equal(search.summary().text, summary.text);
  });

  test('a result that nobody asked for is refused, and so is a bound that is none', async () => {
    const scenario = tinySystem(69);
    const result = await simulate(scenario, { seed: 1 });
    assert.throws(() => new ExhaustiveSearch(scenario).told(result), /that this search proposed/);
    assert.throws(
      () => new ExhaustiveSearch(scenario, { faults: 3 }),
      /`bound.faults` to be 0, 1 or 2, got `3`/,
    );
    assert.throws(() => new ExhaustiveSearch(scenario, { downMs: -1 }), /bound.downMs/);
    assert.throws(() => new ExhaustiveSearch(scenario, { orders: 'all' as never }), /bound.orders/);
    assert.throws(() => new ExhaustiveSearch(scenario, { fault: 1 } as never), /fault/);
  });
});
