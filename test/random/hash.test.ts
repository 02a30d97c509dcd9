import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { combine32, hashBytes, hashString, mix32 } from '../../src/random/hash.ts';

const uint32 = fc.integer({ min: 0, max: 0xffff_ffff });

test('every hash is an unsigned 32-bit integer', () => {
  fc.assert(
    fc.property(
      uint32,
      uint32,
      fc.string({ unit: 'binary' }),
      fc.uint8Array(),
      (left, right, text, bytes) => {
        for (const hash of [mix32(left), combine32(left, right), hashString(text), hashBytes(bytes)]) {
          assert.equal(hash, hash >>> 0);
        }
      },
    ),
  );
});

test('hashes are the same for ever, because corpora and committed trace hashes depend on them', () => {
  assert.deepEqual(
    [mix32(1), combine32(1, 2), hashString(''), hashString('payments'), hashBytes(new Uint8Array([1, 2, 3]))],
    [0x514e28b7, 0x3a2e6fdc, 0xab3e7c0b, 0xb8700303, 0xbbd5125f],
  );
});

test('mixing never maps two integers to one', () => {
  fc.assert(fc.property(uint32, uint32, (a, b) => a === b || mix32(a) !== mix32(b)));
});

test('the order of what is combined matters', () => {
  fc.assert(fc.property(uint32, uint32, (a, b) => a === b || combine32(a, b) !== combine32(b, a)));
});

test('one flipped bit of the input flips about half of the bits of the hash', () => {
  let flipped = 0;
  let pairs = 0;
  for (let value = 0; value < 200; value++) {
    for (let bit = 0; bit < 32; bit++) {
      flipped += bitsOf(mix32(value) ^ mix32(value ^ (1 << bit)));
      pairs++;
    }
  }
  const mean = flipped / pairs;
  assert.ok(mean > 15 && mean < 17, `${mean} bits of 32`);
});

test('strings that differ in their length or in one character have different hashes', () => {
  const texts = Array.from({ length: 2_000 }, (_, i) => `host-${i}`).concat([
    '',
    'a',
    'aa',
    'aaa',
    'a\u0000',
  ]);
  assert.equal(new Set(texts.map(hashString)).size, texts.length);
});

function bitsOf(value: number): number {
  let count = 0;
  for (let rest = value >>> 0; rest !== 0; rest &= rest - 1) count++;
  return count;
}
