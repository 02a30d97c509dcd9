// How wide text is on a terminal, and how it is cut and wrapped.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { cutEnd, cutMiddle, padTo, widthOf, wrapped } from '../../src/report/text-width.ts';

describe('the width of text', () => {
  for (const [text, columns] of [
    ['', 0],
    ['orders → bank', 13],
    ['ümlaut', 6],
    ['u\u0308mlaut', 6],
    ['注文サービス', 12],
    ['한국어', 6],
    ['ｆｕｌｌ', 8],
    ['✅ ok', 5],
    ['🚀', 2],
  ] as const) {
    test(`is ${columns} for ${text === '' ? 'nothing' : text}`, () => {
      assert.equal(widthOf(text), columns);
      assert.equal(widthOf(padTo(text, 20)), 20);
    });
  }

  test('is kept by what is cut', () => {
    assert.equal(cutEnd('a long text', 11), 'a long text');
    assert.equal(cutEnd('a long text', 7), 'a long…');
    assert.equal(cutMiddle('payments-service-eu', 9), 'paym…e-eu');
    for (const text of ['注文サービス-注文サービス', 'x'.repeat(30), '🚀'.repeat(12)]) {
      for (const columns of [1, 2, 5, 8, 13]) {
        assert.ok(widthOf(cutEnd(text, columns)) <= columns, `${text} in ${columns}`);
        assert.ok(widthOf(cutMiddle(text, columns)) <= columns, `${text} in ${columns}`);
      }
    }
  });

  test('is what lines are broken by', () => {
    assert.deepEqual(wrapped('one two three four', { first: 7, rest: 10 }), ['one two', 'three four']);
    assert.deepEqual(wrapped('x'.repeat(25), { first: 10, rest: 10 }), [
      'x'.repeat(10),
      'x'.repeat(10),
      'xxxxx',
    ]);
    assert.deepEqual(wrapped('注文サービス', { first: 5, rest: 4 }), ['注文', 'サー', 'ビス']);
    assert.deepEqual(wrapped('', { first: 5, rest: 5 }), ['']);
  });
});
