// Who watches which files of a machine, and the news of what happened to them.

import path from 'node:path';

/** What happened: a name came, went or was given to something else, or a file was changed in place. */
export type ChangeKind = 'rename' | 'change';

type Listener = (kind: ChangeKind, name: string) => void;

/** The watchers of one machine. */
export class FileChanges {
  readonly #watchers = new Map<object, { at: string; isRecursive: boolean; listener: Listener }>();

  /** Watches a canonical path, and what is in it if it is a folder. @returns how to stop. */
  watch(at: string, options: { isRecursive: boolean }, listener: Listener): () => void {
    const key = {};
    this.#watchers.set(key, { at, isRecursive: options.isRecursive, listener });
    return () => this.#watchers.delete(key);
  }

  /** Tells who watches a path or the folder that it is in. */
  happened(at: string, kind: ChangeKind): void {
    if (this.#watchers.size === 0) return;
    for (const watcher of this.#watchers.values()) {
      if (watcher.at === at) watcher.listener(kind, path.basename(at));
      else if (path.dirname(at) === watcher.at) watcher.listener(kind, path.basename(at));
      else if (watcher.isRecursive && at.startsWith(`${watcher.at}/`)) {
        watcher.listener(kind, path.relative(watcher.at, at));
      }
    }
  }

  /** Forgets the watchers of an incarnation that ended. */
  clear(): void {
    this.#watchers.clear();
  }
}
