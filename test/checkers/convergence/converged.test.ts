// Replicas that differ are named, with the places at which they do.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { converged } from '../../../src/checkers/convergence/converged.ts';
import { HistoryError } from '../../../src/errors.ts';

test('equal replicas have converged, whatever the order of their keys', () => {
  const a = { x: 1, tags: new Set(['p', 'q']), at: new Date(5), m: new Map([[1, { n: 1 }]]) };
  const b = { m: new Map([[1, { n: 1 }]]), at: new Date(5), tags: new Set(['q', 'p']), x: 1 };
  assert.deepEqual(converged({ a, b }), { verdict: 'ok', message: '', agreed: ['a', 'b'], differences: [] });
});

test('the one that differs is named, and where it does', () => {
  const state = (kettles: number, extra: object): object => ({
    stock: { kettle: kettles, cup: 1 },
    orders: [1, 2],
    ...extra,
  });
  const { verdict, message, agreed, differences } = converged({
    a: state(3, { gone: true }),
    b: state(2, {}),
    c: state(2, {}),
  });
  assert.deepEqual([verdict, agreed], ['illegal', ['b', 'c']]);
  assert.deepEqual(differences, [
    { replica: 'a', path: 'stock.kettle', has: '3', others: '2' },
    { replica: 'a', path: 'gone', has: 'true', others: 'nothing' },
  ]);
  assert.equal(
    message,
    'replicas have not converged: a has 3 at stock.kettle, where b and c have 2; ' +
      'a has true at gone, where b and c have nothing',
  );
});

test('paths go through lists, maps and sets, and name what is of another kind', () => {
  const pathsOf = (a: unknown, b: unknown): string[] =>
    converged({ a, b }).differences.map(({ path }) => path);
  assert.deepEqual(pathsOf([{ n: 1 }], [{ n: 2 }]), ['[0].n']);
  assert.deepEqual(pathsOf({ m: new Map([['k', [1]]]) }, { m: new Map([['k', [1, 2]]]) }), ['m["k"][1]']);
  assert.deepEqual(pathsOf({ s: new Set([1]) }, { s: new Set([2]) }), ['s[2]', 's[1]']);
  assert.deepEqual(pathsOf({ v: [1] }, { v: { 0: 1 } }), ['v']);
  assert.deepEqual(pathsOf(1, 2), ['']);
  assert.equal(
    pathsOf(
      Array.from({ length: 99 }, () => 1),
      [],
    ).length,
    10,
  );
});

test('where nothing can be compared nothing is shown, and what is no data is refused', () => {
  assert.equal(converged({ a: 1 }).verdict, 'unknown');
  assert.equal(converged({}).verdict, 'unknown');
  const cyclic: Record<string, unknown> = {};
  cyclic['self'] = cyclic;
  for (const replicas of [{ a: cyclic, b: 1 }, { a: () => 1, b: 1 }, [1, 1], null])
    assert.throws(() => converged(replicas as Record<string, unknown>), HistoryError);
});
