// The assertions and mocks of the user's own test runner, loaded from the project of the test file before the
// first run: what a file expects of `expect` is what its runner's says.

import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { EnvironmentError } from '../../errors.ts';

/** A package that was loaded, or why not. */
export type Installed =
  { readonly exports: Record<string, unknown> } | { readonly missing: EnvironmentError };

/** What packages bring the one that is looked for, where it is not installed by itself. */
const BROUGHT_BY: Readonly<Record<string, readonly string[]>> = {
  expect: ['@jest/globals', '@jest/expect', 'jest', '@jest/core', 'jest-cli', 'jest-circus'],
  'jest-mock': ['@jest/globals', '@jest/environment', 'jest', '@jest/core', 'jest-cli', 'jest-circus'],
  '@vitest/expect': ['vitest'],
  '@vitest/spy': ['vitest'],
};
/** What to install for each. */
const INSTALL: Readonly<Record<string, string>> = {
  expect: 'jest (or expect)',
  'jest-mock': 'jest (or jest-mock)',
  '@vitest/expect': 'vitest (or @vitest/expect)',
  '@vitest/spy': 'vitest (or @vitest/spy)',
};

/** Loads a package as the project of a file has it. */
export async function installed(name: string, file: string): Promise<Installed> {
  const path = resolved(name, dirname(file));
  if (path === undefined) {
    return {
      missing: new EnvironmentError(
        `The test file uses what is in the package ${name}, which is not installed beside it: ` +
          `\`npm install -D ${(INSTALL[name] ?? name).split(' ')[0]}\`, or ${INSTALL[name] ?? name}.`,
      ),
    };
  }
  const exports = (await import(pathToFileURL(path).href)) as Record<string, unknown>;
  return { exports };
}

/** Whether the project of a file has a package. */
export function isInstalled(name: string, file: string): boolean {
  return resolved(name, dirname(file)) !== undefined;
}

/** What a package exports by name; that of CommonJS may stand under `default` alone. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- who asks knows what it is
export function exportOf<Value>(found: Installed, name: string): Value {
  if ('missing' in found) throw found.missing;
  const inner = found.exports['default'] as Record<string, unknown> | undefined;
  return (found.exports[name] ?? inner?.[name]) as Value;
}

function resolved(name: string, folder: string): string | undefined {
  const found = resolvedFrom(name, folder);
  if (found !== undefined) return found;
  // Of a package manager that does not hoist: from inside of the package that depends on it.
  const seen = new Set<string>();
  let folders = [folder];
  for (let depth = 0; depth < 4; depth++) {
    const bringers = folders.flatMap((from) =>
      (BROUGHT_BY[name] ?? []).flatMap((bringer) => folderOf(bringer, from) ?? []),
    );
    folders = bringers.filter((bringer) => !seen.has(bringer));
    for (const each of folders) {
      seen.add(each);
      const inside = resolvedFrom(name, each);
      if (inside !== undefined) return inside;
    }
  }
  return undefined;
}

function resolvedFrom(name: string, folder: string): string | undefined {
  const require = createRequire(join(folder, 'here.js'));
  try {
    return require.resolve(name);
  } catch {
    return entryOf(name, folder);
  }
}

/** The entry of a package that is for `import` alone, which `require` does not find on older versions. */
function entryOf(name: string, folder: string): string | undefined {
  const found = folderOf(name, folder);
  if (found === undefined) return undefined;
  const { exports, module, main } = createRequire(join(found, 'here.js'))('./package.json') as {
    exports?: unknown;
    module?: string;
    main?: string;
  };
  const entry = importOf((exports as Record<string, unknown> | undefined)?.['.'] ?? exports);
  const path = entry ?? module ?? main;
  return path === undefined ? undefined : join(found, path);
}

function importOf(target: unknown): string | undefined {
  if (typeof target === 'string') return target;
  if (typeof target !== 'object' || target === null) return undefined;
  const { import: forImport, default: other } = target as { import?: unknown; default?: unknown };
  return importOf(forImport) ?? importOf(other);
}

function folderOf(name: string, folder: string): string | undefined {
  const require = createRequire(join(folder, 'here.js'));
  for (const modules of require.resolve.paths(name) ?? []) {
    try {
      return dirname(require.resolve(join(modules, name, 'package.json')));
    } catch {
      // Further up.
    }
  }
  return undefined;
}
