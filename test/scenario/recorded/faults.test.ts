// When the faults of a recorded run begin, end and strike, by the plan and by chance.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { calmPlan, type Fault, type FaultPlan } from '../../../src/faults/fault.ts';
import { handler } from '../../../src/host/definition.ts';
import { buggify } from '../../../src/markers.ts';
import type { RunResult } from '../../../src/scenario/result.ts';
import { driven, sleep } from '../driven.ts';

type Told = [atMs: number, change: string, fault: string, nth: number, hosts: string];

const toldBy = ({ trace = [] }: RunResult): Told[] =>
  trace.flatMap((entry) => {
    if (entry.kind !== 'fault') return [];
    return [[entry.atUs / 1000, entry.change, entry.fault, entry.nth, entry.hosts.join(' ')]];
  });

/** What is told of faults while a guest asks a server that keeps a row, each 10 ms, three times. */
async function told(faults: readonly Fault[], plan: Partial<FaultPlan> = {}): Promise<Told[]> {
  const hosts = {
    server: handler((host) => () => {
      host.disk.put('row', 1);
      return new Response(buggify('odd', 0) ? 'odd' : 'ok');
    }),
  };
  const run = (record: boolean): ReturnType<typeof driven> =>
    driven(
      { hosts },
      (world) =>
        world.client('guest', async () => {
          for (let i = 0; i < 3; i++) {
            await fetch('http://server/', { signal: AbortSignal.timeout(9) }).catch(() => {});
            await sleep(10);
          }
        }),
      { record, mayFail: true, plan: { ...calmPlan, faults, ...plan } },
    );
  const { result } = await run(true);
  assert.equal(result.hash, (await run(false)).result.hash);
  return toldBy(result);
}

const toServer = { from: 'guest', to: 'server', label: 'GET /' } as const;

test('a fault that lasts begins and ends; the storm ends what it would outlast', async () => {
  const cut = { kind: 'partition', from: ['server'], to: ['server'], oneWay: false } as const;
  assert.deepEqual(
    await told([
      { kind: 'pause', host: 'server', atMs: 5, forMs: 2 },
      { ...cut, atMs: 8, forMs: 100_000 },
    ]),
    [
      [5, 'begins', 'pause', 0, 'server'],
      [7, 'ends', 'pause', 0, 'server'],
      [8, 'begins', 'partition', 1, 'server'],
      [36, 'ends', 'partition', 1, 'server'],
    ],
  );
});

test('a fault that is over at once strikes; one that found nothing to do is not told', async () => {
  const crash = { kind: 'crash', host: 'server', downMs: 3 } as const;
  assert.deepEqual(
    await told([
      { ...crash, atMs: 20 },
      { ...crash, atMs: 21 },
    ]),
    [[20, 'strikes', 'crash', 0, 'server']],
  );
});

test('faults of messages, answers, disks and code strike, with their place in the plan', async () => {
  assert.deepEqual(
    await told([
      { kind: 'delay', ...toServer, message: 'request', nth: 1, byMs: 2 },
      { kind: 'drop', ...toServer, message: 'request', nth: 3 },
      { kind: 'slowAnswer', ...toServer, nth: 1, byMs: 1, executed: false },
      { kind: 'lostWrite', host: 'server', operation: 'write', path: 'disk:row', nth: 1 },
      { kind: 'buggify', host: 'server', name: 'odd', nth: 2 },
      { kind: 'drop', ...toServer, message: 'request', nth: 99 },
    ]),
    [
      [0, 'strikes', 'delay', 0, 'guest server'],
      [3, 'strikes', 'slowAnswer', 2, 'server'],
      [4, 'strikes', 'lostWrite', 3, 'server'],
      [16, 'strikes', 'buggify', 4, 'server'],
      [27, 'strikes', 'drop', 1, 'guest server'],
    ],
  );
});

test('what chances drew has no place in the plan', async () => {
  const drawn = await told([], { chances: [{ kind: 'drop', rate: 1, links: ['guest -> server'] }] });
  assert.deepEqual(
    new Set(drawn.map(([, change, fault, nth]) => `${change} ${fault} ${nth}`)),
    new Set(['strikes drop -1']),
  );
  assert.equal(drawn.length, 3);
  const delayed = await told([], { chances: [{ kind: 'delay', rate: 1, links: ['guest -> server'] }] });
  assert.deepEqual(
    delayed.map(([, change, fault, nth, hosts]) => `${change} ${fault} ${nth} ${hosts}`),
    Array.from({ length: 3 }, () => 'strikes delay -1 guest server'),
  );
  const late = await told([], { latency: 'drawn' });
  assert.deepEqual(late, [], 'what a message takes is told by the message');
});

test('a fault is told in the words of a failure; a power loss with what was lost', async () => {
  const { result } = await driven(
    { hosts: { server: handler((host) => (host.disk.put('row', 1), () => new Response('ok'))) } },
    () => sleep(20),
    {
      record: true,
      plan: { ...calmPlan, faults: [{ kind: 'powerLoss', host: 'server', atMs: 5, downMs: 1 }] },
    },
  );
  const texts = result.trace?.flatMap((entry) => (entry.kind === 'fault' ? entry.text : []));
  assert.deepEqual(texts, ['power loss of server at 5 ms, back 1 ms later; lost unsynced write to disk:row']);
  const kinds = (result.trace ?? []).map(({ kind }) => kind);
  const at = kinds.indexOf('fault');
  const doing = kinds.slice(at, at + 3);
  assert.deepEqual(doing, ['fault', 'state', 'host'], 'the fault comes before what it does');
});
