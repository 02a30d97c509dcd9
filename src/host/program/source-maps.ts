// Stack traces of programs at the original lines. Node.js maps the frames of a file whose source map it
// knows; it learns of a map from code that is evaluated, so a text that is nothing but the map is evaluated.

import { Script } from 'node:vm';
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const evaluate = new Script('(0, eval)').runInThisContext() as (text: string) => unknown;

/**
 * Registers the source map of generated code, while source maps are enabled.
 *
 * @param name - The URL under which the code is compiled.
 * @param folder - What the sources of the map are relative to.
 */
export function registerSourceMap(name: string, map: string, folder: string): void {
  const parsed = JSON.parse(map) as { sources: string[]; sourceRoot?: string };
  delete parsed.sourceRoot;
  parsed.sources = parsed.sources.map((source) => pathToFileURL(resolve(folder, source)).href);
  const data = Buffer.from(JSON.stringify(parsed)).toString('base64');
  evaluate(`//# sourceURL=${name}\n//# sourceMappingURL=data:application/json;base64,${data}`);
}

/** The URL under which the code of a bundle is compiled: of its own for each content. */
export function codeName(file: string, hash: string): string {
  return `${pathToFileURL(file).href}?wavetank=${hash}`;
}

/** The folder of a file, for maps whose sources are relative to it. */
export function folderOf(file: string): string {
  return dirname(file);
}
