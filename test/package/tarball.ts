// The tarball of the package, as `npm publish` would send it.

import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from '../runner.ts';

/** Packs what `npm run build` left in dist/ into a folder, which is emptied. @returns the tarball's path. */
export function packed(folder: string): string {
  if (!existsSync(join(root, 'dist'))) throw new Error('There is no dist/: run `npm run build` first');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const code = run('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder]);
  if (code !== 0) throw new Error(`npm pack failed with exit code ${code}`);
  const name = readdirSync(folder).find((file) => file.endsWith('.tgz'));
  if (name === undefined) throw new Error(`npm pack left no tarball in ${folder}`);
  return join(folder, name);
}
