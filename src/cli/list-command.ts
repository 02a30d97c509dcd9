// `wavetank list`: which scenarios there are, what each takes on, and what came of it last.

import { existsSync } from 'node:fs';
import { readRegressions, regressionsFile } from '../explore/memory/regressions.ts';
import type { PastExploration } from '../report/document.ts';
import type { Output } from '../report/reporters/reporter.ts';
import { riskOf, riskText, type Risk } from '../scenario/risk.ts';
import { visibleText } from '../report/visible-text.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { Words } from './command.ts';
import { ExitCode } from './exit-code.ts';
import { listTable } from './list-table.ts';
import { findScenarioFiles, loadScenarios } from './load-scenarios.ts';
import { readPast } from './past-explorations.ts';
import { REPORT_FOLDER } from './reporter-words.ts';
import type { Surroundings } from './reporting.ts';
import { Selection } from './select-scenarios.ts';

/** A scenario in a list. */
export interface ListedScenario extends Risk {
  readonly file: string;
  readonly line?: number;
  readonly name: string;
  readonly tags: readonly string[];
  readonly hosts: readonly string[];
  /** What its last exploration here came to; absent where there was none. */
  readonly last?: PastExploration;
  /** How many counterexamples are kept beside its file; absent where no file of them can be read. */
  readonly counterexamples?: number;
}

/** A file that cannot be loaded. */
export interface ListedError {
  readonly file: string;
  readonly error: string;
}

/** Lists the scenarios of the files. @returns the exit code: 2 if a file cannot be loaded. */
export async function listCommand(
  positionals: readonly string[],
  words: Words,
  { output }: Pick<Surroundings, 'output'>,
): Promise<number> {
  const selection = new Selection(words);
  const past = await readPast(REPORT_FOLDER);
  const listed: (ListedScenario | ListedError)[] = [];
  for (const file of await findScenarioFiles(positionals)) {
    try {
      for (const scenario of selection.of(await loadScenarios(file))) {
        listed.push(listedScenario(scenario, file, past.get(scenario.name)?.at(-1)));
      }
    } catch (error) {
      listed.push({ file, error: error instanceof Error ? error.message : String(error) });
    }
  }
  const isWhole = listed.every((each) => !('error' in each));
  if (isWhole) selection.check();
  print(listed, words.json === true, output);
  return isWhole ? ExitCode.passed : ExitCode.usage;
}

function listedScenario(scenario: Scenario, file: string, last: PastExploration | undefined): ListedScenario {
  const { name, tags, hosts, faults, line } = scenario;
  const counterexamples = kept(scenario);
  return {
    file,
    ...(line === undefined ? {} : { line }),
    ...{ name, tags, hosts: [...hosts.keys()], ...riskOf(faults) },
    ...(last === undefined ? {} : { last }),
    ...(counterexamples === undefined ? {} : { counterexamples }),
  };
}

/** How many are kept of a scenario; undefined where there are none, or nobody can read them. */
function kept(scenario: Scenario): number | undefined {
  const path = regressionsFile(scenario);
  if (path === undefined || !existsSync(path)) return undefined;
  try {
    return readRegressions(path, false).entries.filter((entry) => entry.scenario === scenario.name).length;
  } catch {
    return undefined;
  }
}

function print(listed: readonly (ListedScenario | ListedError)[], isJson: boolean, output: Output): void {
  if (isJson) {
    for (const each of listed) output.print(`${JSON.stringify(each)}\n`);
    return;
  }
  for (const [file, ofFile] of grouped(listed)) {
    output.print(`${output.bold(visibleText(file))}\n`);
    for (const each of ofFile) {
      if ('error' in each) output.print(`${output.red(errorText(each))}\n`);
      else output.print(`${listTable(cellsOf(each), output).join('\n')}\n`);
    }
  }
}

function grouped(listed: readonly (ListedScenario | ListedError)[]): Map<string, typeof listed> {
  const files = new Map<string, (ListedScenario | ListedError)[]>();
  for (const each of listed) files.set(each.file, [...(files.get(each.file) ?? []), each]);
  return files;
}

/** The first lines of it: where, and what. */
function errorText({ error }: ListedError): string {
  const lines = error.split('\n').filter((line) => !/^\s+at /.test(line) && line.trim() !== '');
  return lines
    .slice(0, 4)
    .map((line) => `  ${visibleText(line)}`)
    .join('\n');
}

/** The cells of a row: name and tags, hosts, risk, last result. */
function cellsOf(scenario: ListedScenario): [string[], string[], string[], string[]] {
  const { name, tags, hosts, last, counterexamples = 0 } = scenario;
  const held = `${counterexamples} counterexample${counterexamples === 1 ? '' : 's'} kept`;
  return [
    [name, ...tags.map((tag) => `#${tag}`)],
    [...hosts],
    [riskText(scenario)],
    [...(last === undefined ? ['not explored'] : lastLines(last)), ...(counterexamples === 0 ? [] : [held])],
  ];
}

function lastLines({ at, runs, failures }: PastExploration): string[] {
  return [`${failures > 0 ? 'failed' : 'passed'}, ${runs} run${runs === 1 ? '' : 's'}`, at.slice(0, 10)];
}
