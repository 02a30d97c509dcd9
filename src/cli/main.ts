#!/usr/bin/env node
// The command line: picks the command, prints, and sets the exit code.

// First, so that what scenarios import finds the ambient layer in place.
import './first.ts';

import { parseArgs } from 'node:util';
import { EnvironmentError, EscapeError, OptionError, ReportError, TokenError } from '../errors.ts';
import { exploreCommand } from './explore-command.ts';
import { ExitCode, UsageError } from './exit-code.ts';
import { reportOptionsOf } from './mask-words.ts';
import { mutateCommand } from './mutate-command.ts';
import { createOutput } from './output.ts';
import type { Output } from '../report/reporters/reporter.ts';
import { replayCommand } from './replay-command.ts';
import { reportCommand } from './report-command.ts';
import { chosenReporters } from './reporter-words.ts';

const USAGE = `wavetank: deterministic simulation testing for TypeScript services

  wavetank explore [FILE ...]      explores the scenarios of *.sim.ts files (default: all below this folder)
      --runs N                     runs for each scenario (default 100, or as many as --time allows)
      --time 10s                   real time for each scenario: 500ms, 10s, 2m
      --seed S                     base seed, 0 to 4294967295 (default 1; in CI, of the commit)
                                   WAVETANK_RUNS and WAVETANK_SEED are heeded where these are not given
      --reporter NAME[:FILE],...   default, dot, agent, github, json, junit, html, blob, otlp, chrome-trace;
                                   a FILE of - prints
      --mask NAME, --unmask NAME   masks what stands under NAME (or /PATTERN/) as a secret; shows it
      --no-mask                    shows secrets
  wavetank replay FILE TOKEN       makes exactly one run again
      --reporter, --mask, ...      as above
      --otlp FILE, --chrome-trace FILE   writes the run for OpenTelemetry's tools, for ui.perfetto.dev
  wavetank report FILE ...         makes reports of stored reports (json, blob); --reporter as above
  wavetank mutate [FILE ...]       alters runs that pass, and lists the alterations that no check noticed
      --runs N                     altered runs for each scenario (default 300, or as many as --time allows)
      --time 10s, --seed S         as above
      --accept TEXT                a survivor that is as it should be: part of what is said of it
      --json                       prints the reports as JSON, one line for each scenario
  wavetank mutate FILE --only TOKEN   makes one altered run again
  wavetank --help | --version

Exit codes: 0 passed, 1 counterexample or surviving alteration, 2 usage or set-up, 3 stale or diverged replay,
70 internal error, 130 interrupted.
`;

/** Runs the command line. @returns the exit code. */
async function main(argv: readonly string[]): Promise<number> {
  const output = createOutput(process.stdout, process.env);
  try {
    const { values, positionals } = parse(argv);
    if (values.help === true) {
      output.print(USAGE);
      return ExitCode.passed;
    }
    if (values.version === true) {
      output.print(`${await version()}\n`);
      return ExitCode.passed;
    }
    const [command, ...rest] = positionals;
    return await run(command, rest, { values, output });
  } catch (error) {
    if (!isMistake(error)) {
      process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
      return ExitCode.internal;
    }
    process.stderr.write(`${error.name}: ${error.message}\n\n${error instanceof UsageError ? USAGE : ''}`);
    return ExitCode.usage;
  }
}

async function run(
  command: string | undefined,
  rest: readonly string[],
  { values, output }: { values: ReturnType<typeof parseKnown>['values']; output: Output },
): Promise<number> {
  const { runs, time, seed, reporter, otlp, 'chrome-trace': chromeTrace, ...others } = values;
  const { mask, unmask, 'no-mask': noMask, ...mutating } = others;
  if (command !== 'replay' && (otlp !== undefined || chromeTrace !== undefined))
    throw new UsageError('--otlp and --chrome-trace are options of `wavetank replay`.');
  const report = reportOptionsOf({ mask, unmask, 'no-mask': noMask });
  if (Object.keys(report).length > 0 && command !== 'explore' && command !== 'replay') {
    throw new UsageError('--mask, --unmask and --no-mask are options of `wavetank explore` and `replay`.');
  }
  if (command === 'mutate') {
    if (reporter !== undefined) throw new UsageError('--reporter is no option of `wavetank mutate`.');
    const { only, json, accept } = mutating;
    return mutateCommand(rest, { runs, time, seed, only, json, accept }, output);
  }
  refuseOthers(mutating);
  const chosen = chosenReporters(reporter, process.env);
  const surroundings = { env: process.env, versions: { wavetank: await version() }, output };
  if (command === 'explore') {
    return exploreCommand(rest, { numbers: { runs, time, seed }, chosen, report }, surroundings);
  }
  if (command === 'replay') {
    const traces = { otlp, 'chrome-trace': chromeTrace };
    return replayCommand(rest, { chosen, report, traces }, surroundings);
  }
  if (command === 'report') return reportCommand(rest, chosen, surroundings);
  throw new UsageError(command === undefined ? 'Expected a command.' : `Unknown command "${command}".`);
}

/** @throws {UsageError} For an option that only `mutate` has. */
function refuseOthers({ only, json, accept }: Record<string, unknown>): void {
  for (const [name, value] of Object.entries({ only, json, accept })) {
    if (value !== undefined) throw new UsageError(`--${name} is an option of \`wavetank mutate\`.`);
  }
}

/** What its user can mend; anything else is a fault of our own, and shows its stack. */
function isMistake(error: unknown): error is Error {
  return [UsageError, OptionError, TokenError, ReportError, EnvironmentError, EscapeError].some(
    (kind) => error instanceof kind,
  );
}

function parse(argv: readonly string[]): ReturnType<typeof parseKnown> {
  try {
    return parseKnown(argv);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function parseKnown(argv: readonly string[]) {
  return parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      help: { type: 'boolean', short: 'h' },
      version: { type: 'boolean' },
      runs: { type: 'string' },
      time: { type: 'string' },
      seed: { type: 'string' },
      reporter: { type: 'string', multiple: true },
      mask: { type: 'string', multiple: true },
      unmask: { type: 'string', multiple: true },
      'no-mask': { type: 'boolean' },
      only: { type: 'string' },
      otlp: { type: 'string' },
      'chrome-trace': { type: 'string' },
      json: { type: 'boolean' },
      accept: { type: 'string', multiple: true },
    },
  });
}

async function version(): Promise<string> {
  const { readFile } = await import('node:fs/promises');
  // From `src/cli` and from `dist/cli` alike.
  const file = new URL('../../package.json', import.meta.url);
  return (JSON.parse(await readFile(file, 'utf8')) as { version: string }).version;
}

process.exitCode = await main(process.argv.slice(2));
