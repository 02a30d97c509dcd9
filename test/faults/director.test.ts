import assert from 'node:assert/strict';
import { test } from 'node:test';
import { calmPlan, type Fault } from '../../src/faults/fault.ts';
import { handler } from '../../src/host/definition.ts';
import type { TraceEntry } from '../../src/history/trace.ts';
import type { RunResult } from '../../src/scenario/result.ts';
import { asGuest, driven, outcomeOf, sleep } from '../scenario/driven.ts';

function changesOf({ trace = [] }: RunResult): [atMs: number, change: string][] {
  return trace
    .filter(
      (entry): entry is TraceEntry & { kind: 'host' } => entry.kind === 'host' && entry.host === 'server',
    )
    .map(({ atUs, change }) => [atUs / 1000, change]);
}

/** What happens to the host `server` under a plan, while the driver waits. */
async function under(faults: readonly Fault[], forMs = 1_000, hosts?: Parameters<typeof driven>[0]['hosts']) {
  const options = hosts === undefined ? {} : { hosts };
  const plan = { ...calmPlan, faults };
  const { result } = await driven(options, () => sleep(forMs), { plan, record: true });
  return { changes: changesOf(result).slice(1), ledger: result.ledger };
}

test('a planned crash takes the host down and boots it again', async () => {
  const crash: Fault = { kind: 'crash', host: 'server', atMs: 10, downMs: 20.5 };
  assert.deepEqual(await under([crash]), {
    changes: [
      [10, 'crashed'],
      [30.5, 'booted'],
    ],
    ledger: [crash],
  });
});

test('a planned stop ends the host gracefully, and boots it again that long after its end', async () => {
  const server = handler((host) => {
    host.onStop(() => sleep(100));
    return () => new Response('hello');
  });
  const stop: Fault = { kind: 'stop', host: 'server', atMs: 10, downMs: 20 };
  assert.deepEqual(await under([stop], 1_000, { server }), {
    changes: [
      [10, 'stopping'],
      [110, 'stopped'],
      [130, 'booted'],
    ],
    ledger: [stop],
  });
});

test('a planned pause is in the ledger if something came due meanwhile', async () => {
  const pause: Fault = { kind: 'pause', host: 'server', atMs: 10, forMs: 20 };
  const pausing = [
    [10, 'paused'],
    [30, 'resumed'],
  ];
  assert.deepEqual(await under([pause]), { changes: pausing, ledger: [] });
  const busy = handler(() => {
    setTimeout(() => {}, 15);
    return () => new Response('hello');
  });
  assert.deepEqual(await under([pause], 1_000, { server: busy }), { changes: pausing, ledger: [pause] });
});

test('faults of a host that is down, stopping or paused already do not strike', async () => {
  const crash: Fault = { kind: 'crash', host: 'server', atMs: 10, downMs: 100 };
  const during: Fault[] = [
    { kind: 'crash', host: 'server', atMs: 20, downMs: 1 },
    { kind: 'stop', host: 'server', atMs: 30, downMs: 1 },
  ];
  const { changes, ledger } = await under([crash, ...during]);
  assert.deepEqual(changes, [
    [10, 'crashed'],
    [110, 'booted'],
  ]);
  assert.deepEqual(ledger, [crash]);
  const pauses: Fault[] = [10, 20].map((atMs) => ({ kind: 'pause', host: 'server', atMs, forMs: 20 }));
  assert.deepEqual((await under(pauses)).changes, [
    [10, 'paused'],
    [30, 'resumed'],
  ]);
});

test('a planned partition cuts its hosts off for its time, and TCP sends again afterwards', async () => {
  const partition: Fault = {
    kind: 'partition',
    from: ['one'],
    to: ['two'],
    oneWay: true,
    atMs: 10,
    forMs: 100,
  };
  const relay = (next: string | undefined) =>
    handler(() => async () => new Response(next === undefined ? 'end' : await (await fetch(next)).text()));
  const { value, result } = await asGuest(
    { hosts: { one: relay('http://two/'), two: relay(undefined) } },
    async (world) => {
      await sleep(20);
      const text = await (await fetch('http://one/')).text();
      return [text, world.nowMs];
    },
    { plan: { ...calmPlan, faults: [partition] } },
  );
  // Sent at 21 ms, again after 200 ms, then two messages of 1 ms.
  assert.deepEqual(value, ['end', 224]);
  assert.deepEqual(result.ledger, [partition]);
});

test('when the storm is over, nothing planned happens any more, and everything is whole again', async () => {
  const faults: Fault[] = [
    { kind: 'pause', host: 'server', atMs: 10, forMs: 60_000 },
    { kind: 'crash', host: 'server', atMs: 200, downMs: 60_000 },
  ];
  const late: Fault = { kind: 'crash', host: 'server', atMs: 1_500, downMs: 1 };
  const { changes } = await under([...faults, late], 1_000);
  assert.deepEqual(changes, [
    [10, 'paused'],
    [200, 'crashed'],
    [1_000, 'resumed'],
    [1_000, 'booted'],
  ]);
});

test('a driver that is not done when the storm is over goes on in the calm', async () => {
  const crash: Fault = { kind: 'crash', host: 'server', atMs: 10, downMs: 60_000 };
  const { value } = await asGuest(
    { stormMs: 500 },
    async (world) => {
      const outcomes: unknown[] = [];
      for (const atMs of [100, 600]) {
        await sleep(atMs - world.nowMs);
        outcomes.push(await outcomeOf(fetch('http://server/').then((response) => response.text())));
      }
      return outcomes;
    },
    { plan: { ...calmPlan, faults: [crash] } },
  );
  assert.deepEqual(value, ['TypeError: fetch failed (ECONNREFUSED)', 'ok hello']);
});
