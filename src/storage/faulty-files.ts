// The files of a host whose disk a fault plan is about: operations go through a cache that a power loss
// takes, and may fail, come short or go wrong. Other hosts do without.

import type * as memfs from 'memfs';
import { FileFailure } from './file-failure.ts';
import { DiskCounts, flipBit, type DiskOperation, type DiskVerdict } from './interference.ts';
import type { Interference } from './interference.ts';
import type { CachedFile, Loss, NameChange, Pending } from './pending.ts';
import { WriteCache } from './write-cache.ts';

/** An open file, and where in it something is read or written. */
export interface Spot {
  /** The name by which it was opened. */
  readonly path: string;
  /** Its descriptor in the volume. */
  readonly inner: number;
  readonly file: CachedFile;
  /** The first byte; -1 for the end of the file. */
  readonly at: number;
}

/** A change of names, as it is noted. */
export type Naming = Pick<NameChange, 'operation' | 'path' | 'undo'> &
  Partial<Pick<NameChange, 'to' | 'created' | 'release'>>;

/** What befalls the files of one host. */
export class FaultyFiles {
  readonly cache: WriteCache;
  readonly #counts = new DiskCounts();
  readonly #volume: memfs.Volume;
  readonly #interference: Interference;

  constructor(volume: memfs.Volume, interference: Interference) {
    this.#volume = volume;
    this.#interference = interference;
    this.cache = new WriteCache(volume);
  }

  /** Reads into a buffer. @returns how many bytes there were. */
  read({ path, inner, file, at }: Spot, into: Buffer): number {
    const { verdict } = this.#befall('read', path, into.length);
    if (verdict?.kind === 'fail') throw failed(verdict);
    if (verdict?.kind === 'stale') {
      const old = this.cache.before(file.ino)?.subarray(at, at + into.length);
      const now = this.cache.bytesOf(inner, at, into.length);
      if (old !== undefined && !old.equals(now)) {
        verdict.struck();
        return old.copy(into);
      }
    }
    const length = this.#volume.readSync(inner, into, 0, into.length, at);
    if (verdict?.kind === 'flip' && length > 0) {
      verdict.struck();
      flipBit(into.subarray(0, length), verdict.bit);
    }
    return length;
  }

  /** Writes to a file. @returns how many bytes were taken, and where. */
  write({ path, inner, file, at: given }: Spot, from: Buffer): { at: number; written: number } {
    const { verdict, nth } = this.#befall('write', path, from.length);
    if (verdict?.kind === 'fail') throw failed(verdict);
    const isShort = verdict?.kind === 'short' && verdict.bytes < from.length;
    if (isShort) verdict.struck();
    const bytes = Buffer.from(isShort ? from.subarray(0, verdict.bytes) : from);
    const sizeBefore = this.cache.sizeOf(inner);
    const at = given === -1 ? sizeBefore : given;
    const before = this.cache.bytesOf(file.fd as number, at, bytes.length);
    const change = { operation: 'write' as const, path, nth, file, length: 0, isForgotten: false };
    this.#volume.writeSync(inner, bytes, 0, bytes.length, given === -1 ? null : at);
    if (verdict?.kind === 'lose' || verdict?.kind === 'misdirect') {
      verdict.struck();
      const old = Buffer.alloc(bytes.length);
      before.copy(old);
      this.#put(file, old, at);
      this.cache.changed({ ...change, at, bytes: old, before, sizeBefore });
      if (verdict.kind === 'misdirect') this.#misdirect(change, { bytes, at: at + verdict.byBytes });
    } else this.cache.changed({ ...change, at, bytes, before, sizeBefore });
    return { at, written: bytes.length };
  }

  truncate({ path, inner, file }: Omit<Spot, 'at'>, length: number): void {
    const sizeBefore = this.cache.sizeOf(inner);
    const before = this.cache.bytesOf(file.fd as number, length, sizeBefore);
    this.#volume.ftruncateSync(file.fd as number, length);
    this.cache.changed({
      operation: 'truncate',
      path,
      nth: this.#counts.next('truncate', path),
      file,
      at: length,
      bytes: Buffer.alloc(0),
      before,
      sizeBefore,
      length,
      isForgotten: false,
    });
  }

  /** Makes a file durable. */
  syncFile({ path, file }: Pick<Spot, 'path' | 'file'>): void {
    const { verdict } = this.#befall('sync', path, 0);
    if (verdict?.kind !== 'fail') {
      this.cache.syncFile(file.ino);
      return;
    }
    if (verdict.drops) this.cache.drop(file.ino);
    else this.cache.forget(file.ino);
    throw failed(verdict);
  }

  /** Makes the names in a folder durable. */
  syncFolder(path: string): void {
    const { verdict } = this.#befall('sync', path, 0);
    if (verdict?.kind === 'fail') throw failed(verdict);
    this.cache.syncFolder(path);
  }

  /** How much longer a sync takes than it should. */
  syncDelayUs(path: string): number {
    return this.#interference.delayUs({
      operation: 'sync',
      path,
      nth: this.#counts.next('sync begun', path),
      bytes: 0,
    });
  }

  /** Asks whether a file or folder can be created. @throws if not. */
  creating(operation: 'create' | 'makeFolder', path: string): void {
    const { verdict } = this.#befall(operation, path, 0);
    if (verdict?.kind === 'fail') throw failed(verdict);
  }

  /** Notes a change of names that was made. */
  named({ release = () => {}, ...naming }: Naming): void {
    const nth = this.#counts.next(`name ${naming.operation}`, naming.path);
    this.cache.named({ ...naming, nth, release });
  }

  /** Loses some of what is not durable. @returns what was really lost. */
  losePower(choose: (pending: readonly Pending[]) => readonly Loss[]): readonly Loss[] {
    return this.cache.lose(choose(this.cache.pending));
  }

  #befall(
    operation: DiskOperation,
    path: string,
    bytes: number,
  ): { verdict: DiskVerdict | undefined; nth: number } {
    const nth = this.#counts.next(operation, path);
    return { verdict: this.#interference.befall({ operation, path, nth, bytes }), nth };
  }

  /** What is written elsewhere goes no further than the file. */
  #misdirect(
    change: {
      operation: 'write';
      path: string;
      nth: number;
      file: CachedFile;
      length: number;
      isForgotten: boolean;
    },
    { bytes, at }: { bytes: Buffer; at: number },
  ): void {
    const { file } = change;
    const size = this.cache.sizeOf(file.fd as number);
    if (at < 0 || at >= size) return;
    const fitting = bytes.subarray(0, size - at);
    const before = this.cache.bytesOf(file.fd as number, at, fitting.length);
    this.#put(file, fitting, at);
    this.cache.changed({ ...change, at, bytes: fitting, before, sizeBefore: size });
  }

  #put({ fd }: CachedFile, bytes: Buffer, at: number): void {
    if (bytes.length > 0) this.#volume.writeSync(fd as number, bytes, 0, bytes.length, at);
  }
}

function failed(verdict: DiskVerdict & { kind: 'fail' }): FileFailure {
  verdict.struck();
  return new FileFailure(verdict.code);
}
