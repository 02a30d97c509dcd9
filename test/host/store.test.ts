// Stores: immutable state of one life of a host, or of its disk; what they refuse; when they are gone.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { calmPlan, daemon, defineScenario, handler, OptionError, simulate } from '../../src/index.ts';
import type { Fault, Host, RunResult, Store, World } from '../../src/index.ts';

interface Notes {
  notes: string[];
  byName: Map<string, { size: number }>;
}
const empty = (): Notes => ({ notes: [], byName: new Map() });

/** Lets code use a host at boot, and then look at the world. */
function booted(
  boot: (host: Host) => void,
  look: (world: World) => unknown = () => {},
  plan: { faults?: readonly Fault[]; record?: boolean } = {},
): Promise<RunResult> {
  const scenario = defineScenario({
    name: 'stores',
    hosts: { notes: daemon((host) => boot(host)) },
    drive: async (world) => void (await look(world)),
  });
  return simulate(scenario, {
    plan: { ...calmPlan, faults: plan.faults ?? [] },
    record: plan.record ?? false,
  });
}

for (const record of [false, true]) {
  const how = record ? 'recorded' : 'in exploration';
  test(`a store changes by drafts, and what it had stays as it was, ${how}`, async () => {
    const states: unknown[] = [];
    const { violations } = await booted(
      (host) => {
        const given = empty();
        const store = host.store(given);
        const before = store.state;
        assert.throws(() => (before.notes as string[]).push('b'), TypeError, 'frozen from the beginning');
        // An arrow function that returns something is as good as one that does not.
        store.update((draft) => draft.notes.push('a'));
        const after = store.update(({ byName }) => byName.set('x', { size: 1 }));
        states.push(before, after);
        assert.equal(store.state, after);
        assert.throws(() => (store.state.notes as string[]).push('b'), TypeError);
        assert.throws(() => (after.byName as Map<string, unknown>).clear());
        assert.throws(() => ((after.byName.get('x') as { size: number }).size = 2), TypeError);
        given.notes.push('of the caller');
        assert.deepEqual(store.state.notes, ['a']);
        const same = store.update(() => {});
        assert.equal(same, after, 'nothing has changed');
      },
      undefined,
      { record },
    );
    assert.deepEqual(violations, []);
    assert.deepEqual(states, [empty(), { notes: ['a'], byName: new Map([['x', { size: 1 }]]) }]);
  });

  test(`an update that throws changes nothing, ${how}`, async () => {
    const { violations } = await booted(
      (host) => {
        const store = host.store(empty());
        const refused = (recipe: (draft: Notes) => unknown, said: RegExp): void => {
          assert.throws(
            () => store.update(recipe),
            (error: Error) => {
              assert.match(error.message, said);
              return true;
            },
          );
          assert.deepEqual(store.state, empty());
        };
        refused(({ notes }) => {
          notes.push('a');
          throw new Error('broken off');
        }, /broken off/);
        const slow = async ({ notes }: Notes): Promise<unknown> => notes.push('a');
        refused(slow, /must be synchronous/);
        const strange = new Date() as unknown as string;
        refused(
          ({ notes }) => void notes.push(strange),
          /Expected `state\.notes\[0\]` to be plain data.*of the class Date/,
        );
        refused(
          ({ byName }) => void byName.set('x', { size: new Proxy(() => 1, {}) as never }),
          /`state\.byName\.get\(x\)\.size`/,
        );
        assert.throws(() => store.update('x' as never), /`recipe` to be a function/);
      },
      undefined,
      { record },
    );
    assert.deepEqual(violations, []);
  });
}

test('a store refuses options and states that it cannot keep', async () => {
  const { violations } = await booted((host) => {
    const open = (initial: unknown, options?: object) => () => host.store(initial as Notes, options);
    assert.throws(open(1), /Expected `initial` to be an object: the state of the store, got `1`/);
    assert.throws(open({ at: new Date(0) }), /`initial\.at` to be plain data/);
    assert.throws(open({}, { durabel: true }), /unknown option "durabel": did you mean "durable"/);
    assert.throws(open({}, { durable: 'yes' }), OptionError);
    assert.throws(open({}, { name: '' }), OptionError);
    open({})();
    assert.throws(open({}), /Duplicate store "state" on host `notes`/);
    open({}, { name: 'other' })();
  });
  assert.deepEqual(violations, []);
});

test('in memory a store dies with its process, and what is left of it writes nothing', async () => {
  const seen: unknown[] = [];
  let stale: Store<Notes> | undefined;
  await booted(
    (host) => {
      const store = host.store(empty());
      stale ??= store;
      store.update(({ notes }) => notes.push(`life ${host.incarnation}`));
    },
    async (world) => {
      const store = world.host('notes').store<Notes>();
      seen.push(store.state?.notes);
      world.host('notes').crash();
      seen.push(store.state);
      stale?.update(({ notes }) => notes.push('of the dead'));
      seen.push(store.state, stale?.state.notes);
      await world.host('notes').restart();
      seen.push(store.state?.notes);
    },
  );
  assert.deepEqual(seen, [['life 1'], undefined, undefined, ['life 1'], ['life 2']]);
});

test('a durable store goes on after a crash with what it had', async () => {
  const seen: unknown[] = [];
  const { violations } = await booted(
    (host) => {
      const store = host.store(empty(), { durable: true, name: 'kept' });
      store.update(({ notes, byName }) => {
        notes.push(`life ${host.incarnation}`);
        byName.set('x', { size: notes.length });
      });
    },
    async (world) => {
      const store = world.host('notes').store<Notes>('kept');
      world.host('notes').crash();
      seen.push(store.state?.notes, world.host('notes').disk.keys());
      await world.host('notes').restart();
      seen.push(store.state?.notes, store.state?.byName.get('x'));
    },
  );
  assert.deepEqual(violations, []);
  assert.deepEqual(seen, [['life 1'], ['store/kept'], ['life 1', 'life 2'], { size: 2 }]);
});

test('an update that the disk refuses has not happened', async () => {
  const seen: unknown[] = [];
  const fault: Fault = {
    kind: 'ioError',
    host: 'notes',
    operation: 'write',
    path: 'disk:store/state',
    nth: 2,
  };
  const { violations, ledger } = await booted(
    (host) => {
      const store = host.store(empty(), { durable: true });
      for (const note of ['a', 'b', 'c']) {
        try {
          store.update(({ notes }) => notes.push(note));
        } catch (error) {
          seen.push((error as Error).message);
        }
      }
    },
    (world) => seen.push(world.host('notes').store<Notes>().state?.notes),
    { faults: [fault] },
  );
  assert.deepEqual(violations, []);
  assert.equal(ledger.length, 1);
  assert.deepEqual(seen, [
    'EIO: host.disk could not write "disk:store/state"'.replace('disk:', ''),
    ['a', 'c'],
  ]);
});

test('hosts that answer requests have stores, too, and a name that nobody has is told', async () => {
  const scenario = defineScenario({
    name: 'names',
    hosts: {
      shop: handler((host) => {
        const orders = host.store<{ orders: string[] }>({ orders: [] }, { name: 'orders' });
        return () => {
          orders.update((draft) => void draft.orders.push('o'));
          return new Response('done');
        };
      }),
      bare: handler(() => () => new Response()),
    },
    async drive(world) {
      await world.client('ann', () => fetch('http://shop/'));
      assert.deepEqual(world.host('shop').store('orders').state, { orders: ['o'] });
      assert.equal(world.host('bare').store().state, undefined);
      assert.throws(
        () => world.host('shop').store('order').state,
        /has no store "order": did you mean "orders"/,
      );
    },
  });
  assert.deepEqual((await simulate(scenario)).violations, []);
});
