import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { hashString } from '../../src/random/hash.ts';
import { KeyedRandom } from '../../src/random/keyed.ts';
import { chiSquareLimit, chiSquareOf } from './uniformity.ts';

const uint32 = fc.integer({ min: 0, max: 0xffff_ffff });
const DRAWS = 20_000;
const CELLS = 64;

test('a draw depends on seed, key and occurrence, and on nothing else', () => {
  fc.assert(
    fc.property(uint32, uint32, fc.nat(), fc.array(uint32), (seed, key, nth, others) => {
      const busy = new KeyedRandom(seed);
      for (const other of others) busy.uint32(other, nth);
      assert.equal(busy.uint32(key, nth), new KeyedRandom(seed).uint32(key, nth));
    }),
  );
});

test('draws stay below their bound', () => {
  fc.assert(
    fc.property(
      uint32,
      uint32,
      fc.nat(),
      fc.integer({ min: 1, max: 0x1_0000_0000 }),
      (seed, key, nth, bound) => {
        const draw = new KeyedRandom(seed).below(bound, key, nth);
        assert.ok(Number.isInteger(draw) && draw >= 0 && draw < bound, String(draw));
      },
    ),
  );
});

test('the occurrences of one key are uniform', () => {
  const random = new KeyedRandom(8417);
  const key = hashString('payments -> orders');
  assertUniform((nth) => random.below(CELLS, key, nth));
});

test('the keys of one occurrence are uniform', () => {
  const random = new KeyedRandom(1);
  assertUniform((i) => random.below(CELLS, i, 1));
});

test('consecutive seeds are uniform, from the first draw on', () => {
  assertUniform((seed) => new KeyedRandom(seed).below(CELLS, 7, 1));
});

test('draws of two keys, of two occurrences and of two seeds are independent of each other', () => {
  const [first, second] = [new KeyedRandom(1), new KeyedRandom(2)];
  const pairs: Record<string, (i: number) => [number, number]> = {
    keys: (i) => [first.below(8, 1, i), first.below(8, 2, i)],
    occurrences: (i) => [first.below(8, i, 1), first.below(8, i, 2)],
    seeds: (i) => [first.below(8, i, 1), second.below(8, i, 1)],
    'negative occurrences': (i) => [first.below(8, 5, i), first.below(8, 5, -i)],
  };
  for (const [name, pair] of Object.entries(pairs)) {
    const counts = Array.from({ length: 64 }, () => 0);
    for (let i = 1; i <= DRAWS; i++) {
      const [left, right] = pair(i);
      counts[left * 8 + right]!++;
    }
    const statistic = chiSquareOf(counts);
    assert.ok(statistic < chiSquareLimit(64), `${name}: chi-square ${statistic}`);
  }
});

test('something of rate 0 never happens, of rate 1 always, in between about as often as it says', () => {
  const random = new KeyedRandom(3);
  for (const rate of [0, 0.01, 0.3, 0.9, 1]) {
    let happened = 0;
    for (let nth = 0; nth < DRAWS; nth++) if (random.chance(rate, 11, nth)) happened++;
    const deviation = Math.sqrt(DRAWS * rate * (1 - rate));
    assert.ok(Math.abs(happened - DRAWS * rate) <= 5 * deviation, `${happened} of ${DRAWS} at rate ${rate}`);
  }
});

test('what happens at a rate also happens at every higher rate', () => {
  const rate = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(uint32, uint32, rate, rate, (seed, key, one, other) => {
      const random = new KeyedRandom(seed);
      const [low, high] = [Math.min(one, other), Math.max(one, other)];
      assert.ok(!random.chance(low, key, 1) || random.chance(high, key, 1));
    }),
  );
});

function assertUniform(draw: (i: number) => number): void {
  const counts = Array.from({ length: CELLS }, () => 0);
  for (let i = 0; i < DRAWS; i++) counts[draw(i)]!++;
  const statistic = chiSquareOf(counts);
  assert.ok(statistic < chiSquareLimit(CELLS), `chi-square ${statistic} of ${CELLS} cells`);
}
