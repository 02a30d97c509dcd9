// The checkout system in its two versions: exploring finds the bug of one and nothing in the other.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CheckFailure, defineScenario, explore, replay, simulate } from 'wavetank';
import type { Fault, FaultPlan } from 'wavetank';
import repaired from '../../examples/checkout/checkout-repaired.sim.ts';
import faulty from '../../examples/checkout/checkout.sim.ts';
import { services } from '../../examples/checkout/hosts.ts';
import { checkout } from '../../examples/checkout/scenario.ts';

/** The failure that something is expected to end with. */
async function failureOf(running: Promise<unknown>): Promise<CheckFailure> {
  const [outcome] = await Promise.allSettled([running]);
  if (outcome.status === 'fulfilled') throw new assert.AssertionError({ message: 'it found nothing' });
  if (outcome.reason instanceof CheckFailure) return outcome.reason;
  throw outcome.reason;
}

/** The report names the records, and the messages that wrote them. */
const CHARGED_BY_TWO_MESSAGES =
  /order o-1 was charged 2 times:\n +`ch-1` was .* POST \/v1\/charges #1 from .*\n +`ch-2` .* #2 from/;

for (const seed of [1, 2, 3]) {
  test(`the faulty checkout charges twice, and it shrinks to what matters: seed ${seed}`, async () => {
    const { result, message } = await failureOf(explore(faulty, { runs: 300, seed }));
    assert.equal(result.violations[0]?.name, 'charged at most once');
    assert.deepEqual(result.workload, [{ sku: 'teapot', quantity: 1 }]);
    assert.match(message, CHARGED_BY_TWO_MESSAGES);
    assert.ok(result.ledger.length >= 1 && result.ledger.length <= 2, JSON.stringify(result.ledger));
  });
}

test('the failure of the faulty checkout replays, and passes once the bug is repaired', async () => {
  const { result, token } = await failureOf(explore(faulty, { runs: 300 }));
  const again = await failureOf(replay(faulty, token));
  assert.equal(again.result.hash, result.hash);
  const mended = defineScenario(checkout({ name: 'checkout', hosts: services({ chargeKey: 'per-order' }) }));
  const { result: passed } = await replay(mended, token);
  assert.equal(passed.verdict, 'ok');
  assert.deepEqual(passed.ledger, result.ledger);
});

test('the repaired checkout keeps its promises in 200 runs, and they reach what they should', async () => {
  const { runs, reached } = await explore(repaired, { runs: 200 });
  assert.equal(runs, 200);
  assert.ok([...repaired.sometimes.keys()].every((name) => (reached[name] ?? 0) > 0));
});

const ANSWERS = [
  { from: 'api.cards.test', to: 'payments', label: 'POST /v1/charges' },
  { from: 'payments', to: 'orders', label: 'POST /charges' },
];
const FATES = [
  { kind: 'drop', said: 'lost' },
  { kind: 'reset', said: 'cut off' },
  { kind: 'delay', said: 'late', byMs: 2_000 },
] as const;

for (const answer of ANSWERS) {
  for (const { said, ...fate } of FATES) {
    const fault: Fault = { ...fate, ...answer, message: 'response', nth: 1 };
    const plan: FaultPlan = { faults: [fault], latency: 'calm', order: 'calm' };
    const workload = [{ sku: 'kettle', quantity: 2 }];

    test(`one answer to a charge is ${said}: ${answer.from} → ${answer.to}`, async () => {
      const perAttempt = await simulate(faulty, { workload, plan });
      assert.deepEqual(
        perAttempt.violations.map(({ message }) => message),
        ['`charged at most once` is illegal: order o-1 was charged 2 times.'],
      );
      const perOrder = await simulate(repaired, { workload, plan });
      assert.equal(perOrder.verdict, 'ok');
      assert.deepEqual(perOrder.history[0]?.value, {
        orderId: 'o-1',
        sku: 'kettle',
        quantity: 2,
        amount: 120,
        status: 'confirmed',
      });
    });
  }
}

test('without faults the faulty checkout is as good as the repaired one', async () => {
  const hosts = services({ chargeKey: 'per-attempt' });
  const { faults: _, ...calm } = checkout({ name: 'checkout without faults', hosts });
  for (let seed = 1; seed <= 50; seed++) {
    const { verdict, violations } = await simulate(defineScenario(calm), { seed });
    assert.equal(verdict, 'ok', violations[0]?.message);
  }
});
