// What a recorded run knows of the state of hosts: what they expose, store, write and lose, step by step.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { calmPlan, type Fault } from '../../../src/faults/fault.ts';
import { applyPatches } from '../../../src/history/apply-patches.ts';
import { VIEW_VALUES_MAX } from '../../../src/history/plain-view.ts';
import type { StateEntry } from '../../../src/history/trace.ts';
import { daemon, handler, type HostDefinition } from '../../../src/host/definition.ts';
import { program } from '../../../src/host/program.ts';
import type { RunResult } from '../../../src/scenario/result.ts';
import type { World } from '../../../src/scenario/world.ts';
import { programFiles } from '../../host/program-files.ts';
import { driven, sleep } from '../driven.ts';

/** A recorded run, whose hash is that of the same run unrecorded. */
async function recorded(
  server: HostDefinition,
  body: (world: World) => unknown,
  faults: readonly Fault[] = [],
): Promise<RunResult> {
  const plan = { ...calmPlan, faults };
  const { result } = await driven({ hosts: { server } }, body, { record: true, plan });
  const { result: plain } = await driven({ hosts: { server } }, body, { plan });
  assert.equal(result.hash, plain.hash);
  return result;
}

const statesOf = ({ trace = [] }: RunResult, store: string): StateEntry[] =>
  trace.filter((entry) => entry.kind === 'state' && entry.store === store) as StateEntry[];

/** Every state that a store of the server had, with the time in milliseconds. */
function past(result: RunResult, store: string): [atMs: number, state: unknown][] {
  let state: unknown;
  return statesOf(result, store).map(({ atUs, patches }) => {
    state = applyPatches(state, patches);
    return [atUs / 1000, state];
  });
}

const ask = (world: World, path: string): Promise<Response> =>
  world.client('guest', () => fetch(`http://server${path}`));

test('what a host exposes is in the trace whenever it changes, with what the host was doing', async () => {
  const server = handler((host) => {
    const seen = { paths: [] as string[], last: new Map<string, number>() };
    host.expose({ seen, help: () => 'not called' });
    return async (request) => {
      const { pathname } = new URL(request.url);
      seen.paths.push(pathname);
      await sleep(3);
      seen.last.set(pathname, seen.paths.length);
      return new Response('ok');
    };
  });
  const result = await recorded(server, (world) => ask(world, '/a'));
  assert.deepEqual(past(result, 'exports'), [
    [0, { seen: { paths: [], last: {} } }],
    [1, { seen: { paths: ['/a'], last: {} } }],
    [4, { seen: { paths: ['/a'], last: { '/a': 1 } } }],
  ]);
  const [boot, request, timer] = statesOf(result, 'exports');
  assert.deepEqual(request?.patches, [{ op: 'add', path: ['seen', 'paths', 0], value: '/a' }]);
  assert.deepEqual([boot?.cause.kind, request.cause.kind, timer?.cause.kind], ['boot', 'message', 'timer']);
});

test('what a client, or the scenario, does to what a host exposes is in the trace, too', async () => {
  const server = daemon((host) => {
    const counts = { count: 0 };
    host.expose({ counts, add: () => counts.count++ });
  });
  const add = (world: World): unknown => (world.host('server').exports as { add: () => unknown }).add();
  const result = await recorded(server, async (world) => {
    await world.client('guest', async () => {
      await sleep(1);
      add(world);
    });
    await sleep(2);
    add(world);
  });
  assert.deepEqual(
    past(result, 'exports').map(([atMs, state]) => [atMs, (state as { counts: unknown }).counts]),
    [
      [0, { count: 0 }],
      [1, { count: 1 }],
      [3, { count: 2 }],
    ],
  );
});

test('the variables of a program that its entry file exports are in the trace', async () => {
  const text =
    'export let count = 0; export const rows = new Map(); setInterval(() => { rows.set(++count, "x"); }, 1);';
  const server = program(programFiles({ 'main.ts': text }).path('main.ts'));
  const result = await recorded(server, () => sleep(2));
  assert.deepEqual(past(result, 'exports').slice(0, 3), [
    [0, { count: 0, rows: {} }],
    [1, { count: 1, rows: { 1: 'x' } }],
    [2, { count: 2, rows: { 1: 'x', 2: 'x' } }],
  ]);
});

test('looking at what a host exposes takes no fault of a read away from the host', async () => {
  const server = handler((host) => {
    host.disk.put('row', 1);
    class Rows {
      entries(): [string, unknown][] {
        return host.disk.keys().map((key) => [key, host.disk.get(key)]);
      }
    }
    host.expose({ rows: new Rows() });
    return () => new Response(String(host.disk.get('row')));
  });
  const flipped: Fault = {
    kind: 'flippedBit',
    host: 'server',
    operation: 'read',
    path: 'disk:row',
    nth: 2,
    bit: 0,
  };
  const answers: string[] = [];
  const result = await recorded(
    server,
    async (world) => {
      for (let i = 0; i < 3; i++) answers.push(await (await ask(world, '/')).text());
    },
    [flipped],
  );
  assert.deepEqual(answers.slice(0, 3), answers.slice(3), 'recorded and not');
  assert.equal(new Set(answers).size, 2, 'the second read was wrong');
  assert.deepEqual(past(result, 'exports'), [[0, { rows: { row: 1 } }]]);
});

test('stores and the disk are in the trace as they change, and what a crash takes back', async () => {
  const server = handler((host) => {
    const store = host.store({ orders: new Map<string, number>() }, { name: 'shop' });
    host.disk.put('kept', 1);
    host.disk.sync();
    return () => {
      store.update((draft) => void draft.orders.set('o-1', 2));
      host.disk.put('kept', 2);
      host.disk.put('lost', 3);
      return new Response('ok');
    };
  });
  const crash: Fault = { kind: 'crash', host: 'server', atMs: 10, downMs: 5 };
  const result = await recorded(
    server,
    async (world) => {
      await ask(world, '/');
      await sleep(20);
    },
    [crash],
  );
  assert.deepEqual(past(result, 'shop'), [
    [0, { orders: {} }],
    [1, { orders: { 'o-1': 2 } }],
    [10, undefined],
    [15, { orders: {} }],
  ]);
  assert.deepEqual(past(result, 'disk'), [
    [0, { kept: 1 }],
    [1, { kept: 2 }],
    [1, { kept: 2, lost: 3 }],
    [10, { kept: 1, lost: 3 }],
    [10, { kept: 1 }],
    [15, { kept: 1 }],
  ]);
  const [, write] = statesOf(result, 'disk');
  assert.equal(write?.cause.kind === 'message' && write.cause.label, 'GET /');
});

test('what is too large is cut, and a note says so once', async () => {
  const server = handler((host) => {
    const rows: number[] = Array.from({ length: VIEW_VALUES_MAX + 1 }, (_, i) => i);
    host.expose({ rows });
    return () => {
      rows.push(0);
      return new Response('ok');
    };
  });
  const result = await recorded(server, async (world) => {
    await ask(world, '/');
    await ask(world, '/');
  });
  const notes = result.trace?.filter((entry) => entry.kind === 'note' && entry.host === 'server') ?? [];
  assert.deepEqual(
    notes.map((entry) => entry.kind === 'note' && entry.text.split(':')[0]),
    ['exposes more than a trace keeps'],
  );
  assert.equal(statesOf(result, 'exports').length, 1);
});
