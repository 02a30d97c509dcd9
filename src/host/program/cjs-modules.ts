// The CommonJS modules of one incarnation: `require`, `module` and the cache, as Node.js has them.

import { readFileSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { dirname, sep } from 'node:path';
import { EnvironmentError } from '../../errors.ts';
import { formOf, literalRequestsOf } from './module-form.ts';
import { importNow, required } from './packages.ts';
import type { ProgramCode } from './program-code.ts';
import { builtinSpecifier, referenceOf, specifierOf } from './reference.ts';

/** `module` of a CommonJS module. */
export interface LoadedModule {
  exports: unknown;
  readonly id: string;
  readonly filename: string;
  readonly path: string;
  loaded: boolean;
  readonly children: LoadedModule[];
  readonly paths: string[];
  parent: LoadedModule | undefined;
  require: RequireFunction;
}

/** `require` of a CommonJS module. */
export interface RequireFunction {
  (specifier: string): unknown;
  readonly resolve: NodeJS.RequireResolve;
  readonly main: LoadedModule;
  readonly cache: Record<string, LoadedModule | undefined>;
}

type Ways<Result> = Readonly<Record<string, () => Result>>;

/** The CommonJS modules of one incarnation. */
export class CommonModules {
  /** `require.main`, also where the entry is an ES module that the compiler would make a CommonJS one. */
  readonly main: LoadedModule;
  readonly #code: ProgramCode;
  readonly #cache: Record<string, LoadedModule | undefined> = Object.create(null) as Record<
    string,
    LoadedModule | undefined
  >;
  /** The ways from each module to those that the bundle holds. */
  readonly #requires = new Map<string, Ways<unknown>>();
  readonly #imports = new Map<string, Ways<Promise<unknown>>>();

  constructor(code: ProgramCode) {
    this.#code = code;
    this.main = this.create(code.bundle.entry);
  }

  /** Makes the `module` of a file. */
  create(file: string): LoadedModule {
    const isMain = file === this.#code.bundle.entry;
    const module: LoadedModule = {
      exports: {},
      id: isMain ? '.' : file,
      filename: file,
      path: dirname(file),
      loaded: false,
      children: [],
      paths: lookUpFolders(dirname(file)),
      parent: undefined,
      require: undefined as unknown as RequireFunction,
    };
    module.require = this.requireOf(module);
    return module;
  }

  /** Evaluates a module, unless it was. */
  evaluate(file: string, requires: Ways<unknown>, imports: Ways<Promise<unknown>>): LoadedModule {
    this.#requires.set(file, requires);
    this.#imports.set(file, imports);
    return this.#evaluate(file);
  }

  requireOf(module: LoadedModule): RequireFunction {
    const { filename } = module;
    let real: NodeJS.Require | undefined;
    const resolve = ((specifier: string, options?: { paths?: string[] }) => {
      real ??= createRequire(filename);
      const known = this.#code.bundle.commonModules.get(filename)?.required.get(specifier);
      if (known === undefined) return real.resolve(specifier, options);
      return referenceOf(known)?.target ?? known;
    }) as NodeJS.RequireResolve;
    resolve.paths = (specifier) => (real ??= createRequire(filename)).resolve.paths(specifier);
    const require = (specifier: string): unknown => this.#require(module, specifier, resolve);
    return Object.assign(require, { resolve, main: this.main ?? module, cache: this.#cache });
  }

  #require(from: LoadedModule, specifier: string, resolve: NodeJS.RequireResolve): unknown {
    if (typeof specifier !== 'string' || specifier === '') resolve(specifier);
    const known = this.#code.bundle.commonModules.get(from.filename)?.required.get(specifier);
    const reference = known ?? specifier;
    if (referenceOf(reference) !== undefined) return required(reference);
    if (known === undefined && isBuiltin(specifier)) return required(builtinSpecifier(specifier));
    const file = known ?? resolve(specifier);
    const cached = this.#cache[file];
    if (cached !== undefined) return cached.exports;
    const way = this.#requires.get(from.filename)?.[file];
    if (way !== undefined) return way();
    if (file.includes(`${sep}node_modules${sep}`) && this.#code.common(file) === undefined) {
      return required(specifierOf({ kind: 'require', target: file }));
    }
    return this.#load(file, from);
  }

  /** Loads a file that the bundle did not know of: one that was required by no literal. */
  #load(file: string, from: LoadedModule): unknown {
    if (file.endsWith('.json')) {
      const module = this.create(file);
      this.#cache[file] = module;
      module.exports = JSON.parse(readFileSync(file, 'utf8'));
      return module.exports;
    }
    if (this.#code.common(file) === undefined) {
      const source = readFileSync(file, 'utf8');
      if (!/\.c?js$/.test(file) || formOf(file, source) !== 'commonjs') {
        throw new EnvironmentError(
          `require(${JSON.stringify(file)}) was called by ${from.filename} with what is no literal: ` +
            'expected a CommonJS module in JavaScript, got another, which has to be loaded before a run. ' +
            'Write it as a literal.',
        );
      }
      const { text } = literalRequestsOf(source);
      this.#code.add({ file, source: text, map: undefined, required: new Map(), imported: new Map() });
    }
    return this.#evaluate(file, from).exports;
  }

  #evaluate(file: string, from?: LoadedModule): LoadedModule {
    const known = this.#cache[file];
    if (known !== undefined) return known;
    const module = file === this.main.filename ? this.main : this.create(file);
    module.parent = from;
    from?.children.push(module);
    this.#cache[file] = module;
    const compiled = this.#code.common(file);
    if (compiled === undefined) throw new EnvironmentError(`Expected ${file} to be bundled.`);
    const { exports, require } = module;
    const importFrom = (specifier: unknown): Promise<unknown> => this.#import(file, specifier);
    try {
      compiled.call(exports, exports, require, module, file, dirname(file), importFrom);
      module.loaded = true;
    } finally {
      // As in Node.js, a module that threw is evaluated anew by the next who requires it.
      if (!module.loaded) Reflect.deleteProperty(this.#cache, file);
    }
    return module;
  }

  #import(file: string, specifier: unknown): Promise<unknown> {
    const target = this.#code.bundle.commonModules.get(file)?.imported.get(String(specifier));
    const way = target === undefined ? undefined : this.#imports.get(file)?.[target];
    return way === undefined ? importNow(target ?? specifier) : way();
  }
}

function lookUpFolders(folder: string): string[] {
  const folders: string[] = [];
  for (let at = folder; ; at = dirname(at)) {
    if (!at.endsWith(`${sep}node_modules`)) folders.push(`${at}${sep}node_modules`.replace(sep + sep, sep));
    if (dirname(at) === at) return folders;
  }
}
