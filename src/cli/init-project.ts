// Looks at the project that `wavetank init` is called in: its modules, its test runner, its framework, and
// who runs its hooks.

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from './exit-code.ts';

/** Runs the tests of a project. */
export type TestRunner = 'node:test' | 'vitest' | 'jest';
/** Answers its requests. */
export type Framework = 'express' | 'fastify' | 'hono' | 'none';

/** A project, as far as what is written into it depends on it. */
export interface Project {
  readonly folder: string;
  readonly language: 'ts' | 'js';
  readonly modules: 'esm' | 'commonjs';
  readonly runner: TestRunner;
  readonly framework: Framework;
  /** Where tests are, relative to the folder. */
  readonly tests: string;
  /** Packages that what is written needs, and the project does not name. */
  readonly missing: readonly string[];
  readonly hooks: Hooks;
  /** Whether `.wavetank` would be committed. */
  readonly commitsReports: boolean;
}

/** Who runs the hooks of git. `none`: there is no repository. */
export type Hooks =
  | {
      readonly by: 'git';
      readonly file: string;
      /** From the root of the repository. */ readonly prefix: string;
    }
  | { readonly by: 'husky' | 'lefthook' | 'simple-git-hooks' | 'none' };

interface Package {
  readonly type?: string;
  readonly jest?: unknown;
  readonly 'simple-git-hooks'?: unknown;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

const LEFTHOOK = [
  'lefthook.yml',
  'lefthook.yaml',
  '.lefthook.yml',
  '.lefthook.yaml',
  'lefthook.json',
  'lefthook.toml',
];
/** What makes JavaScript of the TypeScript of tests for Jest. */
const JEST_TYPESCRIPT = ['ts-jest', '@swc/jest', '@babel/preset-typescript', 'esbuild-jest'];

/** Looks at a project. @throws {UsageError} If there is none, or its `package.json` cannot be read. */
export function projectIn(folder: string): Project {
  const found = packageIn(folder);
  const names = new Set(Object.keys({ ...found.dependencies, ...found.devDependencies }));
  const has = (...wanted: string[]): boolean => wanted.some((name) => names.has(name));
  const exists = (...paths: string[]): boolean => paths.some((path) => existsSync(join(folder, path)));
  const runner = has('vitest') ? 'vitest' : has('jest') || found.jest !== undefined ? 'jest' : 'node:test';
  const isTyped = has('typescript') || exists('tsconfig.json');
  const language = isTyped && (runner !== 'jest' || has(...JEST_TYPESCRIPT)) ? 'ts' : 'js';
  const framework = (['hono', 'fastify', 'express'] as const).find((name) => names.has(name)) ?? 'none';
  const needed = ['wavetank', ...(runner === 'node:test' && language === 'ts' ? ['tsx'] : [])];
  return {
    folder,
    language,
    modules: found.type === 'module' ? 'esm' : 'commonjs',
    runner,
    framework,
    tests: ['test', 'tests', '__tests__'].find((name) => exists(name)) ?? 'test',
    missing: needed.filter((name) => !names.has(name)),
    hooks: hooksOf(folder, { has, exists, found }),
    commitsReports: !ignores(folder, '.wavetank'),
  };
}

function packageIn(folder: string): Package {
  const file = join(folder, 'package.json');
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new UsageError(`Expected a package.json in ${folder}, got none. Make one: \`npm init\`.`);
  }
  try {
    const found: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    if (typeof found === 'object' && found !== null) return found;
    throw new Error('it is no object');
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${(error as Error).message}.`);
  }
}

function hooksOf(
  folder: string,
  {
    has,
    exists,
    found,
  }: { has: (...names: string[]) => boolean; exists: (...paths: string[]) => boolean; found: Package },
): Hooks {
  if (has('husky') || exists('.husky')) return { by: 'husky' };
  if (has('lefthook', '@evilmartians/lefthook') || exists(...LEFTHOOK)) return { by: 'lefthook' };
  if (has('simple-git-hooks') || found['simple-git-hooks'] !== undefined) return { by: 'simple-git-hooks' };
  const path = git(folder, 'rev-parse', '--git-path', 'hooks');
  if (path === undefined) return { by: 'none' };
  return {
    by: 'git',
    file: join(path, 'pre-commit'),
    prefix: git(folder, 'rev-parse', '--show-prefix') ?? '',
  };
}

function ignores(folder: string, path: string): boolean {
  return (
    git(folder, 'rev-parse', '--git-dir') === undefined || git(folder, 'check-ignore', path) !== undefined
  );
}

/** What git answers; undefined where it knows no repository, or is not there. */
function git(folder: string, ...words: string[]): string | undefined {
  const { status, stdout } = spawnSync('git', words, { cwd: folder, encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}
