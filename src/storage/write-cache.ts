// The cache between a host's files and its disk: what was written or named and is not durable yet, what a
// sync makes of it, and what is left after a power loss. Only for hosts whose disk a fault plan is about.

import path from 'node:path';
import type * as memfs from 'memfs';
import {
  areOrdered,
  isContent,
  isLeft,
  withChange,
  withoutChange,
  type CachedFile,
  type ContentChange,
  type Loss,
  type NameChange,
  type Pending,
} from './pending.ts';

/** How many changes may wait. The oldest are written back then, as an operating system does at any time. */
const PENDING_MAX = 2_000;

/** The unsynced changes of one volume. */
export class WriteCache {
  readonly #volume: memfs.Volume;
  readonly #files = new Map<number, CachedFile>();
  /** In the order in which they were made. */
  readonly #pending = new Set<Pending>();

  constructor(volume: memfs.Volume) {
    this.#volume = volume;
  }

  /** What is not durable, in the order in which it was made. */
  get pending(): readonly Pending[] {
    return [...this.#pending];
  }

  /** Keeps the content of a file in reach, until {@link release}. */
  hold(ino: number, at: string): CachedFile {
    let file = this.#files.get(ino);
    if (file === undefined) this.#files.set(ino, (file = { ino, fd: undefined, holds: 0, recent: [] }));
    file.fd ??= this.#volume.openSync(at, 'r+');
    file.holds++;
    return file;
  }

  release(file: CachedFile): void {
    if (--file.holds > 0 || file.fd === undefined) return;
    this.#volume.closeSync(file.fd);
    file.fd = undefined;
  }

  /** A copy of what is in a file that is held. */
  contentOf({ fd }: CachedFile): Buffer {
    return this.bytesOf(fd as number, 0, this.sizeOf(fd as number));
  }

  /** A copy of some bytes, as far as they are there. */
  bytesOf(fd: number, from: number, length: number): Buffer {
    const bytes = Buffer.alloc(Math.max(0, Math.min(length, this.sizeOf(fd) - from)));
    if (bytes.length > 0) this.#volume.readSync(fd, bytes, 0, bytes.length, from);
    return bytes;
  }

  sizeOf(fd: number): number {
    return this.#volume.fstatSync(fd).size;
  }

  /** Notes a change of content. */
  changed(change: ContentChange): void {
    const { file } = change;
    if (change.operation === 'write' && change.bytes.length === 0) return;
    file.holds++;
    this.#pending.add(change);
    // A file that is emptied and written anew changed once.
    const [first, ...others] = file.recent;
    const goesOn = change.operation === 'write' && first?.operation === 'truncate' && others.length === 0;
    file.recent = goesOn ? [first, change] : [change];
    this.#limit();
  }

  /** Notes a change of names. */
  named(change: NameChange): void {
    this.#pending.add(change);
    this.#limit();
  }

  /** Makes the content of a file durable. Not its name: that is for its folder. */
  syncFile(ino: number): void {
    for (const change of this.#pending) {
      if (isContent(change) && change.file.ino === ino && !change.isForgotten) this.#keep(change);
    }
  }

  /** Makes the names in a folder durable, and with them whatever names they depend on. */
  syncFolder(at: string): void {
    const kept: Pending[] = [];
    for (const change of this.pending.toReversed()) {
      if (isContent(change)) continue;
      const isHere = [change.path, change.to].some((name) => name !== undefined && path.dirname(name) === at);
      if (isHere || kept.some((later) => areOrdered(change, later))) kept.push(change);
    }
    for (const change of kept) this.#keep(change);
  }

  /** Makes everything durable, as an orderly shutdown does. */
  syncAll(): void {
    for (const change of this.#pending) this.#keep(change);
  }

  /** A sync failed. The system takes for clean what it could not write: no later sync writes it. */
  forget(ino: number): void {
    for (const change of this.#pending) {
      if (isContent(change) && change.file.ino === ino) change.isForgotten = true;
    }
  }

  /**
   * A sync failed and the cache was dropped: what is read is what the disk has, or zeros where it has
   * nothing.
   */
  drop(ino: number): void {
    const changes = this.#changesOf(ino);
    const file = changes[0]?.file;
    if (file === undefined) return;
    const content = this.contentOf(file);
    const old = changes.reduceRight(withoutChange, content);
    const dropped = Buffer.alloc(content.length);
    old.copy(dropped);
    this.#replace(file, dropped);
    for (const change of changes) this.#keep(change);
  }

  /** What was in a file before its last change; undefined if nothing is known of it. */
  before(ino: number): Buffer | undefined {
    const file = this.#files.get(ino);
    if (file === undefined || file.recent.length === 0) return undefined;
    return file.recent.reduceRight(withoutChange, this.contentOf(file));
  }

  /**
   * Loses some of what is not durable; the rest is durable from now on. What something depends on that comes
   * through is not lost.
   *
   * @returns What was really lost.
   */
  lose(losses: readonly Loss[]): readonly Loss[] {
    const byChange = this.#lost(losses);
    const applied = losses.filter((loss) => [...byChange.values()].some((each) => each.includes(loss)));
    const files = new Set([...byChange.keys()].filter(isContent).map(({ file }) => file));
    for (const file of files) {
      const changes = this.#changesOf(file.ino);
      const durable = changes.reduceRight(withoutChange, this.contentOf(file));
      const left = changes.reduce(
        (content, change) => withChange(content, change, byChange.get(change) ?? []),
        durable,
      );
      this.#replace(file, left);
    }
    for (const change of this.pending.toReversed()) {
      if (!isContent(change) && byChange.has(change)) change.undo();
    }
    this.syncAll();
    this.#reset();
    return applied;
  }

  /** Which losses there are for each change, without those that cannot be. */
  #lost(losses: readonly Loss[]): Map<Pending, Loss[]> {
    const byChange = new Map<Pending, Loss[]>();
    const kept: Pending[] = [];
    for (const change of this.pending.toReversed()) {
      const own = losses.filter((loss) => concerns(loss, change));
      const isNeeded = kept.some((later) => dependsOn(later, change));
      if (own.length === 0 || isNeeded) kept.push(change);
      else {
        byChange.set(change, own);
        if (isContent(change) && isLeft(change, own)) kept.push(change);
      }
    }
    return byChange;
  }

  #changesOf(ino: number): ContentChange[] {
    return this.pending.filter(isContent).filter(({ file }) => file.ino === ino);
  }

  /** Nothing is open after a power loss, and files that came back are others. */
  #reset(): void {
    for (const file of this.#files.values()) {
      if (file.fd !== undefined) this.#volume.closeSync(file.fd);
      file.fd = undefined;
    }
    this.#files.clear();
  }

  #replace({ fd }: CachedFile, content: Buffer): void {
    this.#volume.ftruncateSync(fd as number, 0);
    if (content.length > 0) this.#volume.writeSync(fd as number, content, 0, content.length, 0);
  }

  #keep(change: Pending): void {
    if (!this.#pending.delete(change)) return;
    if (isContent(change)) this.release(change.file);
    else change.release();
  }

  #limit(): void {
    if (this.#pending.size <= PENDING_MAX) return;
    const [oldest] = this.#pending;
    if (oldest !== undefined) this.#keep(oldest);
  }
}

/** Whether one change can only be durable if an earlier one is. */
export function dependsOn(later: Pending, earlier: Pending): boolean {
  if (isContent(later) !== isContent(earlier)) return false;
  if (!isContent(later) || !isContent(earlier)) return areOrdered(later, earlier);
  // Bytes that are written after a truncation have no place on the disk without it.
  return later.file === earlier.file && earlier.operation === 'truncate';
}

function concerns(loss: Loss, change: Pending): boolean {
  if (loss.operation !== change.operation || loss.path !== change.path || loss.nth !== change.nth)
    return false;
  if (change.operation !== 'write' || loss.fromByte === undefined) return true;
  const { at, bytes } = change as ContentChange;
  return loss.fromByte < at + bytes.length && (loss.toByte ?? Infinity) > at;
}
