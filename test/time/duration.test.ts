import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { OptionError } from '../../src/errors.ts';
import { checkedUsFromMs, formatUs, msFromUs, usFromMs } from '../../src/time/duration.ts';

const wholeUs = fc.integer({ min: 0, max: 2 ** 50 });

test('microseconds survive the way through milliseconds and back', () => {
  fc.assert(fc.property(wholeUs, (us) => assert.equal(usFromMs(msFromUs(us)), us)));
});

test('milliseconds become the nearest whole microsecond', () => {
  assert.deepEqual([0, 0.0004, 0.0006, 1.0014, 12.3456].map(usFromMs), [0, 0, 1, 1_001, 12_346]);
});

test('a duration that is no finite number >= 0 is refused with its name and value', () => {
  for (const value of [-1, -0.001, NaN, Infinity, -Infinity, '5', null, undefined, 5n, {}, 1e13]) {
    assert.throws(
      () => checkedUsFromMs('stormMs', value),
      (error: unknown) =>
        error instanceof OptionError &&
        error.code === 'WT_OPTION' &&
        error.message.startsWith('Expected `stormMs` to be a finite number of milliseconds >= 0, got `'),
      typeof value,
    );
  }
  assert.equal(checkedUsFromMs('stormMs', 0), 0);
  assert.equal(checkedUsFromMs('stormMs', 1.5), 1_500);
});

test('times are shown in milliseconds with one decimal and grouped digits', () => {
  assert.deepEqual([0, 49, 50, 999, 1_000, 2_412_500, 999_949, 1_234_567_890_100].map(formatUs), [
    '0.0 ms',
    '0.0 ms',
    '0.1 ms',
    '1.0 ms',
    '1.0 ms',
    '2,412.5 ms',
    '999.9 ms',
    '1,234,567,890.1 ms',
  ]);
});
