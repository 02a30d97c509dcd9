// Runs the command line as a process of its own, in temporary folders, for the tests of what it does.

import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after } from 'node:test';
import { builtMain, builtWavetank } from '../built.ts';

const parent = mkdtempSync(join(tmpdir(), 'wavetank-cli-'));
after(() => rmSync(parent, { recursive: true, force: true }));

/** What `wavetank` is to scenario files there. */
export const wavetank: string = builtWavetank;

/** A process that has ended. */
export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder with files in it. */
export function folderWith(files: Record<string, string>): string {
  const folder = mkdtempSync(join(parent, 'case-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

interface Options {
  readonly env?: Record<string, string>;
  readonly onOutput?: (text: string, interrupt: () => void) => void;
}

/** What starts it: a command and its arguments. */
export function wordsOf(words: readonly string[]): [command: string, parameters: string[]] {
  return [process.execPath, [builtMain, ...words]];
}

/** Runs it to its end. */
export function run(
  cwd: string,
  words: readonly string[],
  { env = {}, onOutput }: Options = {},
): Promise<Finished> {
  const [command, parameters] = wordsOf(words);
  // Nothing of the test runner's own environment: it would take the output for that of a test. And nothing of
  // the machine that runs the tests: annotations would be for it.
  const { NODE_TEST_CONTEXT: _, FORCE_COLOR: __, GITHUB_ACTIONS: ___, ...rest } = process.env;
  return new Promise((resolve, reject) => {
    const child = spawn(command, parameters, { cwd, env: { ...rest, ...env } });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      onOutput?.(stdout, () => void child.kill('SIGINT'));
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}
