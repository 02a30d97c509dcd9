// Finds scenario files and loads the scenarios that they export, in TypeScript without a build step.

import { access, readdir } from 'node:fs/promises';
import { Module, createRequire } from 'node:module';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describeValue } from '../errors.ts';
import { ownEntry } from '../own-package.ts';
import { isScenario } from '../scenario/define-scenario.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { UsageError } from './exit-code.ts';

const SCENARIO_FILE = /\.sim\.[cm]?[jt]s$/;
const SKIPPED: ReadonlySet<string> = new Set(['node_modules', '.git', 'dist']);

/** Finds the scenario files that the words on the command line mean: files, folders, or everything here. */
export async function findScenarioFiles(words: readonly string[]): Promise<string[]> {
  const files: string[] = [];
  for (const word of words.length === 0 ? ['.'] : words) files.push(...(await filesBelow(word)));
  if (files.length > 0) return [...new Set(files)];
  throw new UsageError(
    `Found no scenario file (*.sim.ts) in ${words.length === 0 ? 'this folder' : words.join(', ')}.`,
  );
}

/**
 * Loads the scenarios of a file: its default export and its named ones.
 *
 * @throws {UsageError} If it cannot be loaded, or exports no scenario.
 */
export async function loadScenarios(file: string): Promise<Scenario[]> {
  await loadTypeScript();
  let exported: Record<string, unknown>;
  try {
    exported = (await import(pathToFileURL(resolve(file)).href)) as Record<string, unknown>;
  } catch (error) {
    const shown = error instanceof Error ? (error.stack ?? error.message) : String(error);
    throw new UsageError(`${file} cannot be loaded: ${shown}`);
  }
  const values = Object.values(unwrapped(exported));
  const scenarios = [...new Set(values)].filter((value) => isScenario(value)) as Scenario[];
  if (scenarios.length > 0) return scenarios;
  const found = values.length === 0 ? 'nothing' : values.map(describeValue).join(', ');
  throw new UsageError(
    `Expected ${file} to export a scenario, got ${found}. Write \`export default defineScenario({ ... })\`.`,
  );
}

/** A CommonJS file, or one compiled to it, has its exports under `default`. */
function unwrapped(exported: Record<string, unknown>): Record<string, unknown> {
  const { default: inner, 'module.exports': _, ...named } = exported;
  const isWrapped = typeof inner === 'object' && inner !== null && !isScenario(inner);
  return isWrapped ? { ...named, ...inner } : exported;
}

async function filesBelow(word: string): Promise<string[]> {
  if (SCENARIO_FILE.test(word)) {
    await access(word).catch(() => {
      throw new UsageError(`There is no file ${word}.`);
    });
    return [word];
  }
  const entries = await readdir(word, { withFileTypes: true }).catch(() => {
    throw new UsageError(`Expected a scenario file (*.sim.ts) or a folder, got ${word}.`);
  });
  const files: string[] = [];
  for (const entry of entries.toSorted((left, right) => (left.name < right.name ? -1 : 1))) {
    const path = join(word, entry.name);
    if (entry.isDirectory() && !SKIPPED.has(entry.name)) files.push(...(await filesBelow(path)));
    else if (entry.isFile() && SCENARIO_FILE.test(entry.name)) files.push(relative('.', path));
  }
  return files;
}

/** Teaches this process TypeScript, unless it knows already (`node --import tsx`). */
async function loadTypeScript(): Promise<void> {
  if (process.execArgv.some((word) => word.includes('tsx'))) return;
  // What scenarios import of this package is JavaScript already: tsx would only read it once more.
  await Promise.all(['index', 'checkers', 'models'].map(loadOwn));
  const [modules, scripts] = await Promise.all([import('tsx/esm/api'), import('tsx/cjs/api')]);
  // Where no `"type": "module"` is near, files are CommonJS, which is loaded another way.
  scripts.register();
  modules.register();
}

/** Loads an entry point of this package, and makes it what CommonJS files get, too: one copy is enough. */
async function loadOwn(entry: string): Promise<void> {
  const { href } = ownEntry(entry);
  const filename = fileURLToPath(href).replace(/\.mjs$/, '.cjs');
  const script = new Module(filename);
  Object.assign(script, { filename, loaded: true, exports: await import(href) });
  createRequire(href).cache[filename] ??= script;
}
