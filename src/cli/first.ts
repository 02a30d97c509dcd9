// What has to happen before anything else is imported: the ambient layer is put in place for good, so that
// packages which take a timer or a random source when they are loaded take one that knows hosts.

import module from 'node:module';
import { fileURLToPath } from 'node:url';
import { holdAmbient } from '../ambient/install.ts';
import { ownFile } from '../own-package.ts';

// Compiled once, loaded many times: Node.js 22 and later keep what they compiled, here beside the package,
// and not in a folder for temporary files that others can write to. `NODE_COMPILE_CACHE` is heeded first.
const { enableCompileCache } = module as { enableCompileCache?: (folder: string) => void };
enableCompileCache?.(fileURLToPath(compiledFolder()));

holdAmbient();

/** In the `node_modules` that the package is in, or that a checkout has. */
function compiledFolder(): URL {
  const isInstalled = /\/node_modules\/[^/]+\/$/.test(ownFile('').href);
  return ownFile(`${isInstalled ? '../' : 'node_modules/'}.cache/wavetank/compiled`);
}
