// Which folder of src/ may import which, as data, and the rule that reads it. Data flows down the list: a
// folder imports only from folders above it.

import { importsOf, reached } from './imports.ts';
import { findingAt } from './rules.ts';
import type { Finding, SourceFile } from './rules.ts';

interface Layer {
  /** The folders that it may import. */
  imports: readonly string[];
  /** The folders of which it may import the types alone. */
  types?: readonly string[];
}

const belowHost = ['random', 'time', 'engine', 'network', 'storage', 'ambient'];
const belowScenario = [...belowHost, 'host', 'services', 'faults', 'history', 'models', 'checkers'];

/** The folders of src/, from the top of the house down; and `models/`, which stands beside it. */
export const layers: Readonly<Record<string, Layer>> = {
  random: { imports: [] },
  time: { imports: [] },
  engine: { imports: ['random', 'time'] },
  network: { imports: ['random', 'time'] },
  storage: { imports: ['random', 'time'] },
  ambient: { imports: ['random', 'time', 'engine', 'network', 'storage'] },
  history: { imports: ['time'] },
  host: { imports: [...belowHost, 'history'] },
  services: { imports: ['host', 'network'] },
  faults: { imports: ['random', 'time', 'network', 'storage', 'host'] },
  models: { imports: [] },
  checkers: { imports: ['time', 'history', 'models'] },
  scenario: { imports: belowScenario },
  report: { imports: ['time', 'history', 'faults', 'network'], types: ['checkers'] },
  explore: { imports: [...belowScenario, 'scenario', 'report'] },
  mutate: { imports: [...belowScenario, 'scenario', 'explore'] },
  deflake: { imports: [...belowScenario, 'scenario', 'report', 'explore'] },
  runners: { imports: ['engine', 'scenario', 'explore'] },
  cli: { imports: ['ambient', 'scenario', 'explore', 'report', 'mutate', 'deflake'] },
};

/** What is no part of a layer. */
const importedByAll: readonly string[] = ['src/errors.ts', 'src/own-package.ts'];

/** The files that may stand in src/ itself. Nothing imports an entry point, and all import the last two. */
export const rootFiles: readonly string[] = [
  'index.ts',
  'checkers.ts',
  'markers.ts',
  'markers-removed.ts',
  'models.ts',
  'register.ts',
  'node-test.ts',
  'vitest.ts',
  'jest.ts',
  'jest-environment.ts',
  'errors.ts',
  'own-package.ts',
];

/** Where a file belongs: a folder of src/, `models`, or its own name where it stands in src/ itself. */
function placeOf(path: string): { readonly folder: string; readonly isRoot: boolean } {
  const [top = '', second = '', ...rest] = path.split('/');
  if (top === 'models') return { folder: top, isRoot: false };
  return { folder: top === 'src' ? second : '', isRoot: rest.length === 0 };
}

/** A folder imports only what its layer allows, by path and with the file's real extension. */
export function layering(file: SourceFile): Finding[] {
  const { folder, isRoot } = placeOf(file.path);
  if (isRoot) return rootFiles.includes(folder) ? rootImports(file, folder) : [strange(file)];
  const layer = layers[folder];
  if (layer === undefined) return [strange(file)];
  return importsOf(file).flatMap(({ specifier, typesOnly, start }) => {
    const path = reached(file.path, specifier);
    if (path === undefined || importedByAll.includes(path)) return [];
    const target = placeOf(path);
    if (!target.isRoot && (target.folder === folder || layer.imports.includes(target.folder))) return [];
    if (!target.isRoot && typesOnly && layer.types?.includes(target.folder) === true) return [];
    const allowed = [...layer.imports, ...(layer.types ?? []).map((name) => `${name} (types)`)];
    const sentence = `imports ${path}, but ${folder}/ may import only ${allowed.join(', ') || 'nothing'}`;
    return [findingAt(file, start, sentence)];
  });
}

/** `errors.ts` is imported by all, so it may import types alone; an entry point may import any folder. */
function rootImports(file: SourceFile, name: string): Finding[] {
  return importsOf(file).flatMap(({ specifier, typesOnly, start }) => {
    const path = reached(file.path, specifier);
    if (path === undefined) return [];
    if (placeOf(path).folder === '') return [findingAt(file, start, `imports ${path}, outside of src/`)];
    if (name === 'errors.ts' && !typesOnly) {
      return [findingAt(file, start, `imports ${path}, but errors.ts may import types alone`)];
    }
    return [];
  });
}

function strange(file: SourceFile): Finding {
  return `${file.path}:1: is in no folder that src/ is known to have (test/tidy/layers.ts)`;
}
