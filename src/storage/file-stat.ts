// What a host sees of a file besides its content: the same on every machine that runs the simulation.

/** The user that programs on a host run as, named `node` as in the images of Node.js. */
export const HOST_USER_ID = 1000;

/** What programs on a host take away from the mode of what they create. */
export const HOST_UMASK = 0o022;

/** The stat that the volume keeps. */
export interface KeptStat extends Record<
  'mode' | 'nlink' | 'uid' | 'gid' | 'ino' | 'size' | 'atimeMs' | 'mtimeMs' | 'ctimeMs' | 'birthtimeMs',
  number | bigint
> {
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
}

const BLOCK_BYTES = 4096;
const LINK_MODE = 0o120777;
const DEVICE = 66_305;

/** The fields of `fs.Stats`, times in milliseconds. */
export interface FileStat {
  readonly dev: number;
  readonly mode: number;
  readonly nlink: number;
  readonly uid: number;
  readonly gid: number;
  readonly rdev: number;
  readonly blksize: number;
  readonly ino: number;
  readonly size: number;
  readonly blocks: number;
  readonly atimeMs: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  readonly birthtimeMs: number;
}

/** What is known better than the volume knows it. */
export interface BetterKnown {
  readonly ino: number;
  readonly size: number | undefined;
  /** When the project was made, for a file that came from there. */
  readonly projectTimeMs: number | undefined;
  readonly realUserId: number;
  readonly realGroupId: number;
}

/** Makes the stat that a host sees from the one that the volume keeps. */
export function shownStat(kept: KeptStat, known: BetterKnown): FileStat {
  const isFolder = kept.isDirectory();
  const size = isFolder ? BLOCK_BYTES : (known.size ?? Number(kept.size));
  return {
    dev: DEVICE,
    // Linux gives every link all permissions, and asks those of its target.
    mode: kept.isSymbolicLink() ? LINK_MODE : Number(kept.mode),
    nlink: Number(kept.nlink),
    uid: Number(kept.uid) === known.realUserId ? HOST_USER_ID : Number(kept.uid),
    gid: Number(kept.gid) === known.realGroupId ? HOST_USER_ID : Number(kept.gid),
    rdev: 0,
    blksize: BLOCK_BYTES,
    ino: known.ino,
    size,
    blocks: kept.isSymbolicLink() ? 0 : Math.ceil(size / BLOCK_BYTES) * 8,
    ...shownTimes(kept, isFolder, known.projectTimeMs),
  };
}

/**
 * The volume notes each look at a file or folder as an access. Whether a package was loaded in this run or an
 * earlier one must not show, so a folder was last accessed when it was changed, and so was a file of the
 * project that is as it was.
 */
function shownTimes(kept: KeptStat, isFolder: boolean, projectTimeMs: number | undefined) {
  const mtimeMs = Number(kept.mtimeMs);
  const isUntouched = projectTimeMs === mtimeMs;
  return {
    atimeMs: isFolder || isUntouched ? mtimeMs : Number(kept.atimeMs),
    mtimeMs,
    ctimeMs: isUntouched ? mtimeMs : Number(kept.ctimeMs),
    birthtimeMs: projectTimeMs ?? Number(kept.birthtimeMs),
  };
}
