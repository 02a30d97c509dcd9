// What may befall a single operation on a disk, as storage sees it. Who decides it is the fault plan.

import type { Loss, Pending } from './pending.ts';

/** What a host does to its disk, as faults name it. */
export type DiskOperation =
  | 'read'
  | 'write'
  | 'sync'
  | 'truncate'
  | 'create'
  | 'makeFolder'
  | 'remove'
  | 'removeFolder'
  | 'rename'
  | 'link';

/** One operation: the `nth` (from 1) of its kind on that path, over all incarnations of the host. */
export interface DiskCall {
  readonly operation: DiskOperation;
  /** An absolute path without links; `disk:` and the key for the key-value store. */
  readonly path: string;
  readonly nth: number;
  /** How many bytes are read or written. */
  readonly bytes: number;
}

/** What becomes of an operation that does not go as it was asked. */
export type DiskVerdict = {
  /** To be called when it makes a difference. */
  readonly struck: () => void;
} & (
  | { readonly kind: 'fail'; readonly code: 'EIO' | 'ENOSPC'; readonly drops: boolean }
  | { readonly kind: 'short'; readonly bytes: number }
  | { readonly kind: 'flip'; readonly bit: number }
  | { readonly kind: 'stale' }
  | { readonly kind: 'lose' }
  /** Only for a key: it is written after the next write of that key. */
  | { readonly kind: 'swap' }
  | { readonly kind: 'misdirect'; readonly byBytes: number }
);

/** Decides what befalls one disk. */
export interface Interference {
  /** Holds something while the disk is full; the first is called when an operation meets it. */
  readonly fills: Set<() => void>;
  /** @returns undefined where everything goes as it was asked. */
  befall(call: DiskCall): DiskVerdict | undefined;
  /** How much longer a sync takes that does not hold the thread, in virtual microseconds. */
  delayUs(call: DiskCall): number;
  /** What a power loss takes of what is not durable. */
  losses(pending: readonly Pending[]): readonly Loss[];
}

/** Counts the operations on one disk, to name them. */
export class DiskCounts {
  readonly #counts = new Map<string, number>();

  /** The next one of its kind on that path. */
  next(operation: string, path: string): number {
    const key = `${operation} ${path}`;
    const nth = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.set(key, nth);
    return nth;
  }
}

/** A bit of some bytes, turned over in place. */
export function flipBit(bytes: Uint8Array, bit: number): void {
  const at = Math.floor(bit / 8) % bytes.length;
  bytes[at] = (bytes[at] as number) ^ (1 << (bit % 8));
}
