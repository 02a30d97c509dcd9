// One body, two arms: a case runs on the real disk, in a temporary folder, and on a host's disk, in a folder
// of the same name.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { onHost } from '../fake-host.ts';
import type { FileCase } from './cases-sync.ts';

const base = fs.realpathSync(os.tmpdir());
const realRoot = fs.mkdtempSync(join(base, 'wavetank-alike-'));

/** Removes the real folders of all cases. */
export function removeRealFolders(): void {
  fs.rmSync(realRoot, { recursive: true, force: true });
}

/** Asserts that a case gives the same on both disks. */
export async function isAlikeOnDisk(name: string, body: FileCase): Promise<void> {
  const folder = join(realRoot, name.replaceAll(/\W+/g, '-'));
  const inFolder = (): unknown => {
    fs.mkdirSync(folder, { recursive: true });
    return body(folder);
  };
  // From a macrotask, as on a host: inside a microtask, ticks would come after promises.
  const real: unknown = await new Promise((resolve) => setImmediate(() => resolve(inFolder())));
  const { value } = await onHost(inFolder);
  assert.deepEqual(value, real);
}
