// The functions of the binding below node:fs that take paths.

import path from 'node:path';
import { type HostFiles, isFolder } from '../../storage/host-files.ts';
import { permits } from '../../storage/open-files.ts';
import type { FileStat } from '../../storage/file-stat.ts';
import { drawInteger } from '../random-values.ts';
import { copyFile } from './copy-file.ts';
import { KIND_CODES } from './entry-kinds.ts';
import { systemCallError } from './fs-error.ts';
import { statFsValues, statValues } from './stat-values.ts';
import type { FileCall } from './file-call.ts';
import type { FileScope } from './file-scope.ts';

const LOOK_US = 30;
const CHANGE_US = 60;

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

const follow = { followsLast: true };
const doNotFollow = { followsLast: false };

type Perform = (disk: HostFiles, args: readonly unknown[], scope: FileScope) => unknown;

/** A call with one path. `rest` counts the arguments between the path and the request. */
function onPath(syscall: string, us: number, rest: number, perform: Perform): FileCall {
  return {
    syscall,
    us,
    paths: 1,
    request: 1 + rest,
    perform: (scope, args) => perform(scope.files.disk, args, scope),
  };
}

function onTwoPaths(syscall: string, rest: number, perform: Perform): FileCall {
  return { ...onPath(syscall, CHANGE_US, rest + 1, perform), paths: 2 };
}

/** The functions that look. */
const looking: Record<string, FileCall> = {
  access: onPath('access', LOOK_US, 1, (disk, [at, mode]) => {
    const { stat } = disk.existing(at as string, follow);
    if (!permits(stat, mode as number)) throw systemCallError('EACCES', { syscall: '' });
  }),
  stat: onPath('stat', LOOK_US, 1, (disk, [at, isBigint, , mustExist]) =>
    statOf(disk, at as string, follow, isBigint, mustExist),
  ),
  lstat: onPath('lstat', LOOK_US, 1, (disk, [at, isBigint, , mustExist]) =>
    statOf(disk, at as string, doNotFollow, isBigint, mustExist),
  ),
  statfs: onPath('statfs', LOOK_US, 1, (disk, [at, isBigint]) => {
    disk.existing(at as string, follow);
    return statFsValues(isBigint);
  }),
  readdir: onPath('scandir', LOOK_US, 2, (disk, [at, encoding, withKinds], { files }) => {
    files.makeSureOfRoom();
    const entries = disk.list(at as string);
    const names = entries.map(([name]) => encoded(name, encoding));
    return withKinds === true ? [names, entries.map(([, kind]) => KIND_CODES[kind])] : names;
  }),
  readlink: onPath('readlink', LOOK_US, 1, (disk, [at, encoding]) =>
    encoded(disk.linkTarget(at as string), encoding),
  ),
  realpath: onPath('realpath', LOOK_US, 1, (disk, [at, encoding]) =>
    encoded(disk.existing(at as string, follow).at, encoding),
  ),
};

/** The functions that change names. */
const naming: Record<string, FileCall> = {
  mkdir: onPath('mkdir', CHANGE_US, 2, (disk, [at, mode, isRecursive]) => {
    if (isRecursive === true) return makeFolders(disk, at as string, mode as number);
    disk.makeFolder(at as string, mode as number);
    return undefined;
  }),
  mkdtemp: {
    ...onPath('mkdtemp', CHANGE_US, 1, () => undefined),
    paths: 0,
    perform: makeTemporaryFolder,
  },
  rmdir: onPath('rmdir', CHANGE_US, 0, (disk, [at]) => disk.removeFolder(at as string)),
  unlink: onPath('unlink', CHANGE_US, 0, (disk, [at]) => disk.removeFile(at as string)),
  rename: onTwoPaths('rename', 0, (disk, [from, to]) => disk.rename(from as string, to as string)),
  link: onTwoPaths('link', 0, (disk, [from, to]) => disk.link(from as string, to as string)),
  copyFile: onTwoPaths('copyfile', 1, (_disk, [from, to, mode], { files }) =>
    copyFile(files, from as string, to as string, mode as number),
  ),
  symlink: {
    ...onTwoPaths('symlink', 1, () => undefined),
    keepsFirst: true,
    perform: ({ files }, [target, at]) => files.disk.symlink(target as string, at as string),
  },
};

/** The functions that change what is known about a file. */
const describing: Record<string, FileCall> = {
  chmod: onPath('chmod', CHANGE_US, 1, (disk, [at, mode]) =>
    disk.volume.chmodSync(disk.existing(at as string, follow).at, (mode as number) & 0o7777),
  ),
  chown: onPath('chown', CHANGE_US, 2, (disk, [at, uid, gid]) =>
    disk.volume.chownSync(disk.existing(at as string, follow).at, uid as number, gid as number),
  ),
  lchown: onPath('lchown', CHANGE_US, 2, (disk, [at, uid, gid]) =>
    disk.volume.lchownSync(disk.existing(at as string, doNotFollow).at, uid as number, gid as number),
  ),
  utimes: onPath('utime', CHANGE_US, 2, (disk, [at, atime, mtime]) =>
    setTimes(disk, disk.existing(at as string, follow).at, atime, mtime),
  ),
  lutimes: onPath('lutime', CHANGE_US, 2, (disk, [at, atime, mtime]) =>
    setTimes(disk, disk.existing(at as string, doNotFollow).at, atime, mtime),
  ),
};

/** All of them, by their names in the binding. */
export const pathCalls: Record<string, FileCall> = {
  ...looking,
  ...naming,
  ...describing,
  /** Newer versions of Node.js remove a tree in one call. */
  rmSync: {
    syscall: 'rm',
    paths: 1,
    us: 0,
    perform: ({ files }, [at, , isRecursive]) => removeTree(files.disk, at as string, isRecursive === true),
  },
};

/** Whether there is anything at a path. */
export function exists(disk: HostFiles, at: string): boolean {
  return kindAt(disk, at) >= 0;
}

/** What the loader of modules asks: 0 for a file, 1 for a folder, less for nothing. */
export function kindAt(disk: HostFiles, at: string): number {
  try {
    const { stat } = disk.find(at, follow);
    if (stat === undefined) return -2;
    return isFolder(stat) ? 1 : 0;
  } catch {
    return -2;
  }
}

/** Removes a tree, or a file. */
export function removeTree(disk: HostFiles, at: string, isRecursive: boolean): void {
  const { stat } = disk.find(at, doNotFollow);
  // Where it must be there, Node.js has looked before.
  if (stat === undefined) return;
  if (!isFolder(stat)) {
    disk.removeFile(at);
    return;
  }
  if (isRecursive) for (const [name] of disk.list(at)) removeTree(disk, path.join(at, name), true);
  disk.removeFolder(at);
}

/** Makes a folder and those above it. @returns the first that was made. */
function makeFolders(disk: HostFiles, given: string, mode: number): string | undefined {
  const known: FileStat | undefined = statOrNone(disk, given);
  if (known !== undefined) {
    if (isFolder(known)) return undefined;
    throw systemCallError('EEXIST', { syscall: '' });
  }
  const above = path.dirname(path.resolve(given));
  const first = makeFolders(disk, above, mode);
  const made = disk.makeFolder(path.resolve(given), mode);
  return first ?? made;
}

/** As Linux: a file in the place of a folder above is `ENOTDIR`. */
function statOrNone(disk: HostFiles, given: string): FileStat | undefined {
  try {
    return disk.find(given, follow).stat;
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Determinism: six draws of the host's stream. */
function makeTemporaryFolder({ host, files }: FileScope, [prefix, encoding]: readonly unknown[]): unknown {
  const given = typeof prefix === 'string' ? prefix : Buffer.from(prefix as Uint8Array).toString();
  const letters = Array.from({ length: 6 }, () => LETTERS[drawInteger(host, LETTERS.length)]);
  const made = given + letters.join('');
  try {
    files.disk.makeFolder(path.resolve(made), 0o700);
  } catch (error) {
    const code = String((error as { code?: unknown }).code);
    throw systemCallError(code, { syscall: 'mkdtemp', path: `${given}XXXXXX` });
  }
  return encoded(made, encoding);
}

function statOf(
  disk: HostFiles,
  at: string,
  how: { followsLast: boolean },
  isBigint: unknown,
  mustExist: unknown,
): unknown {
  if (mustExist !== false) return statValues(disk.existing(at, how).stat, isBigint);
  try {
    const { stat } = disk.find(at, how);
    return stat === undefined ? undefined : statValues(stat, isBigint);
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}

function setTimes(disk: HostFiles, at: string, atime: unknown, mtime: unknown): void {
  disk.volume.lutimesSync(at, atime as number, mtime as number);
  disk.changes.happened(at, 'change');
}

function encoded(text: string, encoding: unknown): string | Buffer {
  if (encoding === undefined || encoding === null || encoding === 'utf8' || encoding === 'utf-8') return text;
  const bytes = Buffer.from(text);
  return encoding === 'buffer' ? bytes : bytes.toString(encoding as BufferEncoding);
}
