// The listing of a whole tree in one call, as Node.js 26 does it.

import path from 'node:path';
import type { HostFiles } from '../../storage/host-files.ts';
import type { EntryKind } from '../../storage/project-files.ts';
import { type Patch, patchMethod } from '../patch.ts';
import { KIND_CODES } from './entry-kinds.ts';
import { fileCallPatch } from './file-call.ts';
import { kindAt } from './path-calls.ts';
import type { FileBinding } from './whole-files.ts';

const TREE_US = 200;

/** Patches it where it is. */
export function readTreePatches(binding: FileBinding, usePromises: symbol): Patch[] {
  if (!('readdirRecursive' in binding)) return [];
  const replacement = fileCallPatch(
    'readdirRecursive',
    {
      syscall: 'scandir',
      paths: 1,
      request: 3,
      us: TREE_US,
      perform: ({ files }, [at, , withKinds]) =>
        withKinds === true ? treeWithKinds(files.disk, at as string) : treeNames(files.disk, at as string),
    },
    usePromises,
  );
  return [patchMethod('binding.readdirRecursive', binding, 'readdirRecursive', replacement)];
}

/** Folder by folder, breadth first: where each is, from the root, and what is in it. */
function* folders(disk: HostFiles, root: string): Generator<[below: string, entries: [string, EntryKind][]]> {
  const queue = [''];
  for (const below of queue) {
    const entries = disk.list(path.join(root, below));
    yield [below, entries];
    for (const [name, kind] of entries) {
      const inside = path.join(below, name);
      // Links to folders are followed, as far as links may lead on.
      if (kind === 'folder' || (kind === 'link' && kindAt(disk, path.join(root, inside)) === 1))
        queue.push(inside);
    }
  }
}

function treeNames(disk: HostFiles, root: string): string[] {
  return [...folders(disk, root)].flatMap(([below, entries]) =>
    entries.map(([name]) => path.join(below, name)),
  );
}

/** Names and kinds in one row each, how many belong to each folder, and the folders. */
function treeWithKinds(disk: HostFiles, root: string): unknown[] {
  const all = [...folders(disk, root)];
  return [
    all.flatMap(([, entries]) => entries.map(([name]) => name)),
    Uint8Array.from(all.flatMap(([, entries]) => entries.map(([, kind]) => KIND_CODES[kind]))),
    Uint32Array.from(all.map(([, entries]) => entries.length)),
    all.map(([below]) => below),
  ];
}
