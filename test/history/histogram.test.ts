// The histogram of amounts, against sorting them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Histogram, rankOf } from '../../src/history/histogram.ts';

const PERCENTS = [1, 50, 95, 99, 100] as const;

/** Amounts of every size, so that each power of two has its share. */
const amount = fc
  .tuple(fc.integer({ min: 0, max: 52 }), fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([power, share]) => Math.floor(2 ** power * share));

function histogramOf(amounts: readonly number[]): Histogram {
  const histogram = new Histogram();
  for (const each of amounts) histogram.add(each);
  return histogram;
}

/** The percentile by nearest rank. */
function exact(amounts: readonly number[], percent: number): number {
  const sorted = amounts.toSorted((left, right) => left - right);
  return sorted[Math.ceil((percent / 100) * sorted.length) - 1] ?? Number.NaN;
}

test('a percentile is that of the sorted amounts, or at most 1/128 more', () => {
  fc.assert(
    fc.property(fc.array(amount, { minLength: 1, maxLength: 300 }), (amounts) => {
      const histogram = histogramOf(amounts);
      for (const percent of PERCENTS) {
        const truth = exact(amounts, percent);
        const told = histogram.percentile(percent);
        assert.ok(told >= truth && told <= truth * (1 + 1 / 128), `p${percent}: ${told} for ${truth}`);
      }
      assert.equal(histogram.max, Math.max(...amounts));
      assert.equal(histogram.count, amounts.length);
    }),
  );
});

test('amounts below 256 are exact', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(255), { minLength: 1 }), fc.constantFrom(...PERCENTS), (amounts, percent) => {
      assert.equal(histogramOf(amounts).percentile(percent), exact(amounts, percent));
    }),
  );
});

test('known distributions give their known percentiles', () => {
  const uniform = histogramOf(Array.from({ length: 100 }, (_, i) => i + 1));
  assert.deepEqual(
    PERCENTS.map((percent) => uniform.percentile(percent)),
    [1, 50, 95, 99, 100],
  );
  const mostlyFast = histogramOf([...Array.from({ length: 99 }, () => 10), 200_000]);
  assert.equal(mostlyFast.percentile(99), 10);
  assert.equal(mostlyFast.percentile(100), 200_000);
  assert.equal(new Histogram().percentile(99), 0);
});

test('two merged are one of everything that both counted', () => {
  fc.assert(
    fc.property(fc.array(amount), fc.array(amount), (left, right) => {
      const merged = histogramOf(left);
      merged.merge(histogramOf(right));
      const whole = histogramOf([...left, ...right]);
      assert.deepEqual(merged.buckets(128), whole.buckets(128));
      assert.deepEqual([merged.count, merged.max], [whole.count, whole.max]);
    }),
  );
});

test('coarser buckets hold what lies above the one before, up to their end', () => {
  fc.assert(
    fc.property(fc.array(amount, { minLength: 1 }), fc.constantFrom(1, 8, 128), (amounts, steps) => {
      let below = -1;
      for (const { upTo, count } of histogramOf(amounts).buckets(steps)) {
        assert.equal(amounts.filter((each) => each > below && each <= upTo).length, count);
        below = upTo;
      }
      assert.ok(Math.max(...amounts) <= below);
    }),
  );
});

test('the rank of a percentile is whole where the share is', () => {
  assert.equal(rankOf(99, 700), 693);
  assert.equal(rankOf(95, 20), 19);
  assert.equal(rankOf(100, 7), 7);
  assert.equal(rankOf(50, 0), 0);
});
