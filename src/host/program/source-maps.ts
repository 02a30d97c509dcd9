// Stack traces of programs at the original lines. Node.js maps the frames of a file whose source map it
// knows; it learns of a map from code that is evaluated, so a text that is nothing but the map is evaluated.

import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Script } from 'node:vm';
import { isForDebugger } from '../../ambient/debugging.ts';

const evaluate = new Script('(0, eval)').runInThisContext() as (text: string) => unknown;

/** A source map as it is written down. */
interface SourceMap {
  readonly sources: readonly string[];
  readonly sourcesContent?: readonly (string | null)[];
  readonly mappings: string;
}

/** How generated code stands to its sources. */
export interface MappedCode {
  /** The URL under which it is compiled. */
  readonly name: string;
  /** As the compiler wrote it. */
  readonly map: string;
  /** What the sources of the map are relative to. */
  readonly folder: string;
  /** Lines of the code that are before what the map is about. */
  readonly linesBefore: number;
}

/**
 * Registers the source map of generated code, while source maps are enabled.
 *
 * @returns What its text is to end with: nothing but for a debugger, which reads the map there.
 */
export function registerSourceMap(code: MappedCode): string {
  const map = absoluteMap(code);
  evaluate(`//# sourceURL=${code.name}\n${mapComment(map)}`);
  if (!isForDebugger()) return '';
  const sourcesContent = map.sources.map(contentOf);
  return `\n${mapComment({ ...map, sourcesContent })}`;
}

function absoluteMap({ map, folder, linesBefore }: MappedCode): SourceMap {
  const { sourceRoot: _, ...parsed } = JSON.parse(map) as SourceMap & { sourceRoot?: string };
  const sources = parsed.sources.map((source) => pathToFileURL(resolve(folder, source)).href);
  return { ...parsed, sources, mappings: ';'.repeat(linesBefore) + parsed.mappings };
}

function mapComment(map: SourceMap): string {
  const data = Buffer.from(JSON.stringify(map)).toString('base64');
  return `//# sourceMappingURL=data:application/json;base64,${data}`;
}

/** A debugger may have no way to the files. */
function contentOf(source: string): string | null {
  try {
    return readFileSync(fileURLToPath(source), 'utf8');
  } catch {
    return null;
  }
}

/** The URL under which the code of a bundle is compiled: of its own for each content. */
export function codeName(file: string, hash: string): string {
  return `${pathToFileURL(file).href}?wavetank=${hash}`;
}

/** The folder of a file, for maps whose sources are relative to it. */
export function folderOf(file: string): string {
  return dirname(file);
}
