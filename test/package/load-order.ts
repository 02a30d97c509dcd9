// What the built files evaluate, in order: the build joins modules, and what it puts in front of the ambient
// layer would keep the clocks and random sources of Node.js for itself.

import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join } from 'node:path';
import { init, parse } from 'es-module-lexer';

/** The modules that put the ambient layer in place, as the build marks them. */
const HOLDS = /^\/\/#region src\/(register|cli\/first)\.ts$/m;

/**
 * The packages that an entry point evaluates before it puts the ambient layer in place.
 *
 * @throws {Error} If it never does.
 */
export async function packagesBeforeAmbient(entry: string): Promise<readonly string[]> {
  await init;
  const packages: string[] = [];
  const seen = new Set<string>();
  /** @returns whether the layer is in place. */
  const evaluate = (file: string): boolean => {
    seen.add(file);
    const text = readFileSync(file, 'utf8');
    for (const { type, specifier } of parse(text)[0]) {
      if (type !== 'static' && type !== 'reexport-star') continue;
      const path = join(dirname(file), specifier);
      if (specifier.startsWith('.')) {
        if (!seen.has(path) && evaluate(path)) return true;
      } else if (!isBuiltin(specifier)) packages.push(specifier);
    }
    return HOLDS.test(text);
  };
  if (!evaluate(entry)) throw new Error(`${entry} does not put the ambient layer in place`);
  return packages;
}
