#!/usr/bin/env node
// The command line: picks the command, prints, and sets the exit code.

// First, so that what scenarios import finds the ambient layer in place.
import './first.ts';

import { parseArgs } from 'node:util';
import {
  EnvironmentError,
  EscapeError,
  RegressionsError,
  OptionError,
  ReportError,
  TokenError,
  nearMiss,
} from '../errors.ts';
import type { Command, OptionTable, Words } from './command.ts';
import { COMMANDS } from './commands.ts';
import { ExitCode, UsageError } from './exit-code.ts';
import { createOutput } from './output.ts';
import { ownFile } from '../own-package.ts';

const USAGE = `wavetank: deterministic simulation testing for TypeScript services

${Object.values(COMMANDS)
  .map(({ help }) => help)
  .join('')}\
  wavetank --help | --version

Exit codes: 0 passed, 1 counterexample or surviving alteration, 2 usage or set-up, 3 stale or diverged replay,
70 internal error, 130 interrupted.
`;

const OPTIONS: OptionTable = {
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
  ...Object.assign({}, ...Object.values(COMMANDS).map(({ options }) => options)),
};

/** Options whose value is joined by `=`, or is left out. */
const VALUE_OPTIONAL: ReadonlySet<string> = new Set(['--inspect']);

/** Runs the command line. @returns the exit code. */
async function main(argv: readonly string[]): Promise<number> {
  const output = createOutput(process.stdout, process.env);
  try {
    const { words, positionals } = parsed(argv);
    if (words.help === true) {
      output.print(USAGE);
      return ExitCode.passed;
    }
    const wavetank = await version();
    if (words.version === true) {
      output.print(`${wavetank}\n`);
      return ExitCode.passed;
    }
    const [name, ...rest] = positionals;
    const command = commandOf(name, words);
    const run = await command.load();
    return await run(rest, words, { env: process.env, versions: { wavetank }, output });
  } catch (error) {
    if (!isMistake(error)) {
      process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
      return ExitCode.internal;
    }
    process.stderr.write(`${error.name}: ${error.message}\n\n${error instanceof UsageError ? USAGE : ''}`);
    return ExitCode.usage;
  }
}

/** @throws {UsageError} If there is no such command, or it does not take one of the options. */
function commandOf(name: string | undefined, words: Words): Command {
  if (name === undefined) throw new UsageError('Expected a command.');
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) {
    throw new UsageError(`Unknown command "${name}"${nearMiss(name, Object.keys(COMMANDS))}`);
  }
  for (const option of Object.keys(words)) {
    if (option in command.options) continue;
    const takers = Object.entries(COMMANDS).filter(([, { options }]) => option in options);
    const list = takers.map(([taker]) => `\`wavetank ${taker}\``).join(', ');
    throw new UsageError(`--${option} is no option of \`wavetank ${name}\`, but of ${list}.`);
  }
  return command;
}

/** What its user can mend; anything else is a fault of our own, and shows its stack. */
function isMistake(error: unknown): error is Error {
  return [
    UsageError,
    OptionError,
    TokenError,
    RegressionsError,
    ReportError,
    EnvironmentError,
    EscapeError,
  ].some((kind) => error instanceof kind);
}

function parsed(argv: readonly string[]): { words: Words; positionals: readonly string[] } {
  try {
    const args = argv.map((word) => (VALUE_OPTIONAL.has(word) ? `${word}=` : word));
    const { values, positionals } = parseArgs({ args, allowPositionals: true, options: OPTIONS });
    return { words: { ...values } as Words, positionals };
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

async function version(): Promise<string> {
  const { readFile } = await import('node:fs/promises');
  return (JSON.parse(await readFile(ownFile('package.json'), 'utf8')) as { version: string }).version;
}

process.exitCode = await main(process.argv.slice(2));
