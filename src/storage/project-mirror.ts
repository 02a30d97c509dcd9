// The project as it shows through a host's volume: what is looked at is copied into the volume, a file's
// content when it is first needed, and what the host removed stays away.

import path from 'node:path';
import type { Volume } from 'memfs';
import { hashString } from '../random/hash.ts';
import { FileFailure } from './file-failure.ts';
import type { EntryKind, ProjectFiles } from './project-files.ts';

/** Inode numbers from here on belong to the project: they depend on the path alone. */
const PROJECT_INODES = 2 ** 32;

/** The project, seen through one volume. Paths are absolute and have no links in their folders. */
export class ProjectMirror {
  readonly #volume: Volume;
  readonly #project: ProjectFiles;
  readonly #timeMs: number;
  /** Sizes of files that were looked at and never opened: their content is still on the real disk alone. */
  readonly #unread = new Map<string, number>();
  /** What was removed or replaced: the real one, and all below it, does not show through any more. */
  readonly #gone = new Set<string>();

  constructor(volume: Volume, project: ProjectFiles, timeMs: number) {
    this.#volume = volume;
    this.#project = project;
    this.#timeMs = timeMs;
  }

  /** The folders that are readable with all that is below. */
  get roots(): readonly string[] {
    return this.#project.roots;
  }

  /** The inode number of a mirrored path. */
  inodeOf(at: string): number {
    return PROJECT_INODES + hashString(at);
  }

  /** The size of a file whose content was never needed. */
  unreadSize(at: string): number | undefined {
    return this.#unread.get(at);
  }

  /** Copies what the project has at a path into the volume. @returns whether there is anything. */
  bring(at: string): boolean {
    if (!this.#showsThrough(at)) return false;
    const entry = this.#project.entry(at);
    if (entry === undefined) return false;
    const folder = path.dirname(at);
    const { mtimeMs } = this.#volume.statSync(folder);
    const mode = entry.isExecutable ? 0o755 : 0o644;
    if (entry.kind === 'folder') this.#volume.mkdirSync(at, { mode: 0o755 });
    else if (entry.kind === 'link') this.#volume.symlinkSync(this.#project.target(at), at);
    else {
      this.#volume.writeFileSync(at, '', { mode });
      this.#unread.set(at, entry.size);
    }
    this.#date(at);
    // That we looked is no change of the folder.
    this.#volume.utimesSync(folder, mtimeMs / 1000, mtimeMs / 1000);
    return true;
  }

  /** Brings the content of a file that was only looked at so far. */
  load(at: string): void {
    if (!this.#unread.delete(at)) return;
    let content: Buffer;
    try {
      content = this.#project.read(at);
    } catch {
      throw new FileFailure('EIO');
    }
    this.#volume.writeFileSync(at, content);
    this.#date(at);
  }

  /** The names that show through in a folder. */
  list(folder: string): Map<string, EntryKind> {
    if (!this.#showsThrough(folder) || this.#project.entry(folder)?.kind !== 'folder') return new Map();
    const names = this.#project.list(folder);
    for (const name of names.keys()) {
      if (this.#gone.has(path.join(folder, name))) names.delete(name);
    }
    return names;
  }

  /** Remembers that a path was removed or replaced. */
  hide(at: string): void {
    this.#unread.delete(at);
    if (this.#project.covers(at)) this.#gone.add(at);
  }

  #showsThrough(at: string): boolean {
    if (!this.#project.covers(at)) return false;
    if (this.#gone.size === 0) return true;
    for (let folder = at; ; folder = path.dirname(folder)) {
      if (this.#gone.has(folder)) return false;
      if (folder === path.dirname(folder)) return true;
    }
  }

  #date(at: string): void {
    this.#volume.lutimesSync(at, this.#timeMs / 1000, this.#timeMs / 1000);
  }
}
