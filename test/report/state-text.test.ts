// Values of hosts in few columns: what matters of them is not cut off.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changedJson, shortJson } from '../../src/report/state-text.ts';
import { widthOf } from '../../src/report/text-width.ts';

const padding = 'x'.repeat(80);

test('a long value keeps its beginning, or what is named', () => {
  assert.equal(shortJson({ a: 1, b: padding }, 12), '{a: 1, b: "…');
  const named = shortJson({ b: padding, order: 'order-17', rest: padding }, 30, ['nothing', 'order-17']);
  assert.ok(named.includes('order-17'), named);
  assert.ok(named.startsWith('…') && named.endsWith('…') && widthOf(named) <= 30, named);
  assert.equal(shortJson('order-17', 30, ['order-17']), '"order-17"');
});

test('of two long values what differs is kept', () => {
  const [old, after] = changedJson(
    { before: { b: padding, status: 'open' }, after: { b: padding, status: 'paid', more: padding } },
    44,
    [],
  );
  assert.ok(old.includes('open') && after.includes('paid'), `${old} → ${after}`);
  assert.ok(widthOf(old) + widthOf(after) <= 44);
  assert.deepEqual(changedJson({ before: undefined, after: 1 }, 44, []), ['nothing', '1']);
});

test('no character is cut in two', () => {
  const smiles = '😀'.repeat(60);
  for (let columns = 20; columns < 30; columns++) {
    const shown = shortJson(`${smiles}o-17`, columns, ['o-17']);
    assert.doesNotMatch(shown, /\p{Surrogate}/u);
    assert.ok(shown.includes('o-17'), shown);
  }
});
