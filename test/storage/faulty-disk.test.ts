// What befalls `host.disk`, the key-value store.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { KeyedRandom } from '../../src/random/keyed.ts';
import { drawLosses, loseAll } from '../../src/storage/cache-loss.ts';
import { HostDisk, type Disk } from '../../src/storage/disk.ts';
import { flipValue } from '../../src/storage/flip-value.ts';
import type { DiskVerdict } from '../../src/storage/interference.ts';

type Plain<Verdict> = Verdict extends DiskVerdict ? Omit<Verdict, 'struck'> : never;

interface Faulty {
  readonly machine: HostDisk;
  readonly disk: Disk;
  readonly struck: string[];
  readonly next: (operation: string, verdict: Plain<DiskVerdict>) => void;
}

function faulty(): Faulty {
  const machine = new HostDisk();
  const struck: string[] = [];
  let next: { operation: string; verdict: Plain<DiskVerdict> } | undefined;
  machine.interference = {
    fills: new Set(),
    delayUs: () => 0,
    losses: () => [],
    befall({ operation, path, nth }) {
      if (next?.operation !== operation) return undefined;
      const { verdict } = next;
      next = undefined;
      return { ...verdict, struck: () => struck.push(`${operation} ${path} #${nth}`) };
    },
  };
  return {
    machine,
    struck,
    disk: machine.open(() => true),
    next: (operation, verdict) => {
      next = { operation, verdict };
    },
  };
}

test('a power loss takes what was not synced, and names it', () => {
  const { machine, disk } = faulty();
  disk.put('a', 1);
  disk.put('b', 1);
  disk.sync();
  disk.put('a', 2);
  disk.put('a', 3);
  disk.delete('b');
  disk.put('c', 1);
  const losses = [{ operation: 'write' as const, path: 'disk:a', nth: 3 }];
  assert.deepEqual(
    machine.losePower(() => losses),
    losses,
  );
  assert.deepEqual([disk.get('a'), disk.keys()], [1, ['a', 'c']]);
  disk.put('d', 1);
  assert.deepEqual(machine.losePower(loseAll), [{ operation: 'write', path: 'disk:d', nth: 1 }]);
  assert.deepEqual(disk.keys(), ['a', 'c']);
});

test('after a power loss each key has its synced value or its last one', () => {
  const key = fc.constantFrom('a', 'b', 'c');
  const step = fc.oneof(
    fc.record({ key, value: fc.nat() }),
    fc.record({ gone: key }),
    fc.constant('sync' as const),
    fc.record({ seed: fc.nat() }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const { machine, disk } = faulty();
      let durable = new Map<string, unknown>();
      for (const each of steps) {
        const before = new Map(disk.keys().map((name) => [name, disk.get(name)]));
        if (each === 'sync') {
          disk.sync();
          durable = before;
        } else if ('value' in each) disk.put(each.key, each.value);
        else if ('gone' in each) disk.delete(each.gone);
        else {
          machine.losePower((pending) => drawLosses(pending, new KeyedRandom(each.seed), 1));
          for (const name of ['a', 'b', 'c']) {
            assert.ok([durable.get(name), before.get(name)].includes(disk.get(name)), name);
          }
          machine.losePower(loseAll);
          durable = new Map(disk.keys().map((name) => [name, disk.get(name)]));
        }
      }
    }),
  );
});

test('operations fail, are lost, go to another key, and read what was there before', () => {
  const { disk, next, struck } = faulty();
  disk.put('a', 'one');
  disk.put('b', 'one');
  next('write', { kind: 'fail', code: 'ENOSPC', drops: false });
  assert.throws(() => disk.put('a', 'two'), { code: 'ENOSPC' });
  next('read', { kind: 'fail', code: 'EIO', drops: false });
  assert.throws(() => disk.get('a'), { code: 'EIO', message: 'EIO: host.disk could not read "a"' });
  next('write', { kind: 'lose' });
  disk.put('a', 'three');
  assert.equal(disk.get('a'), 'one');
  next('write', { kind: 'misdirect', byBytes: -512 });
  disk.put('a', 'four');
  assert.deepEqual([disk.get('a'), disk.get('b')], ['one', 'four']);
  next('read', { kind: 'stale' });
  assert.deepEqual([disk.get('b'), disk.get('b')], ['one', 'four']);
  next('read', { kind: 'flip', bit: 1 });
  assert.deepEqual([disk.get('b'), disk.get('b')], ['dour', 'four']);
  assert.equal(struck.length, 6);
});

test('after a failed sync a later one does not make durable what was written before', () => {
  for (const drops of [false, true]) {
    const { machine, disk, next } = faulty();
    disk.put('a', 1);
    disk.sync();
    disk.put('a', 2);
    next('sync', { kind: 'fail', code: 'EIO', drops });
    assert.throws(() => disk.sync(), { code: 'EIO' });
    assert.equal(disk.get('a'), drops ? 1 : 2);
    disk.sync();
    machine.crash();
    assert.equal(disk.get('a'), 1);
  }
});

test('a flipped bit changes one value and keeps its type', () => {
  assert.equal(flipValue(true, 0), false);
  assert.equal(flipValue(7, 0), 6);
  assert.notEqual(flipValue(0.5, 3), 0.5);
  assert.deepEqual(flipValue(new Uint8Array([1, 2]), 9), new Uint8Array([1, 0]));
  assert.deepEqual(flipValue({ a: ['x', 1], b: null }, 1), { a: ['x', 0], b: null });
  assert.deepEqual(flipValue({ a: null, b: '' }, 1), { a: null, b: '' });
});
