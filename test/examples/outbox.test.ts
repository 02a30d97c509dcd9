// The outbox example: the dual write loses an event in a crash, the outbox does not, and at-least-once
// delivery needs a consumer that deduplicates.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CheckFailure, calmPlan, defineScenario, explore, replay, simulate, swarm } from 'wavetank';
import type { Fault, FaultPlan } from 'wavetank';
import repaired from '../../examples/outbox/outbox-repaired.sim.ts';
import faulty from '../../examples/outbox/outbox.sim.ts';
import { queueAlone } from '../../examples/outbox/queue-scenario.ts';
import queue from '../../examples/outbox/queue-repaired.sim.ts';
import { ordering } from '../../examples/outbox/scenario.ts';
import { Store, type Disk } from '../../examples/outbox/services/store.ts';

const LOST = 'every order that is stored is shipped';

/** It names the order, and the message that made it. */
const GONE =
  /message `(o-\d)` is gone: .*\n +`\1` was written by .* handling POST \/transactions #\d from `orders`/;

async function failureOf(running: Promise<unknown>): Promise<CheckFailure> {
  const [outcome] = await Promise.allSettled([running]);
  if (outcome.status === 'rejected' && outcome.reason instanceof CheckFailure) return outcome.reason;
  throw outcome.status === 'rejected' ? outcome.reason : new assert.AssertionError({ message: 'it passed' });
}

for (const seed of [1, 3]) {
  test(`the dual write loses an event, and it shrinks to one crash: seed ${seed}`, async () => {
    const { result, message } = await failureOf(explore(faulty, { runs: 300, seed }));
    assert.equal(result.violations[0]?.name, LOST);
    assert.match(message, GONE);
    assert.deepEqual(result.workload, ['teapot']);
    const faults = result.plan.faults.map((fault) => (fault.kind === 'crash' ? fault.host : fault.kind));
    assert.deepEqual(faults, ['orders']);
  });
}

test('the failure replays, and passes with an outbox', async () => {
  const { result, token } = await failureOf(explore(faulty, { runs: 300, seed: 3 }));
  const again = await failureOf(replay(faulty, token));
  assert.equal(again.result.hash, result.hash);
  const mended = defineScenario(ordering('outbox', { publish: 'outbox', consumer: 'deduplicates' }));
  const { result: passed } = await replay(mended, token);
  assert.equal(passed.verdict, 'ok');
});

test('the outbox keeps its promises in 200 runs, and they reach what they should', async () => {
  const { runs, reached, unsurvivable } = await explore(repaired, { runs: 200 });
  assert.equal(runs, 200);
  assert.equal(unsurvivable, 0);
  assert.ok((reached['an event was found in the outbox after a crash'] ?? 0) > 0);
});

/** Whoever takes the order dies when the database has just written it. */
const crash: Fault = {
  kind: 'crash',
  host: 'orders',
  atMs: 0,
  downMs: 200,
  after: { marker: 'a transaction was committed', host: 'database', nth: 1 },
};

test('one crash right after the commit tells the two apart', async () => {
  const plan: FaultPlan = { ...calmPlan, faults: [crash] };
  const direct = await simulate(faulty, { plan, workload: ['anvil'] });
  assert.deepEqual(
    direct.violations.map(({ name }) => name),
    [LOST],
  );
  // The shopper asked again, and was told that all is well.
  assert.equal(direct.history.at(-1)?.type, 'ok');
  const outbox = await simulate(repaired, { plan, workload: ['anvil'] });
  assert.equal(outbox.verdict, 'ok');
  assert.equal(outbox.reached['an event was found in the outbox after a crash'], 1);
});

test('a crash of the database is beyond the budget, so that it is no bug', async () => {
  const down: Fault = { kind: 'crash', host: 'database', atMs: 5, downMs: 50 };
  const plan: FaultPlan = { ...calmPlan, faults: [crash, down] };
  const { verdict, beyondBudget = [] } = await simulate(faulty, { plan, workload: ['anvil'] });
  assert.equal(verdict, 'unsurvivable');
  assert.match(beyondBudget.join('\n'), /does not allow this: crash of database at 5 ms/);
});

test('at least once is twice now and then: a consumer that trusts ships twice', async () => {
  const trusting = defineScenario(ordering('trusting', { publish: 'outbox', consumer: 'trusts' }));
  const { result } = await failureOf(explore(trusting, { runs: 300 }));
  assert.equal(result.violations[0]?.name, 'an order is shipped at most once');
  // The queue has the event, and the relay does not know.
  const answer = {
    from: 'queue',
    to: 'orders',
    message: 'response',
    label: 'POST /messages',
    nth: 1,
  } as const;
  const plan: FaultPlan = { ...calmPlan, faults: [{ kind: 'drop', ...answer }] };
  const twice = await simulate(trusting, { plan, workload: ['kettle'] });
  assert.equal(twice.violations[0]?.name, 'an order is shipped at most once');
  const once = await simulate(repaired, { plan, workload: ['kettle'] });
  assert.equal(once.verdict, 'ok');
  assert.equal(once.reached['an event came a second time'], 1);
});

test('an order without a parcel and one with two are found by the model of a set, too', async () => {
  const plan: FaultPlan = { ...calmPlan, faults: [crash] };
  const atTheEnd = async (publish: 'directly' | 'outbox', faults: readonly Fault[]): Promise<string[]> => {
    const options = ordering('models', { publish, consumer: 'trusts' });
    const scenario = defineScenario({ ...options, always: {}, eventually: {} });
    const { violations } = await simulate(scenario, { plan: { ...plan, faults }, workload: ['anvil'] });
    return violations.map(({ name }) => name);
  };
  assert.deepEqual(await atTheEnd('directly', [crash]), ['the parcels are the set of orders']);
  const twice = { kind: 'drop', from: 'queue', to: 'orders', message: 'response' } as const;
  const answer: Fault = { ...twice, label: 'POST /messages', nth: 1 };
  assert.deepEqual(await atTheEnd('outbox', [answer]), ['the parcels are the set of orders']);
  assert.deepEqual(await atTheEnd('outbox', []), []);
});

test('the queue alone delivers at least once, in 200 runs', async () => {
  const { runs } = await explore(queue, { runs: 200 });
  assert.equal(runs, 200);
});

test('a queue that writes nothing through forgets messages in a crash, and its model says so', async () => {
  const forgetful = (disk: Disk) => new Store({ ...delegate(disk), sync: () => {} });
  const scenario = defineScenario(queueAlone({ name: 'forgetful', store: forgetful }));
  const { result } = await failureOf(explore(scenario, { runs: 300 }));
  assert.equal(result.violations[0]?.name, 'the queue delivers at least once');
  assert.deepEqual(
    result.ledger.map(({ kind }) => kind),
    ['crash'],
  );
});

/** The same disk, with methods of its own. */
function delegate(disk: Disk): Disk {
  return {
    get: (key) => disk.get(key),
    put: (key, value) => disk.put(key, value),
    delete: (key) => disk.delete(key),
    keys: () => disk.keys(),
    sync: () => disk.sync(),
  };
}

test('without faults all of them keep their promises', async () => {
  for (const publish of ['directly', 'outbox'] as const) {
    for (const consumer of ['deduplicates', 'trusts'] as const) {
      const options = ordering('calm', { publish, consumer });
      const calm = defineScenario({ ...options, faults: swarm({}) });
      for (let seed = 1; seed <= 10; seed++) {
        const { verdict, violations } = await simulate(calm, { seed });
        assert.equal(verdict, 'ok', violations[0]?.message);
      }
    }
  }
});
