// Faults that wait for a moment: a marker, an acknowledged operation, a step.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CheckFailure } from '../../src/explore/check-failure.ts';
import { explore } from '../../src/explore/explore.ts';
import { replay } from '../../src/explore/replay.ts';
import { swarm } from '../../src/faults/budget.ts';
import { calmPlan, type Fault } from '../../src/faults/fault.ts';
import type { CrashFault } from '../../src/faults/kinds/crash.ts';
import type { Trigger } from '../../src/faults/timed.ts';
import { handler } from '../../src/host/definition.ts';
import { sometimes } from '../../src/markers.ts';
import { simulate } from '../../src/scenario/simulate.ts';
import type { World } from '../../src/scenario/world.ts';
import { scenarioOf, sleep } from '../scenario/driven.ts';

/** A host that reaches a marker at each request. */
const marking = handler((host) => () => {
  sometimes('served');
  return new Response(`hello of ${host.name}`);
});

/** A guest who greets `one` and `two` in turn, every 10 ms. */
async function greetings(world: World): Promise<void> {
  await world.client('guest', async (client) => {
    for (let i = 0; i < 6; i++) {
      await client.operation('greet', i, () => fetch(i % 2 === 0 ? 'http://one/' : 'http://two/'));
      await sleep(10);
    }
  });
}

const greeted = scenarioOf({ hosts: { one: marking, two: marking } }, greetings);

function crashAfter(after: Trigger, atMs = 0): CrashFault {
  return { kind: 'crash', host: 'one', atMs, downMs: 1, after };
}

/** When the crash of a plan happened, in virtual milliseconds. */
async function struckAt(fault: Fault): Promise<{ atMs: number | undefined; ledger: readonly Fault[] }> {
  const plan = { ...calmPlan, faults: [fault] };
  const { trace = [], ledger } = await simulate(greeted, { plan, record: true });
  const crash = trace.find((entry) => entry.kind === 'host' && entry.change === 'crashed');
  return { atMs: crash === undefined ? undefined : crash.atUs / 1000, ledger };
}

// A greeting takes 2 ms: it is served 1 ms after it was sent, and answered after another. The next one is
// sent 10 ms later, and so on: served at 1, 13, 25 ms, answered at 2, 14, 26 ms.

test('a fault waits for a marker of any host', async () => {
  const fault = crashAfter({ marker: 'served', nth: 1 });
  assert.deepEqual(await struckAt(fault), { atMs: 1, ledger: [fault] });
  assert.equal((await struckAt(crashAfter({ marker: 'served', nth: 2 }))).atMs, 13);
});

test('a fault waits for a marker of one host', async () => {
  const ofTwo = crashAfter({ marker: 'served', host: 'two', nth: 1 });
  assert.deepEqual(await struckAt(ofTwo), { atMs: 13, ledger: [ofTwo] });
  assert.equal((await struckAt(crashAfter({ marker: 'served', host: 'two', nth: 2 }))).atMs, 37);
});

test('a fault waits for an operation that was acknowledged', async () => {
  const third = crashAfter({ acknowledged: 'greet', nth: 3 });
  assert.deepEqual(await struckAt(third), { atMs: 26, ledger: [third] });
});

test('the time of a fault counts from its trigger', async () => {
  assert.equal((await struckAt(crashAfter({ acknowledged: 'greet', nth: 1 }, 2.5))).atMs, 4.5);
});

test('a fault strikes before the step that it waits for', async () => {
  const plan = { ...calmPlan, faults: [crashAfter({ step: 6 })] };
  const { trace = [] } = await simulate(greeted, { plan, record: true });
  const at = trace.findIndex((entry) => entry.kind === 'host' && entry.change === 'crashed');
  assert.notEqual(at, -1);
  const atMs = await Promise.all(
    [2, 6, 12].map(async (step) => (await struckAt(crashAfter({ step }))).atMs ?? 0),
  );
  assert.deepEqual(
    atMs,
    atMs.toSorted((left, right) => left - right),
  );
  assert.ok((atMs[2] ?? 0) > (atMs[1] ?? 0), String(atMs));
});

test('what waits for something that does not happen does not strike, and is not in the ledger', async () => {
  const never: Trigger[] = [
    { marker: 'never reached', nth: 1 },
    { marker: 'served', nth: 7 },
    { acknowledged: 'refuse', nth: 1 },
    { step: 1_000_000 },
  ];
  for (const after of never)
    assert.deepEqual(await struckAt(crashAfter(after)), { atMs: undefined, ledger: [] });
});

/** Keeps what it was told in memory, and says so. That is no promise that survives a crash. */
const forgetful = handler(() => {
  let kept: string | undefined;
  return async (request: Request) => {
    if (request.method === 'POST') {
      kept = await request.text();
      sometimes('kept in memory');
    }
    return new Response(kept ?? 'nothing');
  };
});

const remembering = scenarioOf(
  {
    hosts: { server: forgetful },
    faults: swarm({
      crash: ['server'],
      aim: { markers: ['kept in memory'], operations: ['keep'] },
      horizonMs: 1,
    }),
    sometimes: ['kept in memory'],
    never: {
      'what was kept is forgotten': (world) => world.history.some(({ value }) => value === 'nothing'),
    },
  },
  async (world) => {
    await world.client('guest', async (client) => {
      await sleep(500);
      await client.operation('keep', 'x', async () => {
        const response = await fetch('http://server/', { method: 'POST', body: 'x' });
        return response.text();
      });
      await sleep(1_000);
      await client.operation('ask', null, async () => (await fetch('http://server/')).text());
    });
  },
);

test('an aimed swarm finds what a crash at a time of its horizon cannot, and it replays', async () => {
  const failure = await explore(remembering, { runs: 100, seed: 1 }).then(
    () => undefined,
    (error: unknown) => error,
  );
  assert.ok(failure instanceof CheckFailure, String(failure));
  const { faults } = failure.result.plan;
  assert.deepEqual(
    faults.map(({ kind }) => kind),
    ['crash'],
  );
  await assert.rejects(replay(remembering, failure.token), (error: unknown) => {
    assert.ok(error instanceof CheckFailure);
    assert.equal(error.result.hash, failure.result.hash);
    return true;
  });
});

test('a plan with triggers makes the same run when its ledger is replayed', async () => {
  const faults: Fault[] = [
    crashAfter({ marker: 'served', nth: 2 }, 0.5),
    { kind: 'pause', host: 'two', atMs: 0, forMs: 40, after: { acknowledged: 'greet', nth: 2 } },
    crashAfter({ marker: 'never reached', nth: 1 }),
  ];
  const first = await simulate(greeted, { plan: { ...calmPlan, faults } });
  const again = await simulate(greeted, { plan: { ...calmPlan, faults: first.ledger } });
  assert.equal(first.ledger.length, 2);
  assert.deepEqual(again.ledger, first.ledger);
  assert.equal(again.hash, first.hash);
});
