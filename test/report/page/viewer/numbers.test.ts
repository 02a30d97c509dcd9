// Numbers as readers see them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countOf, durationText, numberText, shareText } from '../../../../src/report/page/viewer/numbers.ts';

test('groups digits, and rounds to two after the point', () => {
  assert.deepEqual([0, 999, 1000, 1234567, -1234.567, 0.1 + 0.2, 1e21, Infinity].map(numberText), [
    ...['0', '999', '1,000', '1,234,567', '-1,234.57', '0.3', '1e+21', 'Infinity'],
  ]);
  assert.deepEqual(
    [countOf(1, 'run'), countOf(0, 'run'), countOf(2000, 'run')],
    ['1 run', '0 runs', '2,000 runs'],
  );
});

test('says a duration in a unit that fits', () => {
  assert.deepEqual([0, 0.4, 999, 1000, 2412, 59_990, 60_000, 725_000, 10_920_000].map(durationText), [
    ...['0 ms', '0.4 ms', '999 ms', '1 s', '2.41 s', '59.99 s', '1 min 0 s', '12 min 5 s', '3 h 2 min'],
  ]);
});

test('says a share so that little is not nothing', () => {
  assert.deepEqual(
    [shareText(0, 10), shareText(1, 100_000), shareText(1, 300), shareText(3, 4), shareText(0, 0)],
    ['0 %', '< 0.1 %', '0.3 %', '75 %', '–'],
  );
});
