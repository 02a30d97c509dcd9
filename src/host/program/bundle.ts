// Bundles the modules of a program: ES modules into one, each CommonJS module left a function of its own, so
// that it keeps its sloppy mode, its `module` and its lines. Packages stay outside.

import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { dirname, extname } from 'node:path';
import process from 'node:process';
import type * as EsbuildModule from 'esbuild';
import type { BuildResult, Message, OnLoadResult, Plugin } from 'esbuild';
import { EnvironmentError } from '../../errors.ts';
import { LINK, META } from './linked-code.ts';
import { CODE, formOf, lexerReady, literalRequestsOf, withOwnNames } from './module-form.ts';
import { referenceOf } from './reference.ts';
import { Resolver, type ModuleChoices } from './resolve.ts';

type Esbuild = typeof EsbuildModule;

/** A CommonJS module of the user. */
export interface CommonModule {
  readonly file: string;
  /** JavaScript. */
  readonly source: string;
  /** The source map of what the compiler made; undefined for what runs as it is written. */
  readonly map: string | undefined;
  /** Where its literal requests lead: a file of the user or a reference, by specifier. */
  readonly required: ReadonlyMap<string, string>;
  readonly imported: ReadonlyMap<string, string>;
}

/** The modules of a program, as text. */
export interface Bundle {
  readonly entry: string;
  readonly code: string;
  readonly map: string;
  readonly hasTopLevelAwait: boolean;
  /** Whether one of its ES modules may have `require`: see `interop` in module-form.ts. */
  readonly hasRequire: boolean;
  readonly commonModules: ReadonlyMap<string, CommonModule>;
  /** The files of ES modules, in the order of their numbers. */
  readonly files: readonly string[];
  /** Everything that was read, with what tells whether it has changed. */
  readonly inputs: ReadonlyMap<string, string>;
  /** Equal for equal texts. */
  readonly hash: string;
}

/** What is asked of {@link bundle}. */
export interface BundleRequest extends ModuleChoices {
  readonly entry: string;
}

/** @throws {EnvironmentError} If a module has an error, or is nowhere to be found. */
export async function bundle(request: BundleRequest): Promise<Bundle> {
  const esbuild = await loadEsbuild();
  await lexerReady;
  const collected = new Collected(esbuild);
  const result = await built(request.entry, () =>
    esbuild.build({
      entryPoints: [request.entry],
      plugins: [collected.plugin(request)],
      bundle: true,
      write: false,
      outfile: `${request.entry}.bundle.js`,
      format: 'esm',
      platform: 'node',
      target: `node${process.versions.node}`,
      mainFields: ['main'],
      conditions: nodeConditions(),
      resolveExtensions: ['.ts', '.mts', '.cts', '.tsx', '.js', '.mjs', '.cjs', '.jsx', '.json'],
      // What Node.js evaluates is evaluated, whatever a package says of its side effects.
      ignoreAnnotations: true,
      keepNames: true,
      charset: 'utf8',
      sourcemap: 'external',
      sourcesContent: false,
      metafile: true,
      logLevel: 'silent',
    }),
  );
  const textOf = (end: string): string =>
    result.outputFiles?.find(({ path }) => path.endsWith(end))?.text ?? '';
  const code = textOf('.js');
  const inputs = new Map([...collected.read].map((file) => [file, stampOf(file)]));
  const hash = createHash('sha256').update(code);
  for (const { file, source } of collected.commonModules.values()) hash.update(file).update(source);
  return {
    entry: request.entry,
    code,
    map: textOf('.map'),
    hasTopLevelAwait: await awaitsOnTop(esbuild, code),
    hasRequire: collected.hasRequire,
    commonModules: collected.commonModules,
    files: collected.files,
    inputs,
    hash: hash.digest('hex').slice(0, 12),
  };
}

/** Whether a file is as it was when it was bundled. */
export function stampOf(file: string): string {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat === undefined ? 'gone' : `${stat.mtimeMs} ${stat.size}`;
}

/** Loads esbuild: only who has programs pays for it. */
async function loadEsbuild(): Promise<Esbuild> {
  return import('esbuild');
}

/** The conditions of package exports that this Node.js was started with, and those that it has by itself. */
function nodeConditions(): string[] {
  const words = [...process.execArgv, ...(process.env['NODE_OPTIONS'] ?? '').split(/\s+/)];
  const given = words.flatMap((word, i) => {
    const value = /^(?:-C|--conditions)=(.+)$/.exec(word)?.[1];
    return value ?? (word === '-C' || word === '--conditions' ? (words[i + 1] ?? []) : []);
  });
  const features = process.features as { require_module?: unknown };
  return [...given, ...(features.require_module === undefined ? [] : ['module-sync'])];
}

async function built(entry: string, run: () => Promise<BuildResult>): Promise<BuildResult> {
  try {
    return await run();
  } catch (error) {
    const { errors } = error as { errors?: Message[] };
    if (errors === undefined) throw error;
    const shown = errors.map(({ text, location }) => {
      const place = location === null ? '' : `${location.file}:${location.line}:${location.column + 1}: `;
      return `\n  ${place}${text}`;
    });
    throw new EnvironmentError(`Expected to bundle the program ${entry}, got:${shown.join('')}`);
  }
}

/** Only a function that awaits has to be an asynchronous one: all others are evaluated synchronously. */
async function awaitsOnTop(esbuild: Esbuild, code: string): Promise<boolean> {
  if (!/\bawait\b/.test(code)) return false;
  try {
    await esbuild.transform(code, {
      format: 'esm',
      supported: { 'top-level-await': false },
      logLevel: 'silent',
    });
    return false;
  } catch (error) {
    const { errors = [] } = error as { errors?: Message[] };
    if (errors.length > 0 && errors.every(({ text }) => text.includes('op-level await'))) return true;
    throw error;
  }
}

/** What one build came across. */
class Collected {
  readonly commonModules = new Map<string, CommonModule>();
  readonly files: string[] = [];
  readonly read = new Set<string>();
  hasRequire = false;
  readonly #esbuild: Esbuild;

  constructor(esbuild: Esbuild) {
    this.#esbuild = esbuild;
  }

  plugin(choices: ModuleChoices): Plugin {
    return {
      name: 'wavetank',
      setup: (build) => {
        const resolver = new Resolver(build, choices);
        build.onResolve({ filter: /.*/ }, (args) => resolver.resolve(args));
        build.onLoad({ filter: CODE, namespace: 'file' }, ({ path }) => this.#load(path, resolver));
        build.onLoad({ filter: /\.json$/, namespace: 'file' }, ({ path }) => {
          this.read.add(path);
          return undefined;
        });
      },
    };
  }

  async #load(file: string, resolver: Resolver): Promise<OnLoadResult> {
    this.read.add(file);
    const source = readFileSync(file, 'utf8');
    const form = formOf(file, source);
    if (form === 'commonjs') return { contents: await this.#wrap(file, source, resolver), loader: 'js' };
    if (form === 'interop') this.hasRequire = true;
    const number = this.files.push(file) - 1;
    return { contents: withOwnNames(source, form, `${META}.m${number}`), loader: loaderOf(file) };
  }

  /** A CommonJS module stands in the bundle as a call that evaluates it, with ways to what it requires. */
  async #wrap(file: string, source: string, resolver: Resolver): Promise<string> {
    const { code, map } = /\.[cm]?tsx?$|\.jsx$/.test(file)
      ? await this.#esbuild.transform(source, {
          loader: loaderOf(file),
          format: 'cjs',
          target: `node${process.versions.node}`,
          keepNames: true,
          sourcemap: 'external',
          sourcesContent: false,
          sourcefile: file,
        })
      : { code: source, map: undefined };
    const requests = literalRequestsOf(code);
    const leadTo = async (
      paths: readonly string[],
      kind: 'require-call' | 'dynamic-import',
    ): Promise<Map<string, string>> => {
      const found = new Map<string, string>();
      for (const path of paths) {
        const answer = await resolver.find({ path, kind, importer: file, resolveDir: dirname(file) });
        if (answer.path !== undefined) found.set(path, answer.path);
      }
      return found;
    };
    const required = await leadTo(requests.required, 'require-call');
    const imported = await leadTo(requests.imported, 'dynamic-import');
    const module = { file, source: requests.text, map: map || undefined, required, imported };
    this.commonModules.set(file, module);
    const ways = `${waysTo('require', required.values())}, ${waysTo('import', imported.values())}`;
    return `module.exports = ${LINK}.commonjs(${JSON.stringify(file)}, ${ways});`;
  }
}

/** For each file of the user a function that evaluates it, in words that esbuild follows. */
function waysTo(word: 'require' | 'import', targets: Iterable<string>): string {
  const users = [...new Set(targets)].filter((target) => referenceOf(target) === undefined);
  const ways = users.map((user) => `${JSON.stringify(user)}: () => ${word}(${JSON.stringify(user)})`);
  return `{ ${ways.join(', ')} }`;
}

/** The references of the CommonJS modules of a bundle. */
export function referencesOf(modules: Iterable<CommonModule>): string[] {
  return [...modules].flatMap(({ required, imported }) =>
    [...required.values(), ...imported.values()].filter((target) => referenceOf(target) !== undefined),
  );
}

function loaderOf(file: string): 'js' | 'jsx' | 'ts' | 'tsx' {
  const extension = extname(file);
  if (extension === '.tsx') return 'tsx';
  if (/^\.[cm]?ts$/.test(extension)) return 'ts';
  return extension === '.jsx' ? 'jsx' : 'js';
}
