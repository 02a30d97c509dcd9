// Effects by their idempotency key.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exactlyOnce } from '../../../src/checkers.ts';
import { assertIllegal, assertNamed, OK, table } from './tables.ts';

interface Charge {
  orderId: string;
}
const by = ({ orderId }: Charge): string => orderId;
const charges = table({ 'c-1': { orderId: 'o-1' }, 'c-2': { orderId: 'o-2' }, 'c-3': { orderId: 'o-1' } });

test('accepts one effect for each key', () => {
  const of = table({ 'c-1': { orderId: 'o-1' }, 'c-2': { orderId: 'o-2' } });
  assert.deepEqual(exactlyOnce({ of, by, wanted: ['o-1', 'o-2', 'o-1'] }), OK);
  assert.deepEqual(exactlyOnce({ of, by }), OK, 'nothing is wanted');
});

test('names every effect of a key that had several, and the messages that wrote them', () => {
  const answer = exactlyOnce({ of: charges, by });
  assertIllegal(answer, /^`o-1` had its effect 2 times:/, ['c-1', 'c-3']);
  assertNamed(answer, 'c-1', 1);
  assertNamed(answer, 'c-3', 3);
  assert.deepEqual(answer.culprits[1]?.record, { orderId: 'o-1' });
  assert.equal(answer.culprits[1]?.host, 'bank');
});

test('says it in the words of the system', () => {
  const saying = (order: string): string => `order ${order} was charged`;
  assert.match(exactlyOnce({ of: charges, by, saying }).message, /^order o-1 was charged 2 times:/);
  assert.throws(() => exactlyOnce({ of: charges, by, saying: 'charged' as never }), { code: 'WT_OPTION' });
});

test('names a key that is wanted and had none', () => {
  const answer = exactlyOnce({ of: [{ orderId: 'o-1' }], by, wanted: ['o-1', 'o-9'] });
  assertIllegal(answer, /^`o-9` had no effect\.$/, ['o-9']);
});

test('is undecided while the effects cannot be seen', () => {
  assert.equal(exactlyOnce<Charge>({ of: undefined, by, wanted: ['o-1'] }).verdict, 'unknown');
});

test('tells of three breaches, counts the rest, and has all of them as data', () => {
  const of = Array.from({ length: 10 }, (_, i) => ({ orderId: `o-${i % 5}` }));
  const answer = exactlyOnce({ of, by });
  assert.equal(answer.culprits.length, 10);
  assert.match(answer.message, /`o-2` had its effect 2 times\.\nThere are 2 more like that\.$/);
});
