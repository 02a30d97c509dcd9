// Stats as the binding below node:fs hands them over: numbers in an agreed order.

import type { FileStat } from '../../storage/file-stat.ts';

/** Room that `statfs` shows: half of a disk of 64 GiB is free. */
const BLOCKS = 16_777_216;

/** Makes the array that Node.js makes an `fs.Stats` or `fs.BigIntStats` of. */
export function statValues(stat: FileStat, isBigint: unknown): Float64Array | BigInt64Array {
  const { dev, mode, nlink, uid, gid, rdev, blksize, ino, size, blocks } = stat;
  const values = [dev, mode, nlink, uid, gid, rdev, blksize, ino, size, blocks];
  for (const ms of [stat.atimeMs, stat.mtimeMs, stat.ctimeMs, stat.birthtimeMs]) {
    const seconds = Math.floor(ms / 1000);
    values.push(seconds, Math.round((ms - seconds * 1000) * 1e6));
  }
  return numbers(values, isBigint);
}

/** Makes the array that Node.js makes an `fs.StatFs` of. */
export function statFsValues(isBigint: unknown): Float64Array | BigInt64Array {
  // Type, size of a block, blocks, free, available, inodes, free; newer versions add the size of a fragment.
  return numbers([0xef53, 4096, BLOCKS, BLOCKS / 2, BLOCKS / 2, 4_194_304, 4_000_000, 4096], isBigint);
}

function numbers(values: number[], isBigint: unknown): Float64Array | BigInt64Array {
  return isBigint === true ? BigInt64Array.from(values.map(BigInt)) : Float64Array.from(values);
}
