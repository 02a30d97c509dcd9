// Disk faults in whole runs: what a plan says, what strikes, what is written down, and that it can be
// replayed.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import fsp from 'node:fs/promises';
import { test } from 'node:test';
import { calmPlan, defineScenario, handler, simulate, swarm } from '../../src/index.ts';
import { describeFault } from '../../src/faults/describe.ts';
import { DISK_KIND_NAMES } from '../../src/faults/disk-fault.ts';
import type { Fault, FaultPlan } from '../../src/faults/fault.ts';
import { powerLossKind, type PowerLossFault } from '../../src/faults/kinds/power-loss.ts';
import { checkPlan } from '../../src/faults/plan.ts';
import { drawPlan } from '../../src/faults/swarm.ts';
import { KeyedRandom } from '../../src/random/keyed.ts';

const FILE = '/home/node/data';
const ALL = Object.fromEntries(DISK_KIND_NAMES.map((kind) => [kind, ['store']]));

/** Writes to a file and to the store with and without syncs, whatever fails. */
async function write(
  disk: { put(key: string, value: unknown): void; sync(): void },
  i: number,
): Promise<string> {
  const told: string[] = [];
  const attempt = async (run: () => unknown): Promise<void> => {
    try {
      told.push(String(await run()));
    } catch (error) {
      told.push(String((error as NodeJS.ErrnoException).code));
    }
  };
  await attempt(() => fsp.appendFile(FILE, `line ${i}\n`.repeat(100)));
  await attempt(async () => {
    const file = await fsp.open(FILE, 'r+');
    await file.sync();
    await file.close();
  });
  await attempt(() => fs.writeFileSync(`${FILE}-${i}`, 'x'));
  await attempt(() => fs.readFileSync(FILE).length);
  await attempt(() => disk.put(`key-${i % 3}`, i));
  await attempt(() => disk.sync());
  return told.join();
}

const storing = defineScenario({
  name: 'storing',
  hosts: {
    store: handler((host) => async () => new Response(await write(host.disk, ++written))),
    spare: handler(() => () => new Response('')),
  },
  faults: swarm({ ...ALL, powerLoss: ['store'], diskFull: ['store'], horizonMs: 30 }),
  async drive(world) {
    written = 0;
    await world.client('user', async (client) => {
      for (let i = 0; i < 4; i++) {
        await client.operation('write', i, async () => (await fetch('http://store/')).text());
      }
    });
  },
});
let written = 0;

test('what struck, given as a plan, makes the same run again', async () => {
  const kinds = new Set<string>();
  let equal = 0;
  for (let seed = 1; seed <= 60; seed++) {
    const { ledger, hash, history, plan: drawn } = await simulate(storing, { seed });
    const plan: FaultPlan = checkPlan({ faults: ledger, latency: 'calm', order: 'drawn' }, [
      'store',
      'spare',
    ]);
    const again = await simulate(storing, { seed, plan });
    // A planned fault that met nothing was a step of the run all the same.
    if (drawn.faults.length === ledger.filter((fault) => 'atMs' in fault).length) {
      assert.equal(again.hash, hash, `seed ${seed}: ${ledger.map(describeFault).join('; ')}`);
      equal++;
    }
    assert.deepEqual(again.ledger, ledger);
    assert.deepEqual(again.history, history);
    for (const { kind } of ledger) kinds.add(kind);
  }
  assert.ok(equal > 10, `${equal} runs compared as a whole`);
  for (const kind of [...DISK_KIND_NAMES, 'powerLoss', 'diskFull']) assert.ok(kinds.has(kind), kind);
});

test('in a calm order a power loss takes all that was not synced, a crash nothing', async () => {
  const run = async (fault: Fault, seed = 1) => {
    const plan = { ...calmPlan, faults: [fault] };
    const { ledger, history } = await simulate(unsynced, { seed, plan });
    return { ledger, values: history.map(({ value }) => value) };
  };
  const at = { host: 'store', atMs: 10, downMs: 5 };
  const crashed = await run({ kind: 'crash', ...at });
  assert.deepEqual(crashed.values, ['1', '2']);
  const lost = await run({ kind: 'powerLoss', ...at });
  assert.deepEqual(lost.values, ['1', '1']);
  for (let seed = 2; seed < 12; seed++) {
    assert.deepEqual((await run({ kind: 'powerLoss', ...at }, seed)).values, ['1', '1'], `seed ${seed}`);
  }
  const [fault] = lost.ledger as PowerLossFault[];
  assert.ok(fault !== undefined);
  assert.deepEqual(fault.loses, [{ operation: 'create', path: FILE, nth: 1 }]);
  const kept = await run({ ...fault, loses: [] });
  assert.deepEqual(kept.values, ['1', '2']);
});

const unsynced = defineScenario({
  name: 'unsynced',
  hosts: {
    store: handler(() => () => {
      fs.appendFileSync(FILE, '.');
      return new Response(String(fs.statSync(FILE).size));
    }),
  },
  async drive(world) {
    await world.client('user', async (client) => {
      const ask = async (): Promise<string> => (await fetch('http://store/')).text();
      await client.operation('append', 1, ask);
      await new Promise((resolve) => setTimeout(resolve, 50));
      await client.operation('append', 2, ask);
    });
  },
});

test('a sync that does not hold the thread takes longer by the time of its fault', async () => {
  const scenario = defineScenario({
    name: 'syncing',
    hosts: {
      store: handler(() => async () => {
        const file = await fsp.open(FILE, 'w');
        await file.sync();
        await file.close();
        return new Response('synced');
      }),
    },
    async drive(world) {
      await world.client('user', () => fetch('http://store/'));
    },
  });
  const fault: Fault = { kind: 'slowSync', host: 'store', operation: 'sync', path: FILE, nth: 1, byMs: 70 };
  const calm = await simulate(scenario, { seed: 1, plan: calmPlan });
  const slow = await simulate(scenario, { seed: 1, plan: { ...calmPlan, faults: [fault] } });
  assert.ok(Math.abs(slow.virtualMs - calm.virtualMs - 70) < 1, `${calm.virtualMs} → ${slow.virtualMs}`);
  assert.deepEqual(slow.ledger, [fault]);
});

test('faults are told in plain words', () => {
  const ref = { host: 'store', operation: 'write', path: '/log', nth: 2 } as const;
  const told = (fault: Fault, text: string): void => assert.equal(describeFault(fault), text);
  told({ kind: 'shortWrite', ...ref, bytes: 7 }, 'short write (store, write to /log #2: took 7 bytes)');
  told({ kind: 'lostWrite', ...ref }, 'lost write (store, write to /log #2)');
  told(
    { kind: 'ioError', ...ref, operation: 'sync', drops: true },
    'disk error EIO (store, sync of /log #2, the unsynced data dropped)',
  );
  told({ kind: 'diskFull', host: 'store', atMs: 5, forMs: 20 }, 'disk of store full at 5 ms, for 20 ms');
  const loses = [
    { operation: 'write', path: '/log', nth: 3, fromByte: 0, toByte: 120 },
    { operation: 'rename', path: '/a', to: '/b', nth: 1 },
    { operation: 'create', path: '/a', nth: 1 },
  ] as const;
  told(
    { kind: 'powerLoss', host: 'store', atMs: 5, downMs: 20, loses },
    'power loss of store at 5 ms, back 20 ms later; lost unsynced write to /log (bytes 0–120); ' +
      'lost unsynced rename of /a to /b; lost /a, whose entry in its folder was not synced',
  );
});

test('what is no disk fault is refused', () => {
  const good = { kind: 'shortWrite', host: 'store', operation: 'write', path: '/a', nth: 1, bytes: 1 };
  const wrong: [object, RegExp][] = [
    [{ host: 'stor' }, /unknown host "stor": did you mean "store"/],
    [{ operation: 'read' }, /faults\[0\]\.operation.*write/],
    [{ path: 1 }, /path/],
    [{ nth: 0 }, /nth.*integer >= 1/],
    [{ bytes: 0 }, /bytes.*integer >= 1/],
    [{ kind: 'flippedBit', operation: 'read', bit: -1 }, /bit/],
    [{ kind: 'slowSync', operation: 'sync' }, /byMs/],
    [{ kind: 'powerLoss', atMs: 1, downMs: 1, loses: [{ path: 1 }] }, /loses\[0\]/],
    [{ kind: 'diskFull', atMs: 1 }, /forMs/],
  ];
  const planOf = (fault: object): unknown => ({ faults: [fault], latency: 'calm', order: 'calm' });
  checkPlan(planOf(good), ['store']);
  for (const [change, message] of wrong) {
    assert.throws(() => checkPlan(planOf({ ...good, ...change }), ['store']), { message });
  }
  const chances = (chance: object): unknown => ({ ...calmPlan, diskChances: [chance] });
  const sound = { kind: 'ioError', rate: 0.5, hosts: ['store'] };
  checkPlan(chances(sound), ['store']);
  for (const change of [{ kind: 'drop' }, { rate: 2 }, { hosts: ['x'] }, { msMax: -1 }]) {
    assert.throws(() => checkPlan(chances({ ...sound, ...change }), ['store']), { code: 'WT_OPTION' });
  }
});

test('a swarm keeps to the hosts of its budget, and to the disks that may be faulty', () => {
  const hosts = ['a', 'b', 'c'];
  const budget = swarm({
    ...Object.fromEntries(DISK_KIND_NAMES.map((kind) => [kind, ['a', 'b']])),
    diskFull: hosts,
    survivable: { disksFaulty: 1, hostsDown: 3 },
  });
  const kinds = new Map<string, number>();
  for (let seed = 0; seed < 300; seed++) {
    const random = new KeyedRandom(seed);
    let nth = 0;
    const { faults, diskChances = [] } = drawPlan(budget, hosts, (bound) => random.below(bound, 1, nth++));
    const faulty = new Set([
      ...faults.map((fault) => ('host' in fault ? fault.host : '')),
      ...diskChances.filter(({ kind }) => kind !== 'slowSync').flatMap((chance) => chance.hosts),
    ]);
    assert.ok(faulty.size <= 1, [...faulty].join());
    for (const chance of diskChances) {
      kinds.set(chance.kind, (kinds.get(chance.kind) ?? 0) + 1);
      assert.ok(!chance.hosts.includes('c') && chance.hosts.length > 0);
    }
  }
  assert.deepEqual([...kinds.keys()].toSorted(), DISK_KIND_NAMES.toSorted());
});

test('fewer losses are plainer, and a change that others need is not kept without them', () => {
  const create = { operation: 'create', path: '/a', nth: 1 } as const;
  const rename = { operation: 'rename', path: '/a', to: '/b', nth: 1 } as const;
  const other = { operation: 'write', path: '/c', nth: 1, fromByte: 0, toByte: 9 } as const;
  const fault: PowerLossFault = {
    kind: 'powerLoss',
    host: 'store',
    atMs: 1,
    downMs: 1,
    loses: [create, rename, other],
  };
  const plainer = [...(powerLossKind.plainer?.(fault) ?? [])].map(({ loses }) => loses);
  const two = [create, rename];
  assert.deepEqual(plainer, [[], [other], two, [rename, other], two]);
});
