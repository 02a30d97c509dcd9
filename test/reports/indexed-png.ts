// Writes pictures of pages small: as PNG of at most 256 colours, the most frequent ones. Pages have few, and
// the shades at the edges of letters are replaced by their nearest neighbours.

import { deflateSync } from 'node:zlib';

/** Pixels, four bytes each: red, green, blue, alpha; the last is not looked at. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8Array;
}

const COLOURS_MAX = 256;
/** Colours that differ by less, in the sum over the three parts, are one. */
const APART = 10;

/** Encodes a picture. */
export function indexedPng({ width, height, rgba }: Pixels): Buffer {
  const colours = paletteOf(rgba);
  const nearest = new Map<number, number>();
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const colour = colourAt(rgba, y * width + x);
      let index = nearest.get(colour);
      if (index === undefined) nearest.set(colour, (index = nearestOf(colours, colour)));
      rows[y * (width + 1) + 1 + x] = index;
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3], 8);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk(
      'PLTE',
      Buffer.from(colours.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255])),
    ),
    chunk('IDAT', deflateSync(rows, { level: 9, memLevel: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function colourAt(rgba: Uint8Array, pixel: number): number {
  const at = pixel * 4;
  return ((rgba[at] ?? 0) << 16) | ((rgba[at + 1] ?? 0) << 8) | (rgba[at + 2] ?? 0);
}

/** The most frequent colours first, none too near to one before it. */
function paletteOf(rgba: Uint8Array): number[] {
  const counts = new Map<number, number>();
  for (let pixel = 0; pixel * 4 < rgba.length; pixel++) {
    const colour = colourAt(rgba, pixel);
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  const chosen: number[] = [];
  for (const [colour] of [...counts].toSorted(([a, many], [b, more]) => more - many || a - b)) {
    if (chosen.length === COLOURS_MAX) break;
    if (chosen.every((other) => distance(colour, other) >= APART)) chosen.push(colour);
  }
  return chosen;
}

function nearestOf(colours: readonly number[], colour: number): number {
  let best = 0;
  for (let i = 1; i < colours.length; i++) {
    if (distance(colour, colours[i] ?? 0) < distance(colour, colours[best] ?? 0)) best = i;
  }
  return best;
}

function distance(a: number, b: number): number {
  return (
    Math.abs((a >> 16) - (b >> 16)) +
    Math.abs(((a >> 8) & 255) - ((b >> 8) & 255)) +
    Math.abs((a & 255) - (b & 255))
  );
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

/** The check sum of PNG. That of `node:zlib` is newer than the oldest Node.js that this runs on. */
function crc32(bytes: Uint8Array): number {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  }
  return ~sum >>> 0;
}
