// What checks see of stores and disks: now, at earlier steps, and where each record came from.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { calmPlan, daemon, defineScenario, handler, simulate } from '../../src/index.ts';
import type { Origin, RunResult, Scenario, World } from '../../src/index.ts';
import { describeOrigin } from '../../src/history/provenance.ts';

interface Shop {
  prices: Record<string, number>;
  sold: { sku: string }[];
  tags: Map<string, string>;
}
const post = (path: string) => fetch(`http://shop/${path}`, { method: 'POST' });

/** A shop whose requests say what to do: `price/tea/3`, `sell/tea`, `forget`, `disk/key`. */
function shop(look: (world: World) => unknown, journal?: boolean): Scenario {
  return defineScenario({
    name: 'shop',
    hosts: {
      shop: handler((host) => {
        const store = host.store<Shop>({ prices: {}, sold: [], tags: new Map() }, { durable: true });
        return (request) => {
          const [what, sku = '', cents] = new URL(request.url).pathname.slice(1).split('/');
          if (what === 'disk') host.disk.put(sku, { from: request.method });
          else if (what === 'sync') host.disk.sync();
          else {
            store.update(({ prices, sold, tags }) => {
              if (what === 'price') prices[sku] = Number(cents);
              if (what === 'tag') tags.set(sku, 'new');
              if (what === 'sell') sold.push({ sku });
              if (what === 'forget') sold.shift();
            });
          }
          return new Response('done');
        };
      }),
    },
    drive: async (world) => {
      await world.client('ann', async () => void (await look(world)));
    },
    ...(journal === undefined ? {} : { journal }),
  });
}

const recorded = (scenario: Scenario): Promise<RunResult> =>
  simulate(scenario, { plan: calmPlan, record: true });
const said = (origin: Origin | undefined): string =>
  origin === undefined
    ? 'unknown'
    : describeOrigin(origin)
        .replace(/^.*?\), /, '')
        .replace(/ from .*/, '');

test('each record of a table knows the request that gave it its value, not the last one', async () => {
  const seen: Record<string, string> = {};
  const look = async (world: World): Promise<void> => {
    for (const path of [
      'price/tea/3',
      'price/pot/20',
      'sell/tea',
      'tag/tea',
      'price/tea/3',
      'price/pot/30',
      'price/pot/20',
    ])
      await post(path);
    const store = world.host('shop').store<Shop>();
    for (const { key, origin } of store.records(({ prices }) => prices)?.records ?? [])
      seen[key] = said(origin);
    for (const { key, origin } of store.records(({ tags }) => tags)?.records ?? [])
      seen[`tag ${key}`] = said(origin);
  };
  const { violations } = await recorded(shop(look));
  assert.deepEqual(violations, []);
  assert.deepEqual(seen, {
    tea: 'handling POST /price/tea/3 #1',
    pot: 'handling POST /price/pot/20 #2',
    'tag tea': 'handling POST /tag/tea #1',
  });
});

test('a row of a list keeps its origin when the places move, and equal rows have their own', async () => {
  let seen: string[] = [];
  const look = async (world: World): Promise<void> => {
    for (const path of ['sell/pot', 'sell/tea', 'sell/tea', 'forget']) await post(path);
    const sold = world
      .host('shop')
      .store<Shop>()
      .records((state) => state.sold);
    seen = (sold?.records ?? []).map(({ key, value, origin }) => `${key} ${value.sku}: ${said(origin)}`);
  };
  await recorded(shop(look));
  assert.deepEqual(seen, ['0 tea: handling POST /sell/tea #1', '1 tea: handling POST /sell/tea #2']);
});

test('a record that was loaded from the disk came from whoever wrote it, in an earlier life', async () => {
  let seen: Origin | undefined;
  const look = async (world: World): Promise<void> => {
    await post('price/tea/3');
    await world.host('shop').restart();
    seen = world
      .host('shop')
      .store<Shop>()
      .records(({ prices }) => prices)?.records[0]?.origin;
  };
  await recorded(shop(look));
  assert.equal(said(seen), 'handling POST /price/tea/3 #1');
  assert.equal(seen?.incarnation, 1);
});

test('what a crash takes from a disk takes its origin along', async () => {
  const seen: unknown[] = [];
  const look = async (world: World): Promise<void> => {
    const { disk } = world.host('shop');
    const note = () =>
      seen.push(
        disk
          .records('')
          .records.map(({ key, origin }) => `${key}: ${said(origin)}`)
          .filter((each) => !each.startsWith('store')),
      );
    await post('disk/a');
    await post('sync');
    await fetch('http://shop/disk/a', { method: 'PUT' });
    await post('disk/b');
    note();
    world.host('shop').crash();
    note();
    assert.deepEqual(disk.get('a'), { from: 'POST' });
    assert.throws(() => ((disk.get('a') as { from: string }).from = 'the check'), TypeError);
  };
  assert.deepEqual((await recorded(shop(look))).violations, []);
  assert.deepEqual(seen, [
    ['a: handling PUT /disk/a #1', 'b: handling POST /disk/b #1'],
    ['a: handling POST /disk/a #1'],
  ]);
});

test('in exploration nothing but the current state is known', async () => {
  const seen: unknown[] = [];
  const look = async (world: World): Promise<void> => {
    await post('price/tea/3');
    await post('disk/a');
    const { disk } = world.host('shop');
    const store = world.host('shop').store<Shop>();
    seen.push(
      ...(store.records(({ prices }) => prices)?.records ?? []).map(({ value, origin }) => [value, origin]),
    );
    seen.push(...disk.records('a').records.map(({ origin }) => origin));
  };
  const result = await simulate(shop(look), { plan: calmPlan });
  assert.deepEqual([result.violations, result.journal], [[], undefined]);
  assert.deepEqual(seen, [[3, undefined], undefined]);
});

test('with journal: true a check may ask for the state at any step, and for what changed', async () => {
  const seen: unknown[] = [];
  const look = async (world: World): Promise<void> => {
    for (const path of ['price/tea/3', 'price/tea/4', 'disk/a']) await post(path);
    const { disk } = world.host('shop');
    const store = world.host('shop').store<Shop>();
    const { journal, state } = store;
    const [opened, first, second] = journal.map(({ step }) => step) as [number, number, number];
    seen.push(
      [first - 1, first, second - 1, second].map((step) => store.at(step)?.prices['tea']),
      store.at(opened - 1),
    );
    assert.equal(store.at(1_000_000), state);
    const [, , { patches, inverse, atMs, host, incarnation } = journal[0]!] = journal;
    seen.push(
      { patches, inverse, atMs, host, incarnation },
      disk.journal
        .filter(({ patches: [patch] }) => patch?.path[0] === 'a')
        .map((entry) => [entry.patches, entry.inverse]),
    );
  };
  const result = await simulate(shop(look, true), { plan: calmPlan });
  assert.deepEqual(result.violations, []);
  assert.deepEqual(seen, [
    [undefined, 3, 3, 4],
    undefined,
    {
      patches: [{ op: 'replace', path: ['prices', 'tea'], value: 4 }],
      inverse: [{ op: 'replace', path: ['prices', 'tea'], value: 3 }],
      atMs: 3,
      host: 'shop',
      incarnation: 1,
    },
    [[[{ op: 'replace', path: ['a'], value: { from: 'POST' } }], [{ op: 'remove', path: ['a'] }]]],
  ]);
  assert.equal(result.hash, (await simulate(shop(look, true), { plan: calmPlan, record: true })).hash);
});

test('without it, asking is a mistake in every run, so that no verdict depends on recording', async () => {
  for (const record of [false, true]) {
    for (const look of [
      (world: World) => world.host('shop').store().at(1),
      (world: World) => world.host('shop').store().journal,
      (world: World) => world.host('shop').disk.journal,
    ]) {
      const run = simulate(shop(look), { plan: calmPlan, record });
      await assert.rejects(run, /Expected `journal: true` in the scenario/);
    }
  }
  assert.throws(() => shop(() => {}, 'yes' as never), /Expected `journal` to be true or false/);
});

test('between two lives there is no state in memory, at no step', async () => {
  const scenario = defineScenario({
    name: 'memory',
    hosts: {
      notes: daemon((host) => {
        const store = host.store<{ lives: number[] }>({ lives: [] });
        store.update(({ lives }) => void lives.push(host.incarnation));
      }),
    },
    async drive(world) {
      const notes = world.host('notes');
      await new Promise((resolve) => setTimeout(resolve, 10));
      notes.crash();
      await new Promise((resolve) => setTimeout(resolve, 10));
      await notes.restart();
      const store = notes.store<{ lives: number[] }>();
      const ended = store.journal.find(({ patches }) => patches[0]?.value === undefined);
      assert.equal(ended?.atMs, 10);
      assert.deepEqual(
        [ended.step - 1, ended.step, 1_000].map((step) => store.at(step)),
        [{ lives: [1] }, undefined, { lives: [2] }],
      );
    },
    journal: true,
  });
  assert.deepEqual((await simulate(scenario, { plan: calmPlan })).violations, []);
});
