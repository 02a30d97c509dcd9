// What was removed from a volume and may come back, because its removal is not durable yet.

import type * as memfs from 'memfs';
import type { FileStat } from './file-stat.ts';
import type { WriteCache } from './write-cache.ts';

/** A removed file, folder or link. */
export interface Buried {
  /** Puts it back where it was. */
  readonly restore: () => void;
  /** It stays away. */
  readonly release: () => void;
}

/**
 * Keeps what is about to be removed. A file with other names comes back as a copy of its own.
 *
 * @param options.numbered - Called when it is back, to give it its inode number.
 */
export function bury(options: {
  readonly volume: memfs.Volume;
  readonly cache: WriteCache;
  readonly at: string;
  readonly stat: FileStat;
  readonly numbered: () => unknown;
}): Buried {
  const { volume, cache, at, stat, numbered } = options;
  const mode = stat.mode & 0o7777;
  const back = (put: () => void, release: () => void = () => {}): Buried => ({
    restore: () => {
      put();
      numbered();
    },
    release,
  });
  const type = stat.mode & 0o170000;
  if (type === 0o040000) return back(() => volume.mkdirSync(at, { mode }));
  if (type === 0o120000) {
    const target = volume.readlinkSync(at);
    return back(() => volume.symlinkSync(target, at));
  }
  const file = cache.hold(stat.ino, at);
  return back(
    () => volume.writeFileSync(at, cache.contentOf(file), { mode }),
    () => cache.release(file),
  );
}
