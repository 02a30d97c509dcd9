// Whether values are equal.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isEqual } from '../../models/equal.ts';

const different: readonly unknown[] = [
  undefined,
  null,
  0,
  1,
  Number.NaN,
  '',
  '0',
  false,
  true,
  [],
  [0],
  [0, 0],
  [undefined],
  {},
  { a: 0 },
  { a: undefined },
  { b: undefined },
  { a: { b: [1] } },
  { a: { b: [2] } },
  new Set([1]),
  new Set([2]),
  new Set([1, 2]),
  new Map([['a', 1]]),
  new Map([['a', 2]]),
  new Map([['b', 1]]),
  new Map(),
  new Set(),
];

test('a value is equal to a copy of itself and to no other', () => {
  for (const [i, left] of different.entries()) {
    for (const [j, right] of different.entries()) {
      assert.equal(isEqual(left, structuredClone(right)), i === j, `${i} and ${j}`);
    }
  }
});

test('the order of keys does not matter', () => {
  assert.equal(isEqual({ a: 1, b: { c: 1, d: 2 } }, { b: { d: 2, c: 1 }, a: 1 }), true);
});
