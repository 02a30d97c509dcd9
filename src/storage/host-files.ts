// The file system of one machine: a volume in memory (memfs) with the user's project readable through it.
// It outlives the incarnations of its host and goes with the run. Open files are open-files.ts.

import { createRequire } from 'node:module';
import path from 'node:path';
import type * as memfs from 'memfs';
import { bury, type Buried } from './buried.ts';
import { FaultyFiles, type Naming } from './faulty-files.ts';
import { FileFailure } from './file-failure.ts';
import { FileChanges } from './file-changes.ts';
import { type FileStat, HOST_UMASK, type KeptStat, shownStat } from './file-stat.ts';
import type { Interference } from './interference.ts';
import type { Loss, Pending } from './pending.ts';
import { type EntryKind, type Outside, ProjectFiles } from './project-files.ts';
import { ProjectMirror } from './project-mirror.ts';

const LINK_HOPS_MAX = 40;

/** Folders that every host has, besides its working folder. */
const FIRST_FOLDERS = ['/tmp', '/dev', '/home/node'];

/** Files that are devices. */
export const DEVICES: readonly string[] = ['/dev/null', '/dev/random', '/dev/urandom', '/dev/zero'];

/** What a machine says about its disk. */
export interface HostFilesOptions {
  /** Runs code as if no host had called. */
  readonly outside: Outside;
  /** The time that files of the project carry, in milliseconds since 1970. */
  readonly projectTimeMs: number;
  /** Default: the project around the real working folder. */
  readonly project?: ProjectFiles;
  /** Where a fault plan is about this disk. */
  readonly interference?: Interference | undefined;
}

/** Where a path leads: an absolute path without links in its folders, and what there is. */
export interface Place {
  readonly at: string;
  readonly stat: FileStat | undefined;
}

/** The files of one machine. Paths are absolute; methods throw errors with the code of a system call. */
export class HostFiles {
  readonly changes: FileChanges = new FileChanges();
  /** Reading and writing by descriptor is left to open-files.ts. */
  readonly volume: memfs.Volume;
  /** What is not durable yet, and what befalls operations; undefined where no fault is about this disk. */
  readonly faulty: FaultyFiles | undefined;
  readonly #mirror: ProjectMirror;
  readonly #projectTimeMs: number;
  readonly #userId: number;
  readonly #groupId: number;
  /** Canonical paths that are known to be folders. */
  #folders = new Set<string>();
  /** The inode numbers that hosts see, by those of the volume, which follow the order of first looks. */
  readonly #inodes = new Map<number, number>();
  #lastInode = 1;
  #openFiles: { closeAll(): void } | undefined;

  constructor(options: HostFilesOptions) {
    const { outside, projectTimeMs } = options;
    const { Volume } = outside(loadMemfs);
    this.volume = new Volume();
    this.#userId = outside(() => process.getuid?.() ?? 0);
    this.#groupId = outside(() => process.getgid?.() ?? 0);
    this.#projectTimeMs = projectTimeMs;
    const project = options.project ?? new ProjectFiles(outside);
    this.#mirror = new ProjectMirror(this.volume, project, projectTimeMs);
    for (const folder of [...FIRST_FOLDERS, ...this.#mirror.roots]) this.#makeFirst(folder);
    for (const device of DEVICES) {
      this.volume.writeFileSync(device, '', { mode: 0o666 });
      this.#number(device);
    }
    const { interference } = options;
    this.faulty = interference === undefined ? undefined : new FaultyFiles(this.volume, interference);
  }

  /**
   * Loses power: what was not synced may be gone, or gone in part. `choose` says what; the rest is durable.
   *
   * @returns What was really lost.
   */
  losePower(choose: (pending: readonly Pending[]) => readonly Loss[]): readonly Loss[] {
    if (this.faulty === undefined) return [];
    const lost = this.faulty.losePower(choose);
    this.#folders = new Set();
    return lost;
  }

  /** Begins with the open files of the next incarnation: those of the one before are closed. */
  replaceOpenFiles(openFiles: { closeAll(): void }): void {
    this.#openFiles?.closeAll();
    this.#openFiles = openFiles;
    this.changes.clear();
  }

  /** Finds where a path leads. @throws for a folder on the way that is missing, no folder, or a loop. */
  find(given: string, { followsLast }: { followsLast: boolean }): Place {
    const mustBeFolder = /\/\.?$/.test(given);
    const rest = namesOf(given).toReversed();
    let at = '';
    for (let hops = 0; rest.length > 0;) {
      const name = rest.pop() as string;
      if (name === '..') {
        at = at.slice(0, Math.max(0, at.lastIndexOf('/')));
        continue;
      }
      const next = `${at}/${name}`;
      const isLast = rest.length === 0;
      if (!isLast && this.#folders.has(next)) {
        at = next;
        continue;
      }
      const kept = this.#look(next);
      if (kept === undefined) {
        if (isLast) return { at: next, stat: undefined };
        throw new FileFailure('ENOENT');
      }
      if (kept.isSymbolicLink() && (!isLast || followsLast || mustBeFolder)) {
        if (++hops > LINK_HOPS_MAX) throw new FileFailure('ELOOP');
        const target = String(this.volume.readlinkSync(next));
        if (target.startsWith('/')) at = '';
        rest.push(...namesOf(target).toReversed());
        continue;
      }
      if (kept.isDirectory()) this.#folders.add(next);
      else if (!isLast || mustBeFolder) throw new FileFailure('ENOTDIR');
      if (isLast) return { at: next, stat: this.#shown(next, kept) };
      at = next;
    }
    const folder = at === '' ? '/' : at;
    return { at: folder, stat: this.statAt(folder) };
  }

  /** Finds what must be there. @throws `ENOENT` if nothing is. */
  existing(given: string, { followsLast }: { followsLast: boolean }): { at: string; stat: FileStat } {
    const { at, stat } = this.find(given, { followsLast });
    if (stat === undefined) throw new FileFailure('ENOENT');
    return { at, stat };
  }

  /** What there is at a canonical path, itself no link that is followed. */
  statAt(at: string): FileStat | undefined {
    const kept = this.#look(at);
    return kept === undefined ? undefined : this.#shown(at, kept);
  }

  /** Makes the content of a file of the project ready to be read and written. */
  load(at: string): void {
    this.#mirror.load(at);
  }

  /** The names in a folder with what they are, in the order of their bytes. */
  list(given: string): [name: string, kind: EntryKind][] {
    const { at, stat } = this.existing(given, { followsLast: true });
    if (!isFolder(stat)) throw new FileFailure('ENOTDIR');
    const kinds = this.#mirror.list(at);
    for (const name of this.volume.readdirSync(at) as string[]) {
      const kept = this.volume.lstatSync(path.join(at, name));
      kinds.set(name, kept.isDirectory() ? 'folder' : kept.isSymbolicLink() ? 'link' : 'file');
    }
    return [...kinds].toSorted(([left], [right]) => (left < right ? -1 : 1));
  }

  makeFolder(given: string, mode: number): string {
    const { at, stat } = this.find(given, { followsLast: false });
    if (stat !== undefined) throw new FileFailure('EEXIST');
    this.faulty?.creating('makeFolder', at);
    this.volume.mkdirSync(at, { mode: mode & ~HOST_UMASK & 0o7777 });
    this.created(at);
    this.noteCreated('makeFolder', at);
    return at;
  }

  removeFolder(given: string): void {
    const { at, stat } = this.existing(given, { followsLast: false });
    if (!isFolder(stat)) throw new FileFailure('ENOTDIR');
    if (/\/\.$|^\.$/.test(given)) throw new FileFailure('EINVAL');
    if (at === '/') throw new FileFailure('EBUSY');
    if (this.list(at).length > 0) throw new FileFailure('ENOTEMPTY');
    this.#remove(at, stat, 'removeFolder');
  }

  removeFile(given: string): void {
    const { at, stat } = this.existing(given, { followsLast: false });
    if (isFolder(stat)) throw new FileFailure('EISDIR');
    this.load(at); // It may be open, or have another name.
    this.#remove(at, stat, 'remove');
  }

  rename(from: string, to: string): void {
    const source = this.existing(from, { followsLast: false });
    const target = this.find(to, { followsLast: false });
    if (source.at === target.at || source.stat.ino === target.stat?.ino) return;
    if (target.at.startsWith(`${source.at}/`)) throw new FileFailure('EINVAL');
    if (source.at.startsWith(`${target.at}/`)) throw new FileFailure('ENOTEMPTY');
    const movesFolder = isFolder(source.stat);
    let replaced: Buried | undefined;
    if (target.stat !== undefined) {
      if (movesFolder && !isFolder(target.stat)) throw new FileFailure('ENOTDIR');
      if (!movesFolder && isFolder(target.stat)) throw new FileFailure('EISDIR');
      if (movesFolder && this.list(target.at).length > 0) throw new FileFailure('ENOTEMPTY');
      if (!movesFolder) this.load(target.at);
      replaced = this.#remove(target.at, target.stat);
    }
    this.#bringAll(source.at);
    this.#move(source.at, target.at);
    this.#noteNamed({
      operation: 'rename',
      path: source.at,
      to: target.at,
      undo: () => {
        this.#move(target.at, source.at);
        replaced?.restore();
      },
      release: () => replaced?.release(),
    });
    this.#folders = new Set();
    this.#mirror.hide(source.at);
    this.#mirror.hide(target.at);
    this.changes.happened(source.at, 'rename');
    this.changes.happened(target.at, 'rename');
  }

  link(from: string, to: string): void {
    const source = this.existing(from, { followsLast: false });
    const target = this.find(to, { followsLast: false });
    if (target.stat !== undefined) throw new FileFailure('EEXIST');
    if (isFolder(source.stat)) throw new FileFailure('EPERM');
    this.load(source.at);
    this.volume.linkSync(source.at, target.at);
    this.changes.happened(target.at, 'rename');
    this.#noteNamed({
      operation: 'link',
      path: source.at,
      to: target.at,
      undo: () => this.volume.unlinkSync(target.at),
    });
  }

  symlink(target: string, given: string): void {
    if (target === '') throw new FileFailure('ENOENT');
    const { at, stat } = this.find(given, { followsLast: false });
    if (stat !== undefined) throw new FileFailure('EEXIST');
    this.volume.symlinkSync(target, at);
    this.created(at);
    this.noteCreated('create', at);
  }

  linkTarget(given: string): string {
    const { at, stat } = this.existing(given, { followsLast: false });
    if ((stat.mode & 0o170000) !== 0o120000) throw new FileFailure('EINVAL');
    return String(this.volume.readlinkSync(at));
  }

  /** Numbers what was just made at a canonical path, and tells who watches. */
  created(at: string): void {
    this.#number(at);
    this.changes.happened(at, 'rename');
  }

  /** Notes that a file, link or folder was created, where that can be lost. */
  noteCreated(operation: 'create' | 'makeFolder', at: string, ino?: number): void {
    this.#noteNamed({
      operation,
      path: at,
      ...(ino === undefined ? {} : { created: ino }),
      undo: () => this.volume.rmSync(at, { recursive: true, force: true }),
    });
  }

  #noteNamed(naming: Naming): void {
    this.faulty?.named(naming);
  }

  /** Removes what is at a path; `operation` is what it is noted as. @returns how to take it back. */
  #remove(at: string, stat: FileStat, operation?: 'remove' | 'removeFolder'): Buried | undefined {
    const { volume, faulty } = this;
    const numbered = (): unknown => this.#inodes.set(volume.lstatSync(at).ino, stat.ino);
    const buried = faulty && bury({ volume, cache: faulty.cache, at, stat, numbered });
    if (isFolder(stat)) this.volume.rmdirSync(at);
    else this.volume.unlinkSync(at);
    this.#removed(at);
    if (buried === undefined || operation === undefined) return buried;
    const { restore: undo, release } = buried;
    this.#noteNamed({ operation, path: at, undo, release });
    return undefined;
  }

  #look(at: string): KeptStat | undefined {
    const kept = this.volume.lstatSync(at, { throwIfNoEntry: false });
    if (kept !== undefined) return kept;
    if (!this.#mirror.bring(at)) return undefined;
    const brought = this.volume.lstatSync(at);
    this.#inodes.set(brought.ino, this.#mirror.inodeOf(at));
    return brought;
  }

  #shown(at: string, kept: KeptStat): FileStat {
    const ino = this.#inodes.get(Number(kept.ino)) ?? 0;
    const size = kept.isSymbolicLink()
      ? Buffer.byteLength(String(this.volume.readlinkSync(at)))
      : this.#mirror.unreadSize(at);
    return this.shown(kept, ino, size);
  }

  /** What a host sees of what the volume says about an inode. */
  shown(kept: KeptStat, ino: number, size?: number): FileStat {
    return shownStat(kept, {
      ino,
      size,
      projectTimeMs: ino >= 2 ** 32 ? this.#projectTimeMs : undefined,
      realUserId: this.#userId,
      realGroupId: this.#groupId,
    });
  }

  #number(at: string): void {
    this.#inodes.set(this.volume.lstatSync(at).ino, ++this.#lastInode);
  }

  #removed(at: string): void {
    this.#folders = new Set();
    this.#mirror.hide(at);
    this.changes.happened(at, 'rename');
  }

  /** memfs follows a link that is to be moved: links are made anew. */
  #move(from: string, to: string): void {
    if (!this.volume.lstatSync(from).isSymbolicLink()) {
      this.volume.renameSync(from, to);
      return;
    }
    const target = this.volume.readlinkSync(from);
    this.volume.unlinkSync(from);
    this.volume.symlinkSync(target, to);
    this.#number(to);
  }

  #bringAll(at: string): void {
    const stat = this.statAt(at);
    if (stat === undefined) return;
    if (isFolder(stat)) for (const [name] of this.list(at)) this.#bringAll(path.join(at, name));
    else this.load(at);
  }

  #makeFirst(folder: string): void {
    let at = '';
    for (const name of namesOf(folder)) {
      at = `${at}/${name}`;
      if (this.volume.existsSync(at)) continue;
      this.volume.mkdirSync(at, { mode: at === '/tmp' ? 0o1777 : 0o755 });
      this.#number(at);
      this.volume.utimesSync(at, this.#projectTimeMs / 1000, this.#projectTimeMs / 1000);
    }
  }
}

/** Whether a stat is of a folder. */
export function isFolder(stat: FileStat): boolean {
  return (stat.mode & 0o170000) === 0o040000;
}

function namesOf(given: string): string[] {
  return given.split('/').filter((name) => name !== '' && name !== '.');
}

/** memfs takes longer to load than a hundred runs: hosts that touch no file are spared it. */
function loadMemfs(): typeof memfs {
  return createRequire(import.meta.url)('memfs') as typeof memfs;
}
