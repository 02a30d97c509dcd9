import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { RollingHash } from '../../src/engine/rolling-hash.ts';

const integers = fc.array(fc.integer({ min: 0, max: 0xffff_ffff }), { maxLength: 30 });

function digestOf(values: readonly number[]): string {
  const hash = new RollingHash();
  for (const value of values) hash.add(value);
  return hash.digest();
}

test('a digest has sixteen hexadecimal digits', () => {
  fc.assert(fc.property(integers, (values) => assert.match(digestOf(values), /^[0-9a-f]{16}$/)));
});

test('equal sequences have equal digests, others have not', () => {
  fc.assert(
    fc.property(integers, integers, (left, right) => {
      const isSame = left.length === right.length && left.every((value, i) => value === right[i]);
      assert.equal(digestOf(left) === digestOf(right), isSame);
    }),
  );
});

test('swapping, leaving out or repeating one value changes the digest', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(), { minLength: 2, maxLength: 20 }), fc.nat(), (values, at) => {
      const i = at % (values.length - 1);
      const swapped = values.with(i, values[i + 1]!).with(i + 1, values[i]!);
      const digests = [values, swapped, values.toSpliced(i, 1), values.toSpliced(i, 0, values[i]!)].map(
        digestOf,
      );
      assert.equal(new Set(digests).size, 4);
    }),
  );
});

test('reading the digest does not change it', () => {
  const hash = new RollingHash();
  hash.add(1);
  assert.equal(hash.digest(), hash.digest());
});

test('digests are the same for ever, because committed trace hashes depend on them', () => {
  assert.deepEqual([digestOf([]), digestOf([1, 2, 3])], ['243f6a8885a308d3', '654395d25f4b962a']);
});
