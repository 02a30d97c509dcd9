// Runs the shell commands of recipes as a service would: in a folder of a job, with the variables that it
// sets.

import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { builtMain, builtWavetank } from '../built.ts';
import { root } from '../runner.ts';
import { snippetsOf } from './markdown.ts';

/** The runs that recipes ask for, and those that a test makes. */
const ASKED = /--runs 1\d*0000\b/;
const MADE = '--runs 220 --workers 0';

const BIN = 'node_modules/.bin';

/** A scenario that fails in a run now and then. */
const SCENARIO = `
import { defineScenario, handler, swarm } from ${JSON.stringify(builtWavetank)};
export default defineScenario({
  name: 'asking',
  hosts: { server: handler(() => () => new Response('hello')) },
  faults: swarm({ drop: true }),
  async drive(world) {
    await world.client('guest', async (client) => {
      const ask = () => fetch('http://server/', { signal: AbortSignal.timeout(500) });
      for (let i = 0; i < 2; i++) await client.operation('ask', i, ask).catch(() => {});
    });
  },
  always: { 'answers': (world) => world.history.every(({ type }) => type === 'ok' || type === 'pending') },
});`;

/** The recipe below a heading of the guide: the documents of its YAML. */
export function recipeOf(heading: string): readonly unknown[] {
  const path = 'docs/guide/many-machines.md';
  const text = readFileSync(join(root, path), 'utf8');
  const line = text.slice(0, text.indexOf(`\n${heading}\n`) + 1).split('\n').length;
  const snippet = snippetsOf({ path, text }).find((each) => each.language === 'yaml' && each.line > line);
  if (snippet === undefined) throw new Error(`There is no recipe below ${heading}.`);
  return parseAllDocuments(snippet.code).map((document): unknown => {
    if (document.errors[0] !== undefined) throw document.errors[0];
    return document.toJS();
  });
}

/** A folder as a job has it when the code was checked out, with `npx wavetank` and `npm ci`. */
export function checkedOut(folder: string): void {
  const bin = join(folder, BIN);
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(folder, 'asking.sim.ts'), SCENARIO);
  const program = `exec '${process.execPath}' '${builtMain}' "$@"`;
  const programs = {
    wavetank: program,
    npx: `[ "$1" = wavetank ] || exit 64\nshift\n${program}`,
    npm: '[ "$*" = ci ] || exit 64',
  };
  for (const [name, script] of Object.entries(programs)) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, name), 0o755);
  }
}

/** What a job came to. */
export interface Job {
  readonly code: number | null;
  readonly output: string;
}

const living = new Set<ChildProcess>();

/** Kills all jobs that have not ended. */
export function killJobs(): void {
  for (const child of living) child.kill('SIGKILL');
}

/** Starts commands, one after another until one fails, as services do. */
export function job(
  folder: string,
  commands: readonly string[],
  env: Readonly<Record<string, string>> = {},
): { readonly ended: Promise<Job>; readonly end: () => void; readonly kill: () => void } {
  const script = commands.map((command) => command.replace(ASKED, MADE)).join('\n');
  const path = `${join(folder, BIN)}${delimiter}${process.env.PATH}`;
  const own = { PATH: path, HOME: folder, TMPDIR: process.env.TMPDIR ?? '', WAVETANK_REGRESSIONS: 'off' };
  const child = spawn('sh', ['-e', '-c', script], { cwd: folder, env: { ...own, ...env } });
  living.add(child);
  let output = '';
  child.stdout.on('data', (text: Buffer) => (output += text.toString()));
  child.stderr.on('data', (text: Buffer) => (output += text.toString()));
  const ended = new Promise<Job>((resolve) =>
    child.on('close', (code) => {
      living.delete(child);
      resolve({ code, output });
    }),
  );
  return { ended, end: () => void child.kill('SIGTERM'), kill: () => void child.kill('SIGKILL') };
}
