// A file that several processes may change, each of which may be killed at any moment: who reads it sees it
// whole, before or after a change, and no change is lost.

import {
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';

/** How long another process may take for its change before it is taken for dead. */
const LOCK_STALE_MS = 5_000;
const LOCK_WAIT_MS = 10;

/** The text of a file; undefined where there is none. @throws What reading it throws. */
export function readShared(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(String((error as { code?: unknown }).code))) return undefined;
    throw error;
  }
}

/**
 * Changes a file while no other process changes it.
 *
 * @param change - Gets the text, undefined where there is no file; gives the new one, or undefined to leave
 *   it.
 * @throws What reading and writing throw.
 */
export function changeShared(path: string, change: (text: string | undefined) => string | undefined): void {
  mkdirSync(dirname(path), { recursive: true });
  const release = lock(`${path}.lock`);
  try {
    const text = change(readShared(path));
    if (text !== undefined) replace(path, text);
  } finally {
    release();
  }
}

/** Puts a file out of the way, under a name that none has. @returns the name. */
export function setAside(path: string): string {
  for (let i = 1; ; i++) {
    const aside = i === 1 ? `${path}.damaged` : `${path}.damaged-${i}`;
    if (statSync(aside, { throwIfNoEntry: false }) !== undefined) continue;
    renameSync(path, aside);
    return aside;
  }
}

function replace(path: string, text: string): void {
  const isThere = statSync(path, { throwIfNoEntry: false }) !== undefined;
  const target = isThere ? realpathSync(path) : path;
  const draft = `${target}.${process.pid}.tmp`;
  try {
    writeFileSync(draft, text, { flush: true });
    renameSync(draft, target);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

/** Making a folder succeeds for one process alone. */
function lock(path: string): () => void {
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (;;) {
    try {
      mkdirSync(path);
      return () => removeLock(path);
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'EEXIST') throw error;
    }
    const madeMs = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
    if (madeMs !== undefined && Date.now() - madeMs > LOCK_STALE_MS) removeLock(path);
    else Atomics.wait(pause, 0, 0, LOCK_WAIT_MS);
  }
}

function removeLock(path: string): void {
  try {
    rmdirSync(path);
  } catch {
    // Somebody else took it for dead, too.
  }
}
