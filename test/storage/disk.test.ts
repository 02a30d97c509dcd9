import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { HostDisk } from '../../src/storage/disk.ts';

type Command =
  | { kind: 'put'; key: string; value: unknown }
  | { kind: 'delete'; key: string }
  | { kind: 'sync' | 'crash' | 'flush' };

const key = fc.constantFrom('a', 'b', 'c', '__proto__');
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('put' as const), key, value: fc.jsonValue() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('delete' as const), key }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constantFrom('sync' as const, 'crash' as const, 'flush' as const) }),
  },
);

test('a crash loses exactly what was written since the last sync, and a flush keeps it', () => {
  fc.assert(
    fc.property(fc.array(command), (commands) => {
      const machine = new HostDisk();
      const disk = machine.open(() => true);
      let cached = new Map<string, unknown>();
      let durable = new Map<string, unknown>();
      for (const each of commands) {
        if (each.kind === 'put') {
          disk.put(each.key, each.value);
          cached.set(each.key, each.value);
        } else if (each.kind === 'delete') {
          disk.delete(each.key);
          cached.delete(each.key);
        } else if (each.kind === 'crash') {
          machine.crash();
          cached = new Map(durable);
        } else {
          if (each.kind === 'sync') disk.sync();
          else machine.flush();
          durable = new Map(cached);
        }
        assert.deepEqual(disk.keys(), [...cached.keys()].toSorted());
        for (const [name, value] of cached) assert.deepEqual(disk.get(name), value);
        assert.equal(disk.get('missing'), undefined);
      }
    }),
  );
});

test('values are copied on the way in and on the way out', () => {
  const disk = new HostDisk().open(() => true);
  const row = { items: [1] };
  disk.put('row', row);
  row.items.push(2);
  assert.deepEqual(disk.get('row'), { items: [1] });
  (disk.get('row') as typeof row).items.push(3);
  assert.deepEqual(disk.get('row'), { items: [1] });
});

test('values keep their types, and what no disk can hold is refused', () => {
  const disk = new HostDisk().open(() => true);
  const value = { at: new Date(5), ids: new Set([1]), big: 5n, bytes: new Uint8Array([1, 2]) };
  disk.put('value', value);
  assert.deepEqual(disk.get('value'), value);
  assert.throws(() => disk.put('value', () => {}), { name: 'DataCloneError' });
});

test('an incarnation that has ended writes, deletes and syncs nothing', () => {
  const machine = new HostDisk();
  let isAlive = true;
  const old = machine.open(() => isAlive);
  old.put('a', 1);
  old.sync();
  old.put('a', 2);
  isAlive = false;
  machine.crash();
  old.put('a', 3);
  old.put('b', 3);
  old.delete('a');
  old.sync();
  const next = machine.open(() => true);
  assert.deepEqual([next.keys(), next.get('a')], [['a'], 1]);
});
