// A test file, made ready to run: which test runner it was written for, its modules bundled, and what it
// needs of that runner's packages loaded.

import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { mock } from 'node:test';
import { EnvironmentError, OptionError } from '../errors.ts';
import { couplingPackages } from '../host/program/coupling-packages.ts';
import { prepareProgram } from '../host/program/prepare.ts';
import type { ProgramCode } from '../host/program/program-code.ts';
import type { Collector } from './runner/collector.ts';
import { isInstalled } from './runner/installed.ts';
import { jestModule, loadJest } from './runner/jest.ts';
import { nodeTestModule } from './runner/node-test.ts';
import type { RunnerModule } from './runner/runner-module.ts';
import type { Dialect } from './runner/tree.ts';
import { loadVitest, vitestModule } from './runner/vitest.ts';

/** The modules that stand for a test runner. */
const SPECIFIERS: Readonly<Record<Dialect, string>> = {
  'node:test': 'node:test',
  vitest: 'vitest',
  jest: '@jest/globals',
};

/** See above. */
export interface TestFile {
  /** The absolute path. */
  readonly path: string;
  readonly dialect: Dialect;
  /** Bundles it, anew where a file of it changed, and loads its packages. */
  code(): Promise<ProgramCode>;
  /** Makes what stands for its test runner, for one run. */
  runner(collector: Collector): TestFileRunner;
}

/** What stands for a test runner, for one run. */
export interface TestFileRunner {
  readonly modules: ReadonlyMap<string, unknown>;
  /** What the file finds as global variables. */
  readonly globals: PropertyDescriptorMap;
  /** See {@link RunnerModule}. */
  restore(): void;
}

/**
 * Opens a test file.
 *
 * @throws {OptionError} If there is no such file.
 */
export async function openTestFile(given: string): Promise<TestFile> {
  const wanted = resolve(given);
  if (!existsSync(wanted) || !statSync(wanted).isFile())
    throw new OptionError(`Expected a test file, got ${given}, which is no file.`);
  const path = realpathSync(wanted);
  const dialect = dialectOf(path, readFileSync(path, 'utf8'));
  const make = await makerOf(dialect, path);
  return {
    path,
    dialect,
    code: () =>
      prepareProgram({
        entry: path,
        replace: new Map(),
        isolate: new Set(Object.keys(couplingPackages)),
        provided: new Set(Object.values(SPECIFIERS)),
      }),
    runner: (collector) => {
      const own = make(collector);
      const nodeTest = nodeTestModule(collector);
      const modules = new Map<string, unknown>([[SPECIFIERS['node:test'], nodeTest]]);
      for (const other of ['vitest', 'jest'] as const)
        modules.set(SPECIFIERS[other], other === dialect ? own.module : notThisRunner(other, dialect));
      const globals = dialect === 'node:test' ? {} : globalsOf(own.module as object);
      return { modules, globals, restore: () => own.restore() };
    },
  };
}

/** By what it imports; a file that imports none of them is Jest's, or Vitest's where only that is there. */
function dialectOf(path: string, source: string): Dialect {
  for (const [dialect, specifier] of Object.entries(SPECIFIERS))
    if (new RegExp(`['"]${specifier}['"]`).test(source)) return dialect as Dialect;
  const hasOnlyVitest = isInstalled('@vitest/expect', path) && !isInstalled('expect', path);
  return hasOnlyVitest || /\bvi\.\w/.test(source) ? 'vitest' : 'jest';
}

async function makerOf(dialect: Dialect, path: string): Promise<(collector: Collector) => RunnerModule> {
  if (dialect === 'vitest') {
    const parts = await loadVitest(path);
    return (collector) => vitestModule(collector, parts);
  }
  if (dialect === 'jest') {
    const parts = await loadJest(path);
    return (collector) => jestModule(collector, parts);
  }
  return () => ({ module: undefined, restore: () => mock.reset() });
}

/** Getters stay getters: what is not installed matters to who asks for it. */
function globalsOf(module: object): PropertyDescriptorMap {
  const descriptors: PropertyDescriptorMap = Object.getOwnPropertyDescriptors(module);
  for (const descriptor of Object.values(descriptors)) descriptor.configurable = true;
  return descriptors;
}

function notThisRunner(other: string, dialect: Dialect): unknown {
  const refuse = (): never => {
    throw new EnvironmentError(
      `Expected the modules of the test file to import one test runner, got ${other} beside ${dialect}.`,
    );
  };
  return new Proxy({}, { get: refuse, has: () => true });
}
