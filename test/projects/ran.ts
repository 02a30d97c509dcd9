// Runs a command in one of the installed projects, and gives what it printed.

import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { ownEnvironment, root } from '../runner.ts';

/** What a command did. */
export interface Ran {
  readonly code: number | null;
  /** Both outputs, without colours. */
  readonly output: string;
}

const folder = process.env['WAVETANK_PROJECTS'];

/** Runs a command line in a project; `env` is added to an environment without a seed and without CI. */
export function ran(project: string, line: string, env: Record<string, string> = {}): Promise<Ran> {
  if (folder === undefined) throw new Error('WAVETANK_PROJECTS is not set: run `npm run test:projects`');
  const { NODE_TEST_CONTEXT: _, FORCE_COLOR: __, NODE_OPTIONS: ___, ...rest } = ownEnvironment();
  const path = [join(folder, 'node_modules/.bin'), join(root, 'node_modules/.bin'), rest['PATH']];
  const child = spawn(line, {
    cwd: join(folder, project),
    // What one test finds is no known counterexample to the next.
    env: { ...rest, PATH: path.join(delimiter), NO_COLOR: '1', WAVETANK_REGRESSIONS: 'off', ...env },
    shell: true,
  });
  return new Promise((resolve, reject) => {
    let output = '';
    const collect = (text: string): void => void (output += text);
    child.stdout.setEncoding('utf8').on('data', collect);
    child.stderr.setEncoding('utf8').on('data', collect);
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });
}

/** The command that replays a failure, in what was printed. */
export function replayLineIn(output: string): string {
  return /^\s*replay: (npx wavetank replay \S+ wt1:\S+)$/m.exec(output)?.[1] ?? '';
}
