// What was done to a disk and is not durable yet: changes of content and changes of names, and what a power
// loss took of them, as plain data.

import type { DiskOperation } from './interference.ts';

/**
 * A fact about a power loss: an operation that was never synced, and that the disk has nothing of, or not
 * all. Everything else that was not synced came through.
 */
export interface Loss {
  readonly operation: DiskOperation;
  readonly path: string;
  /** Where a `rename` or `link` led. */
  readonly to?: string;
  /** Which one of its kind on that path, from 1. */
  readonly nth: number;
  /** The bytes of the file that a `write` lost: from this one ... */
  readonly fromByte?: number;
  /** ... to the one before this one. */
  readonly toByte?: number;
  /** The length of the file came through, and its bytes did not: they read as zeros. */
  readonly leavesZeros?: boolean;
}

/** A file with the changes of its content. */
export interface CachedFile {
  readonly ino: number;
  /** Opened for the disk itself, so that its content is in reach whatever its names are. */
  fd: number | undefined;
  /** How many descriptors and pending changes need `fd`. */
  holds: number;
  /** The last changes, synced or not: without them it is as it was before. */
  recent: ContentChange[];
}

/** A change of a file's content. */
export interface ContentChange {
  readonly operation: 'write' | 'truncate';
  readonly path: string;
  readonly nth: number;
  readonly file: CachedFile;
  /** The first byte that changed. */
  readonly at: number;
  /** What was written; empty for a truncation. */
  readonly bytes: Buffer;
  /** What was there before, as far as there was anything. */
  readonly before: Buffer;
  readonly sizeBefore: number;
  /** The length that a truncation gave the file. */
  readonly length: number;
  /** A sync of it failed: the system takes it for written, and no later sync writes it. */
  isForgotten: boolean;
}

/** A change of names. */
export interface NameChange {
  readonly operation: Exclude<DiskOperation, 'read' | 'sync' | 'truncate'>;
  readonly path: string;
  readonly to?: string;
  readonly nth: number;
  /** The file that it created, if it did. */
  readonly created?: number;
  /** Takes it back. Called only when nothing after it that concerns the same names is left. */
  readonly undo: () => void;
  /** Called when it can no longer be taken back. */
  readonly release: () => void;
}

/** A change that is not durable yet. */
export type Pending = ContentChange | NameChange;

/** Tells a change of content from one of names. */
export function isContent(change: Pending): change is ContentChange {
  return 'file' in change;
}

/**
 * Whether two changes of names can only become durable in their order: one concerns a name of the other, or a
 * folder that it lies in.
 */
export function areOrdered(left: Pick<Loss, 'path' | 'to'>, right: Pick<Loss, 'path' | 'to'>): boolean {
  return namesOf(left).some((one) => namesOf(right).some((other) => touches(one, other)));
}

function namesOf({ path, to }: Pick<Loss, 'path' | 'to'>): string[] {
  return to === undefined ? [path] : [path, to];
}

function touches(one: string, other: string): boolean {
  return one === other || one.startsWith(`${other}/`) || other.startsWith(`${one}/`);
}

/** The content without a change that was the last one. */
export function withoutChange(content: Buffer, change: ContentChange): Buffer {
  const old = sized(content, change.sizeBefore);
  change.before.copy(old, change.at);
  return old;
}

/** The content with a change, but for what was lost of it. */
export function withChange(content: Buffer, change: ContentChange, losses: readonly Loss[]): Buffer {
  if (change.operation === 'truncate') return losses.length > 0 ? content : sized(content, change.length);
  let next = content;
  for (const [from, to] of keptParts(change, losses)) {
    next = sized(next, Math.max(next.length, to));
    change.bytes.copy(next, from, from - change.at, to - change.at);
  }
  for (const { leavesZeros, toByte = 0 } of losses) {
    const end = Math.min(toByte, change.at + change.bytes.length);
    if (leavesZeros === true && end > next.length) next = sized(next, end);
  }
  return next;
}

/** Whether there is anything left of a change. */
export function isLeft(change: ContentChange, losses: readonly Loss[]): boolean {
  if (change.operation === 'truncate') return losses.length === 0;
  return keptParts(change, losses).length > 0 || losses.some(({ leavesZeros }) => leavesZeros === true);
}

/** The stretches of the file that a write changed and no loss concerns. */
function keptParts(change: ContentChange, losses: readonly Loss[]): [from: number, to: number][] {
  const parts: [number, number][] = [];
  let from = change.at;
  const end = change.at + change.bytes.length;
  for (const loss of losses.toSorted((left, right) => (left.fromByte ?? 0) - (right.fromByte ?? 0))) {
    const lostFrom = loss.fromByte ?? change.at;
    if (lostFrom > from) parts.push([from, Math.min(lostFrom, end)]);
    from = Math.max(from, loss.toByte ?? end);
  }
  if (from < end) parts.push([from, end]);
  return parts;
}

/** A copy of another length, filled with zeros. */
function sized(content: Buffer, length: number): Buffer {
  const copy = Buffer.alloc(length);
  content.copy(copy);
  return copy;
}
