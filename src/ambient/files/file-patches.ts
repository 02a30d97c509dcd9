// What puts a host's own disk below node:fs. Node.js' functions, streams and file handles stay what they are;
// the functions of the binding that they end in are dispatched, so that arguments are judged, errors are
// thrown and promises are made by Node.js itself, also for what was imported before wavetank.

import fs from 'node:fs';
import process from 'node:process';
import { EnvironmentError } from '../../errors.ts';
import { type AnyFunction, dispatch, type Patch, patchMethod } from '../patch.ts';
import { escape } from '../traps/trap.ts';
import { copyTreePatches } from './copy-tree.ts';
import { descriptorCalls } from './descriptor-calls.ts';
import { fileCallPatch } from './file-call.ts';
import { openFolderPatches } from './open-folder.ts';
import { pathCalls } from './path-calls.ts';
import { readTreePatches } from './read-tree.ts';
import { watchPatches } from './watch.ts';
import { watchFilePatches } from './watch-file.ts';
import { type FileBinding, wholeFilePatches } from './whole-files.ts';
import { writeFilePatches } from './write-file.ts';

/** What the loader of modules asks of the real disk, and classes whose users are patched instead. */
const LEFT_AS_THEY_ARE = new Set([
  'FSReqCallback',
  'FileHandle',
  'StatWatcher',
  'getFormatOfExtensionlessFile',
  'internalModuleReadJSON',
  'legacyMainResolve',
]);

/** Patches node:fs for hosts. */
export function filePatches(): Patch[] {
  const binding = fileBinding();
  const usePromises = binding['kUsePromises'] as symbol;
  const calls = { ...pathCalls, ...descriptorCalls };
  const patches = [
    ...Object.entries(calls)
      .filter(([key]) => key in binding)
      .map(([key, call]) =>
        patchMethod(`binding.${key}`, binding, key, fileCallPatch(key, call, usePromises)),
      ),
    ...wholeFilePatches(binding),
    ...readTreePatches(binding, usePromises),
    ...writeFilePatches(binding),
    ...openFolderPatches(),
    ...copyTreePatches(),
    ...watchPatches(),
    ...watchFilePatches(),
    ...['openAsBlob', 'openAsBlobSync'].filter((key) => key in fs).map(trappedBlob),
  ];
  const known = new Set(patches.filter(({ target }) => target === binding).map(({ key }) => key));
  return [...patches, ...unknownFunctions(binding, known)];
}

/** A function that a newer Node.js brings would reach the real disk: it is stopped instead. */
function unknownFunctions(binding: FileBinding, known: ReadonlySet<PropertyKey>): Patch[] {
  return Object.keys(binding)
    .filter((key) => typeof binding[key] === 'function' && !known.has(key) && !LEFT_AS_THEY_ARE.has(key))
    .map((key) =>
      patchMethod(`binding.${key}`, binding, key, (original) => trapped(original, `node:fs (${key})`)),
    );
}

function trappedBlob(key: string): Patch {
  return patchMethod(`fs.${key}`, fs, key, (original) => trapped(original, `fs.${key}`));
}

/** Works with `new` as well. */
function trapped(original: AnyFunction, api: string): AnyFunction {
  const wayOut = 'Read the file (`fs.readFile`), and make a `new Blob([bytes])` where a blob is needed.';
  return dispatch(original, (host, args) => escape(host, api, args, wayOut));
}

function fileBinding(): FileBinding {
  // Undocumented, and there on every version that is supported: mock-fs has lived on it for a decade.
  const { binding } = process as unknown as { binding?: (name: string) => unknown };
  try {
    const found = binding?.call(process, 'fs') as FileBinding | undefined;
    if (typeof found?.['open'] === 'function' && 'kUsePromises' in found) return found;
  } catch {
    // Told below.
  }
  throw new EnvironmentError(
    "Expected a Node.js whose `process.binding('fs')` gives the functions below node:fs, " +
      `got ${process.version} without. Please report it; a version from 20.19 to 26 is known to work.`,
  );
}
