// The build: every entry point of package.json as ES module and CommonJS, the command line as ES module.
// One output file a source file, so that stack traces and `new URL('./x', import.meta.url)` keep their shape.

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
  unbundle: true,
  platform: 'node',
  target: 'node20.19',
  tsconfig: 'tsconfig.build.json',
  dts: { oxc: true },
  sourcemap: true,
  fixedExtension: true,
  checks: { legacyCjs: false },
} satisfies UserConfig;

export default defineConfig([
  { ...shared, format: 'esm', entry: [...library, 'src/cli/main.ts', 'src/cli/workers/worker.ts'] },
  { ...shared, format: 'cjs', entry: library },
]);
