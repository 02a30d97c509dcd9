// Runs the snippets of the documentation: as modules of this package, so that `wavetank` is what a reader
// imports, in a folder that git ignores. Each answer is what is wrong, or nothing.

import { spawn } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseSync } from 'oxc-parser';
import { explore } from '../../src/index.ts';
import { isScenario } from '../../src/scenario/define-scenario.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import { nodeArguments, root } from '../runner.ts';
import type { Snippet } from './markdown.ts';

/** Runs of a scenario that a snippet exports. */
const RUNS = 20;

/** A snippet in a file. */
export interface WrittenSnippet extends Snippet {
  readonly file: string;
}

/** `README.md:12`. */
export function placeOf({ path, line }: Snippet): string {
  return `${path}:${line}`;
}

/** Writes snippets to a folder of their own, and gives a function that removes it. */
export function writeSnippets(snippets: readonly Snippet[]): {
  written: WrittenSnippet[];
  remove: () => void;
} {
  const folder = join(root, '.wavetank/snippets', String(process.pid));
  mkdirSync(folder, { recursive: true });
  const written = snippets.map((snippet) => {
    const name = placeOf(snippet).replace(/[^\w]+/g, '-');
    const { expectation } = snippet;
    const file = join(folder, expectation.kind === 'file' ? expectation.name : `${name}.ts`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, snippet.code);
    return { ...snippet, file };
  });
  const include = written
    .filter(({ expectation }) => expectation.kind !== 'fragment')
    .map(({ file }) => file);
  const config = { extends: '../../../tsconfig.json', compilerOptions: { rootDir: '../../..' }, include };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  return { written, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** What the compiler finds wrong in written snippets, by file name. Errors elsewhere are for other tests. */
export async function typeErrors(written: readonly WrittenSnippet[]): Promise<Map<string, string[]>> {
  const [first] = written;
  if (first === undefined) return new Map();
  const project = join(first.file, '../tsconfig.json');
  const { output } = await finished(join(root, 'node_modules/.bin/tsc'), [
    '-p',
    project,
    '--pretty',
    'false',
  ]);
  if (/^error TS/m.test(output)) throw new Error(`tsc could not do its work:\n${output}`);
  const errors = new Map<string, string[]>();
  for (const line of output.split('\n')) {
    const [, file = '', rest = ''] = /^(\S+\.ts)(\(\d+,\d+\): error .*)$/.exec(line) ?? [];
    const snippet = written.find(
      (each) => file !== '' && each.file.endsWith(file.slice(file.lastIndexOf('/'))),
    );
    if (snippet === undefined) continue;
    errors.set(snippet.file, [...(errors.get(snippet.file) ?? []), rest]);
  }
  return errors;
}

const failures = new Map<string, Promise<string | undefined>>();

/** Does what the snippet's marker says. @returns what is wrong; undefined if nothing is. */
export async function problemOf(snippet: WrittenSnippet): Promise<string | undefined> {
  const { expectation } = snippet;
  if (expectation.kind === 'fragment' || expectation.kind === 'file') return syntaxErrorOf(snippet);
  const failure = await failureOf(snippet);
  if (expectation.kind !== 'fails') return failure;
  if (failure === undefined) return `it was to fail with ${expectation.code}, and did not fail`;
  if (failure.includes(expectation.code)) return undefined;
  return `it was to fail with ${expectation.code}, not with ${failure}`;
}

/** The lines of a block that the failure of a snippet does not have. Tokens may be shortened. */
export async function linesNotPrinted(snippet: WrittenSnippet, block: string): Promise<string[]> {
  const plain = (text: string): string[] =>
    text.split('\n').map((line) => line.trim().replace(/wt1:[\w.-]+/, 'wt1:'));
  const printed = new Set(plain((await failureOf(snippet)) ?? ''));
  return plain(block).filter((line) => line !== '' && !printed.has(line));
}

/** Runs a snippet, once. @returns how it failed; undefined if it did not. */
function failureOf(snippet: WrittenSnippet): Promise<string | undefined> {
  let failure = failures.get(snippet.file);
  if (failure === undefined) {
    const isTest = /from '(?:node:test|wavetank\/node-test)'/.test(snippet.code);
    failure = isTest ? failureAsTest(snippet) : failureHere(snippet);
    failures.set(snippet.file, failure);
  }
  return failure;
}

function syntaxErrorOf({ file, code }: WrittenSnippet): string | undefined {
  return parseSync(file, code, { lang: 'ts', sourceType: 'module' }).errors[0]?.message;
}

/** A test file is run as its reader would run it, in a process of its own. */
async function failureAsTest({ file }: WrittenSnippet): Promise<string | undefined> {
  // What says that this is a test file of a runner would silence the inner one.
  const env = { ...process.env, NODE_TEST_CONTEXT: undefined };
  const { status, output } = await finished(
    process.execPath,
    [...nodeArguments, '--test', '--test-reporter=tap', file],
    env,
  );
  if (status === 0 && !/^# pass [1-9]/m.test(output)) return `no test ran:\n${output}`;
  return status === 0 ? undefined : output;
}

/** Anything else is imported here; a scenario that it exports is explored a little. */
async function failureHere({ file }: WrittenSnippet): Promise<string | undefined> {
  try {
    const exported = (await import(pathToFileURL(file).href)) as { default?: unknown };
    if (isScenario(exported.default)) await explore(exported.default as Scenario, { runs: RUNS });
    return undefined;
  } catch (error) {
    const { name, message } = error as Error;
    return `${name}: ${message}`;
  }
}

function finished(
  command: string,
  parameters: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<{ status: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, parameters, { cwd: root, env });
    let output = '';
    const collect = (chunk: Buffer): void => void (output += chunk.toString());
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, output }));
  });
}
