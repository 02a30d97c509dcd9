// Which files a scenario is made of: what it imports, the programs that it names, and what those import.
// Packages are not looked into.

import { readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, extname, join, resolve } from 'node:path';

const MODULES: ReadonlySet<string> = new Set([
  ...['.ts', '.mts', '.cts', '.tsx', '.js', '.mjs', '.cjs', '.jsx'],
]);
/** A relative path in quotes: `program('./orders.ts')`, `new URL('../x', import.meta.url)`, `replace`. */
const PATH = /(['"`])(\.{1,2}\/[^'"`\n]{1,500})\1/g;
/** Files that have a say in every module: which package is meant, how it is compiled. */
const EVERYWHERE =
  /(^|\/)(package(-lock)?\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|tsconfig[\w.-]*\.json)$/;

/** Whether a scenario file has to do with files that changed. */
export async function isTouched(file: string, changed: ReadonlySet<string>): Promise<boolean> {
  if ([...changed].some((path) => EVERYWHERE.test(path.replaceAll('\\', '/')))) return true;
  const regressions = file.replace(/\.[cm]?[jt]s$/, '.regressions.json');
  const own = [realpathSync(file), resolve(realpathSync(dirname(resolve(file))), regressions)];
  if (own.some((path) => changed.has(path))) return true;
  const graph = await filesOf(file);
  // What cannot be read may have to do with anything.
  return graph === undefined || [...graph].some((path) => changed.has(path));
}

/** All files of a scenario, as real paths; undefined where one cannot be compiled or found. */
export async function filesOf(file: string): Promise<ReadonlySet<string> | undefined> {
  const files = new Set<string>();
  let entries = [realpathSync(file)];
  while (entries.length > 0) {
    const modules = await modulesFrom(entries);
    if (modules === undefined) return undefined;
    const fresh = modules.filter((path) => !files.has(path));
    for (const path of fresh) files.add(path);
    const named = new Set(fresh.flatMap(pathsIn).filter((path) => !files.has(path)));
    for (const path of named) if (!MODULES.has(extname(path))) files.add(path);
    entries = [...named].filter((path) => MODULES.has(extname(path)));
  }
  return files;
}

/** The modules that entries lead to, themselves included. */
async function modulesFrom(entries: string[]): Promise<string[] | undefined> {
  const { build } = await import('esbuild');
  try {
    const { metafile } = await build({
      ...{ entryPoints: entries, bundle: true, write: false, metafile: true, logLevel: 'silent' },
      ...{ platform: 'node', packages: 'external', format: 'esm', outdir: 'out', treeShaking: false },
    });
    return Object.keys(metafile.inputs).map((path) => realpathSync(path));
  } catch {
    return undefined;
  }
}

/** The files that a module names by relative paths, besides what it imports. */
function pathsIn(module: string): string[] {
  if (!MODULES.has(extname(module))) return [];
  const text = readFileSync(module, 'utf8');
  return [...text.matchAll(PATH)].flatMap(([, , path = '']) => {
    const target = join(dirname(module), path);
    const isFile = statSync(target, { throwIfNoEntry: false })?.isFile() === true;
    return isFile ? [realpathSync(target)] : [];
  });
}
