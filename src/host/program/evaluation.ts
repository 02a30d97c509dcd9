// One evaluation of a program, for one incarnation: its modules, their exports, and the ways between them.

import { createRequire } from 'node:module';
import { dirname, isAbsolute } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { CommonModules, type LoadedModule } from './cjs-modules.ts';
import { importNow, namesOf, namespaceOf } from './packages.ts';
import type { ProgramCode } from './program-code.ts';

type Exports = Record<string, unknown>;
type Getters = Readonly<Record<string, () => unknown>>;

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
/** Whether this Node.js has `import.meta.main`. */
const HAS_META_MAIN = major > 24 || (major === 24 && minor >= 2) || (major === 22 && minor >= 18);

/** The modules of one incarnation. Its methods with short names are called by the code of the bundle. */
export class Evaluation {
  readonly #code: ProgramCode;
  readonly #common: CommonModules;
  #exports: Exports = {};

  constructor(code: ProgramCode) {
    this.#code = code;
    this.#common = new CommonModules(code);
  }

  /**
   * Evaluates the program: synchronously, but for what it awaits on its top level.
   *
   * @param expose - Called before with the live exports.
   */
  run(expose: (exports: Exports) => void): void | Promise<void> {
    const { bundle, evaluate } = this.#code;
    const isCommon = bundle.commonModules.has(bundle.entry);
    if (!isCommon) expose(this.#exports);
    else expose(this.#common.main.exports as Exports);
    try {
      const done = evaluate.call(undefined, this, this.#metas(), this.#common.requireOf(this.#common.main));
      if (done instanceof Promise) return done.then(() => undefined);
    } finally {
      if (isCommon) expose(this.#common.main.exports as Exports);
    }
    return undefined;
  }

  /** Declares the exports of the entry file. One whose statement has not run yet is `undefined`. */
  exports(getters: Getters): void {
    for (const [name, get] of Object.entries(getters)) {
      Object.defineProperty(this.#exports, name, { get, enumerable: true, configurable: true });
    }
  }

  exportAll(specifier: string): void {
    const namespace = namespaceOf(specifier);
    for (const name of Object.keys(namespace)) {
      if (name === 'default' || Object.hasOwn(this.#exports, name)) continue;
      Object.defineProperty(this.#exports, name, { get: () => namespace[name], enumerable: true });
    }
  }

  /** The default export, where it is an expression. */
  set value(value: unknown) {
    Object.defineProperty(this.#exports, 'default', { value, enumerable: true, configurable: true });
  }

  names(specifier: string, names: readonly string[]): Exports {
    return namesOf(specifier, names);
  }

  namespace(specifier: string): Exports {
    return namespaceOf(specifier);
  }

  /** A dynamic `import` of what is no module of the user. */
  import(specifier: unknown): Promise<unknown> {
    return importNow(specifier);
  }

  commonjs(
    file: string,
    requires: Readonly<Record<string, () => unknown>>,
    imports: Readonly<Record<string, () => Promise<unknown>>>,
  ): unknown {
    return this.#common.evaluate(file, requires, imports).exports;
  }

  /** `import.meta` of each ES module, by its number. */
  #metas(): Record<string, unknown> {
    const { files, entry } = this.#code.bundle;
    const metas: Record<string, unknown> = {};
    for (const [number, file] of files.entries()) {
      let meta: unknown;
      Object.defineProperty(metas, `m${number}`, { get: () => (meta ??= this.#meta(file, file === entry)) });
    }
    return metas;
  }

  #meta(file: string, isMain: boolean): Record<string, unknown> {
    const { main } = this.#common;
    const module: LoadedModule = isMain ? main : this.#common.create(file);
    const require = createRequire(file);
    return Object.assign(Object.create(null) as Record<string, unknown>, {
      dirname: dirname(file),
      filename: file,
      url: pathToFileURL(file).href,
      resolve: (specifier: string) => {
        const found = require.resolve(specifier);
        return isAbsolute(found) ? pathToFileURL(found).href : `node:${found.replace(/^node:/, '')}`;
      },
      ...(HAS_META_MAIN ? { main: isMain } : {}),
      module,
    });
  }
}
