// What kind of module a file is, and what its text has to say before it is bundled.

import { existsSync, readFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { init, parse } from 'es-module-lexer';

/**
 * `commonjs`: a CommonJS module. `module`: an ES module, whose imports are those of Node.js. `interop`:
 * written as an ES module, and a CommonJS module when it runs, as the compiler makes it from TypeScript
 * outside of `"type": "module"`.
 */
export type ModuleForm = 'commonjs' | 'module' | 'interop';

/** Has to be awaited once before any function of this file is called. */
export const lexerReady: Promise<void> = Promise.resolve(typeof init === 'function' ? init() : init);

/** Whether a file holds code that can be bundled. */
export const CODE: RegExp = /\.(?:[cm]?[jt]s|[jt]sx)$/;

/** Tells the form of a file, as Node.js or the TypeScript compiler would. */
export function formOf(file: string, source: string): ModuleForm {
  const extension = extname(file);
  if (/^\.m[jt]s$/.test(extension)) return 'module';
  if (extension === '.cjs') return 'commonjs';
  const isTypeScript = /^\.[ct]?tsx?$/.test(extension);
  if (extension !== '.cts' && packageTypeOf(dirname(file)) === 'module') return 'module';
  if (hasModuleSyntax(source)) return isTypeScript ? 'interop' : 'module';
  // A file of types alone, or of side effects, is as good as a module.
  return /\b(?:require|module|exports|__dirname|__filename)\b/.test(source) || !isTypeScript
    ? 'commonjs'
    : 'interop';
}

/** The `type` of the package that a folder belongs to. */
export function packageTypeOf(folder: string): string {
  for (let at = folder; ; at = dirname(at)) {
    const manifest = join(at, 'package.json');
    if (existsSync(manifest)) return typeOfManifest(manifest);
    if (dirname(at) === at) return 'commonjs';
  }
}

function typeOfManifest(manifest: string): string {
  try {
    const { type } = JSON.parse(readFileSync(manifest, 'utf8')) as { type?: unknown };
    return type === 'module' ? 'module' : 'commonjs';
  } catch {
    return 'commonjs';
  }
}

function hasModuleSyntax(source: string): boolean {
  try {
    return parse(source)[3];
  } catch {
    // JSX, which the lexer does not read.
    return /^\s*(?:import|export)\b/m.test(source);
  }
}

/** A piece of text to put in the place of another. */
export interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Replaces pieces of a text; they do not overlap, and are in order. */
export function replaced(text: string, pieces: readonly Replacement[]): string {
  let result = '';
  let at = 0;
  for (const { start, end, text: instead } of pieces) {
    result += text.slice(at, start) + instead;
    at = end;
  }
  return result + text.slice(at);
}

/** What CommonJS gives to a module: in the form `interop` it is there, in the form `module` it is not. */
const GIVEN: readonly (readonly [name: string, form: ModuleForm, from: string])[] = [
  ['__dirname', 'interop', '.dirname'],
  ['__filename', 'interop', '.filename'],
  ['module', 'interop', '.module'],
  // Where esbuild sees it, it puts a function of its own in its place.
  ['require', 'module', ''],
];

/**
 * Gives an ES module what is its own: `import.meta`, and in the form `interop` what CommonJS gives. Lines
 * stay where they are.
 *
 * @param meta - The expression that is its `import.meta`.
 */
export function withOwnNames(source: string, form: ModuleForm, meta: string): string {
  const text = source.includes('import.meta') ? withMeta(source, meta) : source;
  const declared = GIVEN.filter(([name, where]) => where === form && uses(text, name)).map(
    ([name, , from]) => (from === '' ? name : `${name} = ${meta}${from}`),
  );
  if (declared.length === 0) return text;
  const hashbang = /^#!.*\n?/.exec(text)?.[0] ?? '';
  return `${hashbang}var ${declared.join(', ')}; ${text.slice(hashbang.length)}`;
}

function withMeta(source: string, meta: string): string {
  try {
    const references = parse(source)[0].filter(({ type }) => type === 'import-meta');
    return replaced(
      source,
      references.map(({ start, end }) => ({ start, end, text: meta })),
    );
  } catch {
    return source.replace(/\bimport\.meta\b/g, meta);
  }
}

/** Whether a name is used, and not declared by the module itself. */
function uses(source: string, name: string): boolean {
  if (!new RegExp(`(?<![.\\w$])${name}\\b(?!\\s*:)`).test(source)) return false;
  return !new RegExp(`\\b(?:const|let|var|function|class|import)\\s+(?:\\{[^}]*\\b)?${name}\\b`).test(source);
}

/** What a CommonJS module asks for in so many words. */
export interface LiteralRequests {
  readonly required: readonly string[];
  readonly imported: readonly string[];
  /** The text, with a function in the place of each `import`. */
  readonly text: string;
}

/** The name of the function that stands for a dynamic `import` in CommonJS modules. */
export const DYNAMIC_IMPORT = '__wavetank_import';

/** Finds what a CommonJS module requires and imports by a literal. */
export function literalRequestsOf(source: string): LiteralRequests {
  const required = [...source.matchAll(/\brequire\s*\(\s*(['"`])([^'"`\n$]+)\1\s*\)/g)].map(
    (match) => match[2] ?? '',
  );
  if (!/\bimport\s*\(/.test(source)) return { required: [...new Set(required)], imported: [], text: source };
  const imports = parse(source)[0].filter((each) => each.type === 'dynamic');
  return {
    required: [...new Set(required)],
    imported: [...new Set(imports.flatMap(({ specifier, glob }) => (glob ? [] : (specifier ?? []))))],
    text: replaced(
      source,
      imports.map(({ importStart }) => ({
        start: importStart,
        end: importStart + 'import'.length,
        text: DYNAMIC_IMPORT,
      })),
    ),
  };
}
