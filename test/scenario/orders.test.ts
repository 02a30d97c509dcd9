// Runs whose order is chosen: they are the calm run where nothing is chosen, legal runs where something is,
// and can be said as delays of messages.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { daemon, defineScenario, explainPlan, explore, latency, simulate } from '../../src/index.ts';
import { smallerPlans } from '../../src/explore/shrink-plan.ts';
import { decodeToken, encodeToken } from '../../src/explore/token.ts';
import { calmPlan, type FaultPlan } from '../../src/faults/fault.ts';
import { overtakenThrice } from '../explore/strategies/overtaken-thrice.ts';
import { searched } from '../explore/strategies/searching.ts';
import { tinySystem } from '../explore/strategies/tiny-systems.ts';
import { systems } from '../planted/systems/all.ts';

const gotIn = ({ history }: { history: readonly { value?: unknown }[] }): unknown => history[0]?.value;
const chosen = (choices: number[]): FaultPlan => ({ faults: [], latency: 'drawn', order: { choices } });

describe('an order by choices', { concurrency: false }, () => {
  for (const { bug, broken } of systems) {
    test(`${bug}: no choices make the calm run`, async () => {
      const calm = await simulate(broken, { seed: 3, plan: calmPlan });
      const without = await simulate(broken, { seed: 3, plan: chosen([]) });
      assert.equal(without.hash, calm.hash);
      assert.deepEqual(without.ledger, []);
      assert.equal(without.choices?.isRedundant, false);
      assert.equal(calm.choices, undefined);
    });
  }

  test('is carried out as it says, told by the run, and does not depend on the seed', async () => {
    const scenario = tinySystem(10);
    const { results } = await searched(scenario, { faults: 0 });
    const longest = results.filter(({ choices: told }) => told?.isRedundant === false).at(-1);
    const choices = longest?.choices?.points.map(({ choice }) => choice) ?? [];
    assert.ok(choices.length > 4 && choices.filter((choice) => choice > 0).length > 1);
    const result = await simulate(scenario, { seed: 1, plan: chosen(choices) });
    assert.equal(result.hash, longest?.hash);
    assert.deepEqual(
      result.choices?.points.map(({ choice }) => choice),
      choices,
    );
    const again = await simulate(scenario, { seed: 2, plan: chosen(choices) });
    assert.equal(again.hash, result.hash);
    const recorded = await simulate(scenario, { seed: 1, plan: chosen(choices), record: true });
    assert.equal(recorded.hash, result.hash);
  });

  test('is what delays of messages make of the calm run', async () => {
    const scenario = tinySystem(90);
    const seen = new Set<string>();
    for (let mask = 0; mask < 32; mask++) {
      const choices = Array.from({ length: 8 }, (_, i) => (i < 3 ? 0 : (mask >> (i - 3)) & 1));
      const { ledger, ...result } = await simulate(scenario, { plan: chosen(choices) });
      assert.ok(ledger.every(({ kind }) => kind === 'delay'));
      const delayed = await simulate(scenario, { plan: { ...calmPlan, faults: ledger } });
      assert.deepEqual(gotIn(delayed), gotIn(result), JSON.stringify(choices));
      seen.add(JSON.stringify(gotIn(result)));
    }
    assert.ok(seen.size >= 5, String(seen.size));
  });

  test('with calm latency decides only between what is due together', async () => {
    const plan: FaultPlan = { ...calmPlan, order: { choices: [1, 1, 1, 1] } };
    const { ledger } = await simulate(tinySystem(10), { plan });
    for (const fault of ledger) assert.ok(fault.kind === 'delay' && fault.byMs < 0.064);
  });

  test('a token carries it', () => {
    for (const order of [{ choices: [0, 2, 1] }, { pct: { depth: 3, steps: 400 } }]) {
      const plan: FaultPlan = { faults: [], latency: 'drawn', order };
      const about = { scenario: 's', seed: 1, workload: null, hash: 'h', failure: undefined };
      assert.deepEqual(decodeToken(encodeToken({ ...about, plan })).plan, plan);
    }
  });
});

describe('a failure by its order', { concurrency: false }, () => {
  /** Shrinks as fast-check does. */
  async function shrunk(seed: number, start: FaultPlan): Promise<{ plan: FaultPlan; runs: number }> {
    let best = start;
    let runs = 0;
    let isSmaller = true;
    while (isSmaller) {
      isSmaller = false;
      await simulate(overtakenThrice, { seed, plan: best });
      for (const { plan } of smallerPlans(best, undefined)) {
        runs++;
        if ((await simulate(overtakenThrice, { seed, plan })).verdict === 'ok') continue;
        best = plan;
        isSmaller = true;
        break;
      }
      assert.ok(runs < 1_000);
    }
    return { plan: best, runs };
  }

  async function failing(order: (seed: number) => FaultPlan['order']): Promise<[number, FaultPlan]> {
    for (let seed = 1; seed < 2_000; seed++) {
      const plan: FaultPlan = { faults: [], latency: 'drawn', order: order(seed) };
      if ((await simulate(overtakenThrice, { seed, plan })).verdict === 'illegal') return [seed, plan];
    }
    return assert.fail('nothing was found');
  }

  test('is shrunk to the delays that it needs, whether by priorities or by choices', async () => {
    for (const order of [
      () => ({ pct: { depth: 3, steps: 6 } }),
      (seed: number) => ({ choices: Array.from({ length: 6 }, (_, i) => (seed >> i) & 1) }),
    ]) {
      const { plan } = await shrunk(...(await failing(order)));
      assert.deepEqual([plan.latency, plan.order], ['calm', 'calm']);
      assert.deepEqual(
        plan.faults.map(({ kind }) => kind),
        ['delay', 'delay', 'delay'],
      );
      assert.match(explainPlan(plan), /^delayed message \(ann → desk, datagram tell #1, by 6 ms\)\n/);
    }
  });
});

test('`state` is checked, and what it throws or cannot be is told', async () => {
  const about = { name: 's', hosts: { a: daemon(() => {}) }, drive: () => {} };
  assert.throws(() => defineScenario({ ...about, state: 5 } as never), {
    code: 'WT_OPTION',
    message: /Expected `state` to be a function of the world, got `5`/,
  });
  const scenario = defineScenario({ ...about, state: (world) => world.nowMs });
  assert.equal((await simulate(scenario)).verdict, 'ok');
  assert.equal((await explore(scenario, { runs: 3 })).runs, 3);
});

test('without a spread of times the order decides only between ties', async () => {
  const scenario = {
    ...overtakenThrice,
    network: { ...overtakenThrice.network, latency: latency.constant(5) },
  };
  for (let seed = 1; seed <= 20; seed++) {
    const plan: FaultPlan = { faults: [], latency: 'drawn', order: { pct: { depth: 3, steps: 6 } } };
    assert.equal((await simulate(scenario, { seed, plan })).verdict, 'ok');
  }
});

test('after the storm no message is late', async () => {
  const scenario = defineScenario({
    name: 'late talk',
    hosts: {
      a: daemon((host) => host.onMessage(() => {})),
      b: daemon((host) => {
        for (const [i, word] of ['one', 'two', 'three'].entries())
          setTimeout(() => host.send('a', word, word), 20 + 10 * i);
      }),
    },
    network: { latency: latency.uniform({ minMs: 1, maxMs: 100 }) },
    drive: () => {},
  });
  for (const order of [{ choices: [1, 1, 1] }, { pct: { depth: 3, steps: 4 } }]) {
    const { ledger, steps } = await simulate(scenario, { plan: { faults: [], latency: 'drawn', order } });
    assert.ok(steps >= 6);
    for (const fault of ledger) assert.ok(fault.kind === 'delay' && fault.byMs < 0.064);
  }
});
