// The build, for tests that start the command line: it begins in a fraction of the time that the sources
// need, and it is what users run.

import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { filesBelow, root, run } from './runner.ts';

/** The file of the built command line. */
export const builtMain: string = join(root, 'dist/cli/main.mjs');

/** What `wavetank` is to scenario files of the built command line. */
export const builtWavetank: string = pathToFileURL(join(root, 'dist/index.mjs')).href;

/** Builds, unless the build is younger than all that it is made of. Returns the exit code. */
export function bringBuildUpToDate(): number {
  const made = existsSync(builtMain) ? statSync(builtMain).mtimeMs : 0;
  const origins = [
    'package.json',
    'package-lock.json',
    'tsconfig.json',
    'tsconfig.build.json',
    'tsdown.config.ts',
  ];
  const files = [...origins, ...filesBelow(root, 'src'), ...filesBelow(root, 'models')];
  if (files.every((file) => statSync(join(root, file)).mtimeMs < made)) return 0;
  return run('npm', ['run', '--silent', 'build', '--', '--logLevel', 'error']);
}
