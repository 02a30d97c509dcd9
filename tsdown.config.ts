// The build: every entry point of package.json as ES module and CommonJS, the command line as ES module.
// As ES modules, the command line and what scenarios import share few files: hundreds take long to load, and two
// copies of one module would be two packages. Types and CommonJS are one file for each source file.

import { readFileSync } from 'node:fs';
import { defineConfig } from 'tsdown';
import type { UserConfig } from 'tsdown';

type Export = string | Record<string, string | Record<string, string>>;

const manifest = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8')) as {
  exports: Record<string, Export>;
};

// What markers are in production stands behind a condition of its own.
const library = Object.values(manifest.exports).flatMap((target) => {
  const source = typeof target === 'string' ? undefined : target['wavetank-source'];
  return typeof source === 'string' ? [source] : [];
});
library.push('src/markers-removed.ts');

const shared = {
  root: 'src',
  platform: 'node',
  target: 'node20.19',
  tsconfig: 'tsconfig.build.json',
  sourcemap: true,
  fixedExtension: true,
  checks: { legacyCjs: false },
} satisfies UserConfig;

export default defineConfig([
  {
    ...shared,
    format: 'esm',
    entry: [...library, 'src/cli/main.ts', 'src/cli/workers/worker.ts'],
    dts: false,
    // In a folder of their own: see `sideEffects` in package.json.
    outputOptions: { chunkFileNames: 'chunks/[name].mjs' },
  },
  { ...shared, format: 'esm', entry: library, unbundle: true, dts: { oxc: true, emitDtsOnly: true } },
  { ...shared, format: 'cjs', entry: library, unbundle: true, dts: { oxc: true } },
]);
