// The small PNG has the pixels that it was given, as far as 256 colours go.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inflateSync } from 'node:zlib';
import { indexedPng } from './indexed-png.ts';

/** Reads what the encoder writes: no filters, no interlacing. */
function decoded(png: Buffer): number[][] {
  const chunks = new Map<string, Buffer>();
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at);
    chunks.set(png.toString('latin1', at + 4, at + 8), png.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  const width = chunks.get('IHDR')!.readUInt32BE(0);
  const rows = inflateSync(chunks.get('IDAT') ?? '');
  const indices = [...rows].filter((_, i) => i % (width + 1) !== 0);
  return indices.map((index) => [...chunks.get('PLTE')!.subarray(index * 3, index * 3 + 3)]);
}

test('keeps few colours as they are', () => {
  const colours = [
    [255, 0, 0],
    [0, 128, 0],
    [0, 0, 255],
    [255, 0, 0],
    [20, 20, 20],
    [255, 255, 255],
  ];
  const rgba = Uint8Array.from(colours.flatMap((colour) => [...colour, 255]));
  assert.deepEqual(decoded(indexedPng({ width: 3, height: 2, rgba })), colours);
});

test('replaces the rarest of many colours by near ones', () => {
  const colours = Array.from({ length: 4096 }, (_, i) => [
    (i & 15) * 17,
    ((i >> 4) & 15) * 17,
    (i >> 8) * 17,
  ]);
  const rgba = Uint8Array.from(colours.flatMap((colour) => [...colour, 255]));
  const shown = decoded(indexedPng({ width: 64, height: 64, rgba }));
  assert.ok(new Set(shown.map(String)).size <= 256);
  const again = indexedPng({ width: 64, height: 64, rgba });
  assert.deepEqual(decoded(again), shown, 'the same picture gives the same file');
});

test('has the check sums of PNG', () => {
  const png = indexedPng({ width: 1, height: 1, rgba: Uint8Array.from([0, 0, 0, 255]) });
  // The last chunk is empty, and its sum is in every PNG.
  assert.equal(png.subarray(-12).toString('hex'), '0000000049454e44ae426082');
});
