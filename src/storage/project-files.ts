// The user's project on the real disk, as hosts may read it: the folder of the nearest package.json, the
// monorepo around it, and packages. Nothing here writes.

import fs from 'node:fs';
import path from 'node:path';

/** Runs code as if no host had called, so that it reaches the real disk. */
export type Outside = <Result>(run: () => Result) => Result;

/** What a name in a real folder is. Sockets, pipes and devices are not shown. */
export type EntryKind = 'file' | 'folder' | 'link';

/** What there is at a path of the project. */
export interface ProjectEntry {
  readonly kind: EntryKind;
  readonly size: number;
  /** Whether it may be executed; what else a mode says depends on the machine. */
  readonly isExecutable: boolean;
}

const PACKAGES = `${path.sep}node_modules`;

/** The part of the real disk that hosts may read. */
export class ProjectFiles {
  /** The folders that are readable with all that is below. */
  readonly roots: readonly string[];
  readonly #outside: Outside;

  constructor(outside: Outside, cwd: string = outside(() => process.cwd())) {
    this.#outside = outside;
    this.roots = outside(() => [findRoot(cwd), ...linkedPackages(cwd)]);
  }

  /** Whether a path lies in the project, or in a package wherever that is. */
  covers(at: string): boolean {
    const isBelow = (root: string): boolean =>
      at.startsWith(root) && (at.length === root.length || at[root.length] === path.sep);
    return this.roots.some(isBelow) || at.includes(PACKAGES + path.sep) || at.endsWith(PACKAGES);
  }

  /** What there is at a path, without following a link. */
  entry(at: string): ProjectEntry | undefined {
    const stat = this.#outside(() => statOf(at));
    const kind = stat === undefined ? undefined : kindOf(stat);
    if (stat === undefined || kind === undefined) return undefined;
    return { kind, size: kind === 'file' ? stat.size : 0, isExecutable: (stat.mode & 0o100) !== 0 };
  }

  /** The names in a folder. */
  list(at: string): Map<string, EntryKind> {
    const names = new Map<string, EntryKind>();
    for (const entry of this.#outside(() => fs.readdirSync(at, { withFileTypes: true }))) {
      const kind = kindOf(entry);
      if (kind !== undefined) names.set(entry.name, kind);
    }
    return names;
  }

  read(at: string): Buffer {
    return this.#outside(() => fs.readFileSync(at));
  }

  target(at: string): string {
    return this.#outside(() => fs.readlinkSync(at));
  }
}

function kindOf(entry: fs.Dirent | fs.Stats): EntryKind | undefined {
  if (entry.isSymbolicLink()) return 'link';
  if (entry.isDirectory()) return 'folder';
  return entry.isFile() ? 'file' : undefined;
}

function statOf(at: string): fs.Stats | undefined {
  try {
    return fs.lstatSync(at, { throwIfNoEntry: false });
  } catch {
    // A file where a folder is expected, or no permission: for a host there is nothing.
    return undefined;
  }
}

/** The monorepo around the working folder, else the nearest folder with a package.json, else the folder. */
function findRoot(cwd: string): string {
  let nearest: string | undefined;
  for (let folder = cwd; ; folder = path.dirname(folder)) {
    if (isWorkspace(folder)) return folder;
    if (fs.existsSync(path.join(folder, 'package.json'))) nearest ??= folder;
    if (folder === path.dirname(folder)) return nearest ?? cwd;
  }
}

/** Where the packages of the working folder and those above it really are, if their folder is a link. */
function linkedPackages(cwd: string): string[] {
  const found: string[] = [];
  for (let folder = cwd; ; folder = path.dirname(folder)) {
    const packages = path.join(folder, 'node_modules');
    if (statOf(packages)?.isSymbolicLink() === true && fs.existsSync(packages))
      found.push(fs.realpathSync(packages));
    if (folder === path.dirname(folder)) return found;
  }
}

function isWorkspace(folder: string): boolean {
  if (fs.existsSync(path.join(folder, 'pnpm-workspace.yaml'))) return true;
  try {
    const manifest: unknown = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
    return typeof manifest === 'object' && manifest !== null && 'workspaces' in manifest;
  } catch {
    return false;
  }
}
