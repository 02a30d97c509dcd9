// What must be unique.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noDuplicate } from '../../../src/checkers.ts';
import { assertIllegal, assertNamed, OK, table } from './tables.ts';

const by = ({ seat }: { seat: number }): number => seat;

test('accepts records that share nothing', () => {
  assert.deepEqual(noDuplicate({ of: table({ a: { seat: 1 }, b: { seat: 2 } }), by }), OK);
  assert.deepEqual(noDuplicate({ of: [], by }), OK);
});

test('names all that share a value, and the messages that wrote them', () => {
  const answer = noDuplicate({ of: table({ a: { seat: 7 }, b: { seat: 2 }, c: { seat: 7 } }), by });
  assertIllegal(answer, /^`a` and `c` share 7, which must be unique \(2 records\):/, ['a', 'c']);
  assertNamed(answer, 'a', 1);
  assertNamed(answer, 'c', 3);
});

test('tells records of one key apart: two hosts may have the same', () => {
  assertIllegal(noDuplicate({ of: ['x', 'x'], by: (each) => each }), /^`x` share x, .*\(2 records\)/, [
    'x',
    'x',
  ]);
});

test('is undecided while the records cannot be seen', () => {
  assert.equal(noDuplicate<{ seat: number }>({ of: undefined, by }).verdict, 'unknown');
});
