// Totals that money, stock and seats always have.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { conserved, observed, together } from '../../../src/checkers.ts';
import { assertIllegal, assertNamed, OK, table, writtenIn } from './tables.ts';

interface Account {
  balance: number;
}
const by = ({ balance }: Account): number => balance;

test('accepts amounts that add up, and names the last write where they do not', () => {
  assert.deepEqual(conserved({ total: 100, of: table({ a: { balance: 60 }, b: { balance: 40 } }), by }), OK);
  const answer = conserved({ total: 100, of: table({ a: { balance: 60 }, b: { balance: 30 } }), by });
  assertIllegal(answer, /^the amounts of 2 records add up to 90, not to 100; `b` changed last:/, ['b']);
  assertNamed(answer, 'b', 2);
});

test('blames all that one step wrote, and everything where nobody knows', () => {
  const rows = ['a', 'b', 'c'].map((key, i) => ({
    key,
    value: { balance: 1 },
    origin: writtenIn(i === 0 ? 1 : 2),
  }));
  assertIllegal(conserved({ total: 4, of: observed(rows), by }), /`b` and `c` changed last/, ['b', 'c']);
  const plain = conserved({ total: 4, of: [{ balance: 1 }, { balance: 2 }], by });
  assertIllegal(plain, /^the amounts of 2 records add up to 3, not to 4\.$/, ['#1', '#2']);
});

test('keeps groups apart, and misses one that is not there', () => {
  const of = [
    { id: 't1', sku: 'teapot', count: 3 },
    { id: 't2', sku: 'teapot', count: 7 },
    { id: 'k', sku: 'kettle', count: 4 },
  ];
  const options = { of, by: (row: (typeof of)[0]) => row.count, per: (row: (typeof of)[0]) => row.sku };
  assert.deepEqual(conserved({ ...options, total: { teapot: 10, kettle: 4 } }), OK);
  const answer = conserved({ ...options, total: { teapot: 10, kettle: 5, anvil: 1 } });
  assertIllegal(
    answer,
    /kettle of 1 records add up to 4, not to 5[^]*anvil of 0 records add up to 0, not to 1/,
    ['k'],
  );
  const unplanned = conserved({ ...options, total: { teapot: 10 } });
  assertIllegal(unplanned, /kettle of 1 records add up to 4, not to 0/, ['k']);
});

test('is undecided while a part cannot be seen', () => {
  const seen = table({ a: { balance: 60 } });
  const answer = conserved({ total: 100, of: together(seen, undefined), by });
  assert.equal(answer.verdict, 'unknown');
  assert.match(answer.message, /^The amounts cannot be seen: /);
  const both = together(seen, table({ b: { balance: 40 } }));
  assert.deepEqual(conserved({ total: 100, of: both, by }), OK);
});

test('refuses what it cannot judge', () => {
  const of = [{ balance: 1 }];
  assert.throws(
    () => conserved({ total: '1' as never, of, by }),
    /Expected `conserved\(\{ total \}\)` to be a number, got `"1"`/,
  );
  assert.throws(
    () => conserved({ total: 1, of: {} as never, by }),
    /rows that can be iterated.*Object\.values/,
  );
  assert.throws(
    () => conserved({ total: 1, of, by: undefined as never }),
    /`conserved\(\{ by \}\)` to be a function/,
  );
  assert.throws(
    () => conserved({ total: 1, of, by: () => Number.NaN }),
    /what conserved\(\{ by \}\) gives for "#1"/,
  );
  assert.throws(() => conserved({ total: 1, of, by, per: () => 'x' }), /an object of numbers by group/);
});
