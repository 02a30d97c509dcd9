import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { latency, sampleUs, type Latency } from '../../src/network/latency.ts';
import { KeyedRandom } from '../../src/random/keyed.ts';

const uint32 = fc.integer({ min: 0, max: 0xffff_ffff });
const ms = fc.integer({ min: 0, max: 10_000_000 }).map((us) => us / 1000);
const bounds = fc.tuple(ms, ms).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);

const anyLatency: fc.Arbitrary<Latency> = fc.oneof(
  ms.map(latency.constant),
  bounds.map(([minMs, maxMs]) => latency.uniform({ minMs, maxMs })),
  bounds.map(([medianMs, p99Ms]) => latency.longTail({ medianMs, p99Ms })),
  fc
    .array(fc.record({ ms, count: fc.nat(1_000) }), { minLength: 1 })
    .filter((buckets) => buckets.some(({ count }) => count > 0))
    .map(latency.histogram),
);

/** Draws as a run does, and sorts: sample[i] is the quantile i / count. */
function sampleOf(distribution: Latency, count: number): number[] {
  const random = new KeyedRandom(1);
  return Array.from({ length: count }, (_, nth) => sampleUs(distribution, random.uint32(9, nth))).toSorted(
    (a, b) => a - b,
  );
}

function quantileMs(sample: readonly number[], share: number): number {
  return (sample[Math.floor(sample.length * share)] ?? 0) / 1000;
}

function assertNear(value: number, expected: number, tolerance: number, what: string): void {
  assert.ok(
    Math.abs(value - expected) <= tolerance,
    `${what}: ${value}, expected ${expected} ± ${tolerance}`,
  );
}

test('every draw gives whole microseconds, at least the base, and a larger draw never a shorter time', () => {
  fc.assert(
    fc.property(anyLatency, uint32, uint32, (distribution, one, other) => {
      const [low, high] = [Math.min(one, other), Math.max(one, other)];
      const [short, long] = [sampleUs(distribution, low), sampleUs(distribution, high)];
      assert.ok(Number.isSafeInteger(short) && Number.isSafeInteger(long));
      assert.ok(distribution.baseUs <= short && short <= long);
    }),
  );
});

test('a constant latency is the same for every message', () => {
  fc.assert(
    fc.property(
      ms,
      uint32,
      (each, draw) => sampleUs(latency.constant(each), draw) === Math.round(each * 1000),
    ),
  );
});

test('a uniform latency stays within its bounds, and its quantiles lie evenly between them', () => {
  fc.assert(
    fc.property(bounds, uint32, ([minMs, maxMs], draw) => {
      const us = sampleUs(latency.uniform({ minMs, maxMs }), draw);
      assert.ok(us >= minMs * 1000 - 1 && us <= maxMs * 1000 + 1);
    }),
  );
  const sample = sampleOf(latency.uniform({ minMs: 10, maxMs: 20 }), 20_000);
  for (const share of [0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99]) {
    assertNear(quantileMs(sample, share), 10 + 10 * share, 0.15, `quantile ${share}`);
  }
});

test('a uniform latency without a lower bound begins at nothing', () => {
  assert.equal(latency.uniform({ maxMs: 5 }).baseUs, 0);
});

test('a long tail has the quantiles that it was given, and ends four times as far out', () => {
  const distribution = latency.longTail({ medianMs: 5, p99Ms: 80 });
  const sample = sampleOf(distribution, 50_000);
  assert.equal(distribution.baseUs, 2_500);
  assertNear(quantileMs(sample, 0.5), 5, 0.3, 'median');
  assertNear(quantileMs(sample, 0.99), 80, 6, '99th percentile');
  assert.ok((sample.at(-1) ?? 0) <= (80 + 3 * 75) * 1000);
  assert.ok((sample.at(-1) ?? 0) > 155_000, 'the tail beyond the 99.9th percentile is reached');
});

test('a histogram gives back the shares of its buckets', () => {
  const distribution = latency.histogram([
    { ms: 20, count: 100 },
    { ms: 10, count: 800 },
    { ms: 40, count: 100 },
  ]);
  const sample = sampleOf(distribution, 20_000);
  assert.equal(distribution.baseUs, 10_000);
  const share = (upToMs: number): number => sample.filter((us) => us <= upToMs * 1000).length / sample.length;
  assertNear(share(10), 0.8, 0.01, 'up to 10 ms');
  assertNear(share(20), 0.9, 0.01, 'up to 20 ms');
  assert.equal(share(40), 1);
});

test('what is no distribution is refused, naming the value', () => {
  const cases: [() => unknown, RegExp][] = [
    [() => latency.constant(-1), /`latency.constant\(ms\)`.*got `-1` \(number\)/],
    [() => latency.constant(NaN), /got `NaN`/],
    [() => latency.constant('5' as never), /got `"5"` \(string\)/],
    [() => latency.uniform({ minMs: 5, maxMs: 4 }), /`maxMs` to be at least minMs \(5\), got `4`/],
    [() => latency.uniform({ maxMs: Infinity }), /`maxMs`/],
    [() => latency.uniform({ minMs: -1, maxMs: 4 }), /`minMs`/],
    [() => latency.longTail({ medianMs: 5, p99Ms: 4 }), /`p99Ms` to be at least medianMs \(5\), got `4`/],
    [() => latency.longTail({ medianMs: NaN, p99Ms: 4 }), /`medianMs`/],
    [() => latency.longTail({ medianMs: 1 } as never), /`p99Ms`.*got `undefined`/],
    [() => latency.histogram([]), /`buckets`.*got `\[\]` \(array\)/],
    [() => latency.histogram([{ ms: 1, count: 0 }]), /at least one message/],
    [() => latency.histogram([{ ms: 1, count: -1 }]), /`buckets\[\].count`.*got `-1`/],
    [() => latency.histogram([{ ms: -1, count: 1 }]), /`buckets\[\].ms`/],
    [() => latency.histogram([{ ms: 1, count: 1.5 }]), /`buckets\[\].count`/],
    [() => latency.histogram(5 as never), /`buckets`/],
  ];
  for (const [make, message] of cases) assert.throws(make, { code: 'WT_OPTION', message });
});
