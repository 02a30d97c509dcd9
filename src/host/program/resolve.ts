// Where an import of a program leads: to a module of the user, which is bundled, or out of the bundle.

import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, extname, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ImportKind, OnResolveArgs, OnResolveResult, PluginBuild } from 'esbuild';
import { ownFolder } from '../../own-package.ts';
import { CODE, formOf, packageTypeOf } from './module-form.ts';
import { builtinSpecifier, specifierOf, type ReferenceKind } from './reference.ts';

/** What a user says about the modules of a program, with absolute paths. */
export interface ModuleChoices {
  /** Files by the specifier or the absolute path that they stand for. */
  readonly replace: ReadonlyMap<string, string>;
  /** Packages that are evaluated for each incarnation. */
  readonly isolate: ReadonlySet<string>;
  /** Modules, by specifier, whose values are given to each incarnation: see provided.ts. Default none. */
  readonly provided?: ReadonlySet<string>;
}

/** Tells that a look-up is our own question to esbuild, and not one of the bundle. */
const OWN_QUESTION = { isOwnQuestion: true };

type Question = Pick<OnResolveArgs, 'path' | 'importer' | 'resolveDir'> & { readonly kind: ImportKind };

/** Resolves the imports of one bundle. */
export class Resolver {
  readonly #build: PluginBuild;
  readonly #choices: ModuleChoices;

  constructor(build: PluginBuild, choices: ModuleChoices) {
    this.#build = build;
    this.#choices = choices;
  }

  /** Answers for esbuild's `onResolve`. */
  async resolve(args: OnResolveArgs): Promise<OnResolveResult | undefined> {
    if (args.pluginData === OWN_QUESTION || args.kind === 'entry-point') return undefined;
    const found = await this.find(args);
    if (found.external === true || found.path === undefined) return found;
    // To a file that a plugin found, esbuild does not apply the `tsconfig.json` above it: decorators, fields.
    const { path, importer, resolveDir, kind } = args;
    const own = await this.#build.resolve(path, { kind, importer, resolveDir, pluginData: OWN_QUESTION });
    return own.path === found.path ? undefined : found;
  }

  async find({ path, importer, resolveDir, kind }: Question): Promise<OnResolveResult> {
    const isReplacement = [...this.#choices.replace.values()].includes(importer);
    const instead = isReplacement ? undefined : this.#replacementOf(path);
    if (instead !== undefined) return { path: instead };
    if (this.#choices.provided?.has(path) === true) return external('provided', path);
    if (isBuiltin(path)) return { path: builtinSpecifier(path), external: true };
    const answer = await this.#ask({ path, importer, resolveDir, kind });
    if (answer.errors.length > 0) {
      return kind === 'dynamic-import' ? external('missing', path) : { errors: answer.errors };
    }
    const found = answer.path;
    const other = isReplacement ? undefined : this.#choices.replace.get(found);
    if (other !== undefined) return { path: other };
    if (this.isOfUser(found)) return { path: found };
    return external(this.#loadedBy(kind, importer, found), found);
  }

  /** Whether a file is bundled. */
  isOfUser(file: string): boolean {
    if (file.startsWith(ownCode) || !(CODE.test(file) || file.endsWith('.json'))) return false;
    const packageName = packageNameOf(file);
    return packageName === undefined || this.#choices.isolate.has(packageName);
  }

  #replacementOf(path: string): string | undefined {
    const { replace } = this.#choices;
    const plain = path.replace(/^node:/, '');
    return (
      replace.get(path) ??
      (isBuiltin(path) ? (replace.get(plain) ?? replace.get(`node:${plain}`)) : undefined)
    );
  }

  /** What the compiler makes a `require` of is looked up as one, if there is something to require. */
  async #ask(question: Question): Promise<Awaited<ReturnType<PluginBuild['resolve']>>> {
    const { path, importer, resolveDir, kind } = question;
    const ask = (as: ImportKind): ReturnType<PluginBuild['resolve']> =>
      this.#build.resolve(path, { kind: as, importer, resolveDir, pluginData: OWN_QUESTION });
    if (kind === 'import-statement' && isInterop(importer)) {
      const required = await ask('require-call');
      if (required.errors.length === 0) return required;
    }
    return ask(kind);
  }

  #loadedBy(kind: ImportKind, importer: string, found: string): ReferenceKind {
    if (kind === 'require-call' || kind === 'require-resolve') return 'require';
    const isEsm =
      /\.m[jt]s$/.test(found) || (!/\.c[jt]s$/.test(found) && packageTypeOf(dirname(found)) === 'module');
    return kind === 'import-statement' && !isEsm && isInterop(importer) ? 'interop' : 'import';
  }
}

function external(kind: ReferenceKind, target: string): OnResolveResult {
  return { path: specifierOf({ kind, target }), external: true };
}

function isInterop(importer: string): boolean {
  if (!CODE.test(importer) || /^\.m?jsx?$/.test(extname(importer))) return false;
  try {
    return formOf(importer, readFileSync(importer, 'utf8')) !== 'module';
  } catch {
    return false;
  }
}

/** The package that a file was installed with; undefined for the user's own files. */
function packageNameOf(file: string): string | undefined {
  const parts = file.split(sep);
  const at = parts.lastIndexOf('node_modules');
  if (at === -1) return undefined;
  const [first = '', second = ''] = parts.slice(at + 1);
  return first.startsWith('@') ? `${first}/${second}` : first;
}

/** The folder of wavetank's code: evaluated once, also where it is no installed package. */
const ownCode = fileURLToPath(ownFolder());
