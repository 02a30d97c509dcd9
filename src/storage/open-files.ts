// The open files of one incarnation: they are closed when it ends, and the files stay.

import fs from 'node:fs';
import type { FaultyFiles } from './faulty-files.ts';
import { FileFailure } from './file-failure.ts';
import { DEVICES, type HostFiles, isFolder } from './host-files.ts';
import { type FileStat, HOST_UMASK, HOST_USER_ID } from './file-stat.ts';
import type { CachedFile } from './pending.ts';

const { O_APPEND, O_CREAT, O_EXCL, O_TRUNC, O_WRONLY } = fs.constants;
const O_ACCMODE = 3;

// Windows has neither.
const O_DIRECTORY = (fs.constants.O_DIRECTORY as number | undefined) ?? 0;
const O_NOFOLLOW = (fs.constants.O_NOFOLLOW as number | undefined) ?? 0;
const O_DSYNC = (fs.constants.O_DSYNC as number | undefined) ?? 0;

/** memfs has the numbers of Linux everywhere. */
const VOLUME_APPEND = 0o2000;

/**
 * Far above the descriptors of the real process: should anything hand one of ours to the operating system, it
 * is refused, and nobody's file is read or closed.
 */
const FIRST_DESCRIPTOR = 1_000_000_000;

const CHARACTER_DEVICE = 0o020666;

/** Bytes that are read or written, and where. */
export interface Span {
  readonly buffer: NodeJS.ArrayBufferView;
  readonly offset: number;
  readonly length: number;
  /** Undefined: where the last one ended. */
  readonly position: number | undefined;
}

interface OpenFile {
  readonly at: string;
  /** The descriptor in the volume. */
  readonly inner: number;
  readonly flags: number;
  readonly ino: number;
  readonly kind: 'file' | 'folder' | 'device';
  /** There where the disk may fail. */
  readonly cached: CachedFile | undefined;
  /** Where the last transfer ended; kept where the disk may fail. */
  place: number;
}

/** What one incarnation has open. Methods throw errors with the code of a system call. */
export class OpenFiles {
  readonly disk: HostFiles;
  /** Asked before something is opened: whether the process can open no more. */
  isFull: () => boolean = () => false;
  readonly #open = new Map<number, OpenFile>();
  readonly #fillRandom: (bytes: Uint8Array) => void;

  constructor(disk: HostFiles, fillRandom: (bytes: Uint8Array) => void) {
    this.disk = disk;
    this.#fillRandom = fillRandom;
    disk.replaceOpenFiles(this);
  }

  /** Opens a file and gives the lowest free descriptor. */
  open(given: string, flags: number, mode: number): number {
    this.makeSureOfRoom();
    const isExclusive = (flags & (O_CREAT | O_EXCL)) === (O_CREAT | O_EXCL);
    const followsLast = !isExclusive && (flags & O_NOFOLLOW) === 0;
    const { at, stat } = this.disk.find(given, { followsLast });
    const kept = stat === undefined ? this.#create(given, at, flags, mode) : stat;
    if (stat !== undefined) this.#check(stat, flags, isExclusive);
    const access = flags & O_ACCMODE;
    const isDevice = DEVICES.includes(at);
    if (!isFolder(kept) && !isDevice) this.disk.load(at);
    const kind = isFolder(kept) ? 'folder' : isDevice ? 'device' : 'file';
    const { faulty } = this.disk;
    const cached = kind === 'file' ? faulty?.cache.hold(kept.ino, at) : undefined;
    if (stat !== undefined && (flags & O_TRUNC) !== 0 && !isDevice) {
      if (cached?.fd === undefined) this.disk.volume.truncateSync(at, 0);
      else if (kept.size > 0) faulty?.truncate({ path: at, inner: cached.fd, file: cached }, 0);
      this.disk.changes.happened(at, 'change');
    }
    const inner = this.disk.volume.openSync(at, access | ((flags & O_APPEND) === 0 ? 0 : VOLUME_APPEND));
    const fd = this.#lowestFree();
    this.#open.set(fd, { at, inner, flags, ino: kept.ino, kind, cached, place: 0 });
    return fd;
  }

  /** To be called before a descriptor is taken. */
  makeSureOfRoom(): void {
    if (this.isFull()) throw new FileFailure('EMFILE');
  }

  close(fd: number): void {
    const { inner, cached } = this.#file(fd);
    this.#open.delete(fd);
    this.disk.volume.closeSync(inner);
    if (cached !== undefined) this.disk.faulty?.cache.release(cached);
  }

  closeAll(): void {
    for (const fd of [...this.#open.keys()]) this.close(fd);
  }

  stat(fd: number): FileStat {
    const { inner, ino, kind } = this.#file(fd);
    const shown = this.disk.shown(this.disk.volume.fstatSync(inner), ino);
    return kind === 'device' ? { ...shown, mode: CHARACTER_DEVICE } : shown;
  }

  /** Reads into a buffer. @returns how many bytes there were. */
  read(fd: number, { buffer, offset, length, position }: Span): number {
    const file = this.#file(fd);
    const { at, inner, flags, kind } = file;
    if ((flags & O_ACCMODE) === O_WRONLY) throw new FileFailure('EBADF');
    if (kind === 'folder') throw new FileFailure('EISDIR');
    const bytes = bytesOf(buffer);
    if (kind === 'device') return this.#readDevice(at, bytes.subarray(offset, offset + length));
    const { faulty } = this.disk;
    if (faulty !== undefined)
      return readFaulty(faulty, file, bytes.subarray(offset, offset + length), position);
    return this.disk.volume.readSync(inner, bytes, offset, length, position ?? null);
  }

  /** Writes from a buffer. @returns how many bytes were taken. */
  write(fd: number, { buffer, offset, length, position }: Span): number {
    const file = this.#file(fd);
    const { at, inner, flags, kind } = file;
    if ((flags & O_ACCMODE) === 0) throw new FileFailure('EBADF');
    if (kind === 'device') return length;
    const bytes = bytesOf(buffer);
    const { faulty } = this.disk;
    const written =
      faulty === undefined
        ? this.disk.volume.writeSync(inner, bytes, offset, length, position ?? null)
        : writeFaulty(faulty, file, bytes.subarray(offset, offset + length), position);
    this.disk.changes.happened(at, 'change');
    return written;
  }

  truncate(fd: number, length: number): void {
    const { at, inner, flags, kind, cached } = this.#file(fd);
    if ((flags & O_ACCMODE) === 0 || kind !== 'file') throw new FileFailure('EINVAL');
    if (cached === undefined) this.disk.volume.ftruncateSync(inner, length);
    else this.disk.faulty?.truncate({ path: at, inner, file: cached }, length);
    this.disk.changes.happened(at, 'change');
  }

  /** Makes durable what was written to a file, or the names in a folder. */
  sync(fd: number): void {
    const { at, kind, cached } = this.#file(fd);
    if (cached !== undefined) this.disk.faulty?.syncFile({ path: at, file: cached });
    else if (kind === 'folder') this.disk.faulty?.syncFolder(at);
  }

  /** How much longer a sync takes than it should, in virtual microseconds. */
  syncDelayUs(fd: number): number {
    const { faulty } = this.disk;
    return faulty === undefined ? 0 : faulty.syncDelayUs(this.#open.get(fd)?.at ?? '');
  }

  chmod(fd: number, mode: number): void {
    this.disk.volume.fchmodSync(this.#file(fd).inner, mode & 0o7777);
  }

  chown(fd: number, uid: number, gid: number): void {
    this.disk.volume.fchownSync(this.#file(fd).inner, uid, gid);
  }

  setTimes(fd: number, atime: number, mtime: number): void {
    this.disk.volume.futimesSync(this.#file(fd).inner, atime, mtime);
  }

  #create(given: string, at: string, flags: number, mode: number): FileStat {
    if ((flags & O_CREAT) === 0) throw new FileFailure('ENOENT');
    if (given.endsWith('/')) throw new FileFailure('EISDIR');
    this.disk.faulty?.creating('create', at);
    this.disk.volume.writeFileSync(at, '', { mode: mode & ~HOST_UMASK & 0o7777 });
    this.disk.created(at);
    const stat = this.disk.statAt(at) as FileStat;
    this.disk.noteCreated('create', at, stat.ino);
    return stat;
  }

  #check(stat: FileStat, flags: number, isExclusive: boolean): void {
    const access = flags & O_ACCMODE;
    if (isExclusive) throw new FileFailure('EEXIST');
    if ((stat.mode & 0o170000) === 0o120000) throw new FileFailure('ELOOP');
    if (isFolder(stat)) {
      if (access !== 0 || (flags & O_CREAT) !== 0) throw new FileFailure('EISDIR');
    } else if ((flags & O_DIRECTORY) !== 0) throw new FileFailure('ENOTDIR');
    const wanted = (access === O_WRONLY ? 0 : 4) | (access === 0 ? 0 : 2);
    if (!permits(stat, wanted)) throw new FileFailure('EACCES');
  }

  #readDevice(at: string, into: Buffer): number {
    if (at === '/dev/null') return 0;
    if (at === '/dev/zero') into.fill(0);
    else this.#fillRandom(into);
    return into.length;
  }

  #file(fd: number): OpenFile {
    const file = this.#open.get(fd);
    if (file === undefined) throw new FileFailure('EBADF');
    return file;
  }

  #lowestFree(): number {
    let fd = FIRST_DESCRIPTOR;
    while (this.#open.has(fd)) fd++;
    return fd;
  }
}

function readFaulty(faulty: FaultyFiles, file: OpenFile, into: Buffer, position: number | undefined): number {
  const { at, inner, cached } = file;
  const from = position ?? file.place;
  const length = faulty.read({ path: at, inner, file: cached as CachedFile, at: from }, into);
  if (position === undefined) file.place = from + length;
  return length;
}

function writeFaulty(
  faulty: FaultyFiles,
  file: OpenFile,
  from: Buffer,
  position: number | undefined,
): number {
  const { at: path, inner, flags, cached } = file;
  const wanted = (flags & O_APPEND) === 0 ? (position ?? file.place) : -1;
  const { at, written } = faulty.write({ path, inner, file: cached as CachedFile, at: wanted }, from);
  if (position === undefined || wanted === -1) file.place = at + written;
  if ((flags & O_DSYNC) !== 0) faulty.syncFile({ path, file: cached as CachedFile });
  return written;
}

/** Whether the user of a host may do what the bits say: 4 read, 2 write, 1 execute. */
export function permits(stat: FileStat, wanted: number): boolean {
  const shift = stat.uid === HOST_USER_ID ? 6 : stat.gid === HOST_USER_ID ? 3 : 0;
  return ((stat.mode >> shift) & wanted) === wanted;
}

function bytesOf(view: NodeJS.ArrayBufferView): Buffer {
  return Buffer.isBuffer(view) ? view : Buffer.from(view.buffer, view.byteOffset, view.byteLength);
}
