import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { openStream } from '../../src/random/stream.ts';
import { chiSquareLimit, chiSquareOf } from './uniformity.ts';

const uint32 = fc.integer({ min: 0, max: 0xffff_ffff });

function draws(seed: number, name: string, count: number): number[] {
  const stream = openStream(seed, name);
  return Array.from({ length: count }, () => stream.uint32());
}

test('a stream of one seed and name is always the same', () => {
  fc.assert(
    fc.property(uint32, fc.string(), (seed, name) => {
      assert.deepEqual(draws(seed, name, 10), draws(seed, name, 10));
    }),
  );
});

test('streams of other seeds and other names are other streams', () => {
  const firsts = new Set<number>();
  for (let seed = 0; seed < 100; seed++) {
    for (const name of ['orders/1', 'orders/2', 'payments/1']) firsts.add(draws(seed, name, 1)[0]!);
  }
  assert.equal(firsts.size, 300);
});

test('a stream does not notice what others consume', () => {
  const [alone, beside, other] = [openStream(1, 'a'), openStream(1, 'a'), openStream(1, 'b')];
  for (let i = 0; i < 20; i++) {
    other.double();
    other.uint32();
    assert.equal(beside.uint32(), alone.uint32());
  }
});

test('integers are unsigned 32-bit ones, and doubles are in [0, 1) and finer than 32 bits', () => {
  const stream = openStream(5, 'orders/1');
  let hasFineBits = false;
  for (let i = 0; i < 1_000; i++) {
    const integer = stream.uint32();
    assert.equal(integer, integer >>> 0);
    const double = stream.double();
    assert.ok(double >= 0 && double < 1);
    hasFineBits ||= !Number.isInteger(double * 0x1_0000_0000);
  }
  assert.ok(hasFineBits);
});

test('the first draws of consecutive seeds are uniform, and independent of their second draws', () => {
  const firsts = Array.from({ length: 64 }, () => 0);
  const pairs = Array.from({ length: 64 }, () => 0);
  for (let seed = 0; seed < 10_000; seed++) {
    const [first, second] = draws(seed, 'fault plan', 2) as [number, number];
    firsts[first >>> 26]!++;
    pairs[(first >>> 29) * 8 + (second >>> 29)]!++;
  }
  assert.ok(chiSquareOf(firsts) < chiSquareLimit(64));
  assert.ok(chiSquareOf(pairs) < chiSquareLimit(64));
});

test('the first draws of consecutive seeds do not follow each other', () => {
  const first = (seed: number): number => openStream(seed, 'orders/1').double();
  let sum = 0;
  const count = 5_000;
  for (let seed = 0; seed < count; seed++) sum += (first(seed) - 0.5) * (first(seed + 1) - 0.5);
  const correlation = (sum / count) * 12;
  assert.ok(Math.abs(correlation) < 0.06, String(correlation));
});
