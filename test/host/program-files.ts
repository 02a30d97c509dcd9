// Writes the files of a program for a test, in a folder that git ignores and from which the packages of this
// repository can be imported.

import { mkdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after } from 'node:test';
import { root } from '../runner.ts';

let foldersTaken = 0;

/** The files of a program. */
export interface ProgramFiles {
  readonly folder: string;
  /** The absolute path of a file. */
  readonly path: (name: string) => string;
  readonly write: (name: string, text: string) => void;
  /** Makes a link to a folder. */
  readonly link: (name: string, target: string) => void;
}

/**
 * Writes files, which are removed after the tests of the file that asks.
 *
 * @param files - Texts by relative path. Without a `package.json`, the package is one of ES modules.
 */
export function programFiles(files: Readonly<Record<string, string>>): ProgramFiles {
  const wanted = join(root, '.wavetank/programs', `${process.pid}-${foldersTaken++}`);
  mkdirSync(wanted, { recursive: true });
  const folder = realpathSync(wanted);
  after(() => rmSync(folder, { recursive: true, force: true }));
  const made: ProgramFiles = {
    folder,
    path: (name) => join(folder, name),
    write(name, text) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    },
    link(name, target) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      symlinkSync(join(folder, target), join(folder, name), 'junction');
    },
  };
  for (const [name, text] of Object.entries({ 'package.json': '{ "type": "module" }', ...files }))
    made.write(name, text);
  return made;
}
