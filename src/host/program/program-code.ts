// The code of a program, compiled once and evaluated for each incarnation: what all incarnations share.

import { compileFunction } from 'node:vm';
import type { Bundle, CommonModule } from './bundle.ts';
import { referencesOf } from './bundle.ts';
import { Evaluation } from './evaluation.ts';
import { LINK, META, linkCode } from './linked-code.ts';
import { DYNAMIC_IMPORT } from './module-form.ts';
import { loadReferences } from './packages.ts';
import { codeName, folderOf, registerSourceMap } from './source-maps.ts';

/** A compiled function of whatever parameters. */
export type CompiledFunction = (this: unknown, ...args: unknown[]) => unknown;

const COMMON_PARAMETERS = ['exports', 'require', 'module', '__filename', '__dirname', DYNAMIC_IMPORT];

/** A program that can be evaluated. */
export class ProgramCode {
  readonly bundle: Bundle;
  readonly evaluate: CompiledFunction;
  readonly #imported: readonly string[];
  readonly #common = new Map<string, CompiledFunction>();

  constructor(bundle: Bundle) {
    this.bundle = bundle;
    const name = codeName(bundle.entry, bundle.hash);
    const { body, imported, importedLater } = linkCode(bundle.code, bundle.hasTopLevelAwait);
    // The body begins with a line of its own. Debuggers know no line before the first.
    const mapped = { name, map: bundle.map, folder: folderOf(bundle.entry), linesBefore: 1 };
    const end = registerSourceMap(mapped);
    const parameters = bundle.hasRequire ? [LINK, META, 'require'] : [LINK, META];
    this.evaluate = compileFunction(body + end, parameters, { filename: name }) as CompiledFunction;
    this.#imported = [...imported, ...referencesOf(bundle.commonModules.values()), ...importedLater];
    for (const module of bundle.commonModules.values()) this.#common.set(module.file, compileCommon(module));
  }

  /** Loads the packages that it refers to. */
  load(): Promise<void> {
    return loadReferences(this.#imported);
  }

  /** Begins an evaluation, for one incarnation. */
  newEvaluation(): Evaluation {
    return new Evaluation(this);
  }

  /** The function of a CommonJS module. */
  common(file: string): CompiledFunction | undefined {
    return this.#common.get(file);
  }

  /** Adds a module that only turned up while a program ran. */
  add(module: CommonModule): CompiledFunction {
    const compiled = compileCommon(module);
    this.#common.set(module.file, compiled);
    return compiled;
  }
}

function compileCommon({ file, source, map }: CommonModule): CompiledFunction {
  const name = map === undefined ? file : codeName(file, 'commonjs');
  const mapped = map === undefined ? undefined : { name, map, folder: folderOf(file), linesBefore: 0 };
  const end = mapped === undefined ? '' : registerSourceMap(mapped);
  return compileFunction(source.replace(/^#!/, '//') + end, COMMON_PARAMETERS, {
    filename: name,
  }) as CompiledFunction;
}
