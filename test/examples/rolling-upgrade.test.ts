// The rolling upgrade in its two forms: the bug is found while both versions run, and never with one of them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CheckFailure, defineScenario, explore, replay, simulate } from 'wavetank';
import type { World } from 'wavetank';
import { Recorded } from '../../examples/recorded.ts';
import { rowIsComparedAndSet } from '../../examples/rolling-upgrade/models.ts';
import { rollingUpgrade, versions } from '../../examples/rolling-upgrade/scenario.ts';
import repaired from '../../examples/rolling-upgrade/rolling-upgrade-repaired.sim.ts';
import faulty from '../../examples/rolling-upgrade/rolling-upgrade.sim.ts';

async function failureOf(running: Promise<unknown>): Promise<CheckFailure> {
  const [outcome] = await Promise.allSettled([running]);
  if (outcome.status === 'fulfilled') throw new assert.AssertionError({ message: 'it found nothing' });
  if (outcome.reason instanceof CheckFailure) return outcome.reason;
  throw outcome.reason;
}

for (const seed of [1, 2, 3]) {
  test(`a lost phone number is found, and shrunk to one upgrade and few changes: seed ${seed}`, async () => {
    const { result } = await failureOf(explore(faulty, { runs: 300, seed }));
    assert.equal(result.violations[0]?.name, 'a phone number that was saved stays');
    assert.deepEqual(
      result.ledger.map(({ kind }) => kind),
      ['upgrade'],
    );
    const changes = (result.workload as { field: string }[]).map(({ field }) => field);
    const [first, ...later] = changes.slice(changes.indexOf('phone'));
    assert.equal(first, 'phone');
    assert.ok(changes.length <= 4 && later.some((field) => field !== 'phone'), String(changes));
  });
}

test('the model of a key-value store finds the lost phone number, too', async () => {
  const { always: _, ...options } = rollingUpgrade({ name: 'models', versions: versions('dropped') });
  const { result } = await failureOf(explore(defineScenario(options), { runs: 300 }));
  assert.equal(result.violations[0]?.name, 'the profile is a key-value store');
  assert.match(result.violations[0]?.message ?? '', /phone/);
});

test('a database that takes what was read before another change is not compared and set', async () => {
  const requests = new Recorded({ fetch: () => Response.json({}) });
  const world = { host: () => ({ exports: { requests } }) } as unknown as World;
  for (let i = 0; i < 2; i++) {
    assert.equal(rowIsComparedAndSet(world).verdict, 'ok');
    const body = JSON.stringify({ revision: 0, fields: {} });
    await requests.handle(new Request('http://database/rows/ada', { method: 'PUT', body }));
  }
  const { verdict, message } = rowIsComparedAndSet(world);
  assert.equal(verdict, 'illegal');
  assert.match(message, /changed 0 to 1/);
});

test('a refusal after a request without an answer says nothing: that one may have been saved', async () => {
  const { verdict, history } = await simulate(repaired, { seed: 83 });
  assert.equal(verdict, 'ok');
  const unknown = history.filter(({ type }) => type === 'info');
  assert.deepEqual(
    unknown.map(({ input, value }) => [(input as { field: string }).field, value]),
    [['phone', { status: 422 }]],
  );
});

test('who saves a field, and is shown another, is a failure', () => {
  const check = rollingUpgrade({ name: 'x', versions: versions('kept') }).always?.[
    'who saves is shown what was saved'
  ];
  const input = { field: 'name', value: 'Ada' };
  const told = (value: unknown) => ({ history: [{ type: 'ok', input, value }] }) as unknown as World;
  assert.equal(check?.(told({ name: 'Ada', mail: 'a@b' })), undefined);
  assert.match(JSON.stringify(check?.(told({ mail: 'a@b' }))), /a name was saved, and the answer has/);
});

test('the failure replays, and passes once the old version keeps what it does not know', async () => {
  const { result, token } = await failureOf(explore(faulty, { runs: 300 }));
  assert.equal((await failureOf(replay(faulty, token))).result.hash, result.hash);
  const mended = defineScenario(rollingUpgrade({ name: 'rolling-upgrade', versions: versions('kept') }));
  const { result: passed } = await replay(mended, token);
  assert.equal(passed.verdict, 'ok');
  assert.deepEqual(passed.ledger, result.ledger);
});

test('the repaired upgrade loses nothing in 200 runs, in many of which both versions are up', async () => {
  const { runs, reached } = await explore(repaired, { runs: 200 });
  assert.equal(runs, 200);
  assert.ok((reached['both versions were up at once'] ?? 0) > 20);
});

for (const [number, only] of versions('dropped').entries()) {
  test(`with version ${number + 1} alone nothing is lost, whatever restarts`, async () => {
    const { sometimes: _, ...options } = rollingUpgrade({ name: 'one version', versions: [only, only] });
    const scenario = defineScenario(options);
    for (let seed = 1; seed <= 200; seed++) {
      const { verdict, violations } = await simulate(scenario, { seed });
      assert.equal(verdict, 'ok', `seed ${seed}: ${violations[0]?.message}`);
    }
  });
}
